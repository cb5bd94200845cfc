import Conversation

extension SessionState {
    /// Sends what is in the composer, or does what its slash command says.
    mutating func send() -> [SessionEffect] {
        if composer.isBlank {
            if case .offering = engine { return acceptOffer() }
            return []
        }
        if let effects = performSlashCommand() { return effects }
        guard pendingAttachments == 0, recording?.isFinishing != true else {
            let what = pendingAttachments == 0 ? "recording" : "picture"
            notice = Notice(.information, "The \(what) is not ready yet.")
            return []
        }
        let words = composer.text.trimmingBlanks
        var parts = composer.attachments.map { Part.attachment($0) }
        if !words.isEmpty { parts.append(.text(words)) }
        let question = Message(role: .user, parts: parts, createdAt: now.date, outcome: .queued)
        conversation.messages.append(question)
        if conversation.title.isEmpty { conversation.title = conversation.suggestedTitle }
        if !words.isEmpty, sentTexts.last != words { sentTexts.append(words) }
        recalledText = nil
        composer.clear()
        notice = nil
        scroll = .following
        let started = sendNext()
        return started.isEmpty ? [save(at: conversation.messages.count - 1)] + lookAgain() : started
    }

    /// A message that finds no engine makes the program look once more.
    private mutating func lookAgain() -> [SessionEffect] {
        guard case .unavailable = engine else { return [] }
        engine = .searching
        return [.findEngine]
    }

    /// Begins the reply to the oldest message that waits, when an engine is ready and none is under way.
    mutating func sendNext() -> [SessionEffect] {
        guard reply == nil, case .ready(let profile, _) = engine,
            let place = conversation.messages.firstIndex(where: { $0.role == .user && $0.outcome == .queued })
        else { return [] }
        conversation.messages[place].outcome = .complete
        let question = conversation.messages[place]
        lastTurn += 1
        let answer = Message(
            role: .assistant, parts: [], createdAt: now.date, outcome: .streaming, engine: profile.name,
            model: model?.id)
        conversation.messages.insert(answer, at: place + 1)
        reply = ReplyInProgress(
            turn: lastTurn, messageID: answer.id, questionID: question.id, startedAt: now.uptime, phase: .preparing,
            pieces: 0)
        lastCheckpoint = now.uptime
        let attachments = conversation.messages[...place].flatMap(\.attachments)
        // What waits behind the new answer has moved.
        let saved = (place..<conversation.messages.count).map(save(at:))
        guard !attachments.isEmpty else { return saved + ask(turn: lastTurn, attachments: []) }
        return saved + [.prepare(turn: lastTurn, attachments: attachments, model: model)]
    }

    /// Asks the engine, now that the attachments are as it can take them.
    mutating func ask(turn: Int, attachments: [Attachment]) -> [SessionEffect] {
        guard var reply, reply.turn == turn, reply.phase == .preparing else { return [] }
        let changed = replace(attachments)
        reply.phase = .waiting
        self.reply = reply
        return changed.map(save(at:)) + [.ask(turn: turn, request(upTo: reply.questionID))]
    }

    /// Puts changed attachments into the messages that have them.
    ///
    /// - Returns: The indices of the messages that changed.
    private mutating func replace(_ attachments: [Attachment]) -> [Int] {
        guard !attachments.isEmpty else { return [] }
        let changed = Dictionary(attachments.map { ($0.id, $0) }) { $1 }
        var places: [Int] = []
        for place in conversation.messages.indices where conversation.messages[place].role == .user {
            let old = conversation.messages[place].parts
            let new = old.map { part -> Part in
                guard case .attachment(let attachment) = part else { return part }
                return .attachment(changed[attachment.id] ?? attachment)
            }
            guard new != old else { continue }
            conversation.messages[place].parts = new
            places.append(place)
        }
        return places
    }

    private func request(upTo questionID: Message.ID) -> ChatRequest {
        var takesVideo = false
        if case .ready(let profile, _) = engine, let model { takesVideo = profile.takesVideo(model) }
        return ChatRequest(
            model: model?.id, system: settings.system, messages: conversation.exchange(upTo: questionID),
            thinking: isThinkingOn, sendsPictures: model?.vision != false, sendsVideo: takesVideo,
            maxTokens: settings.maxTokens, temperature: settings.temperature)
    }

    // MARK: - Taking back

    /// Puts the newest message that still waits back into the composer.
    mutating func takeBackQueued() -> [SessionEffect] {
        guard composer.isEmpty, let place = conversation.messages.lastIndex(where: { $0.outcome == .queued }) else {
            return []
        }
        let question = conversation.messages.remove(at: place)
        composer.replace(with: question.text)
        composer.attachments = question.attachments
        return [.forget(question.id, in: conversation.id)]
    }

    /// A question that waited when its program ended is asked by nobody any more: puts it back into the composer.
    mutating func takeBackInterrupted() -> [SessionEffect] {
        guard composer.isEmpty, let question = conversation.messages.last, question.role == .user,
            question.outcome == .interrupted
        else { return [] }
        conversation.messages.removeLast()
        composer.replace(with: question.text)
        composer.attachments = question.attachments
        return [.forget(question.id, in: conversation.id), .saveDraft]
    }

    // MARK: - Slash commands

    private mutating func performSlashCommand() -> [SessionEffect]? {
        let words = composer.text.trimmingBlanks
        guard composer.text.hasPrefix("/"), let word = words.dropFirst().split(whereSeparator: \.isWhitespace).first,
            !word.contains("/")
        else { return nil }
        guard let command = Command(slash: word) else {
            notice = Notice(
                .problem, "There is no command /\(word); /help lists them. A blank before it sends it as text.")
            return []
        }
        let argument = String(words.dropFirst(1 + word.count)).trimmingBlanks
        composer.replace(with: "")
        if command == .attach, !argument.isEmpty {
            pendingAttachments += 1
            return [.attach(path: argument)]
        }
        return handle(.command(command), at: now)
    }

    // MARK: - The offer

    private mutating func acceptOffer() -> [SessionEffect] {
        engine = .preparing(step: "Fetching the model", fraction: nil)
        return [.acceptOffer]
    }

    /// Takes the small model instead of the one that was offered.
    mutating func declineOffer() -> [SessionEffect] {
        engine = .preparing(step: "Starting the engine", fraction: nil)
        return [.declineOffer]
    }
}
