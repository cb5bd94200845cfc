import Conversation

extension SessionState {
    /// Sends what is in the composer, or does what its slash command says.
    mutating func send() -> [SessionEffect] {
        if case .correction(let answer) = editing { return keepCorrection(of: answer) }
        if composer.isBlank {
            if case .offering = engine { return acceptOffer() }
            return []
        }
        if editing == nil, let effects = performSlashCommand() { return effects }
        guard !composer.isWaiting, recording?.isFinishing != true else {
            let what = composer.isWaiting ? "attachment" : "recording"
            notice = Notice(.information, "The \(what) is not ready yet.")
            return []
        }
        guard !isOpenElsewhere else { return refuseElsewhere() }
        if editing != nil, reply != nil { return refuseWhileAnswering() }
        var branches: [SessionEffect] = []
        if case .question(let old) = editing {
            conversation.goBack(before: old)
            branches = [.listVariants(conversation.id)]
        }
        return post(composerParts, words: composer.text.trimmingBlanks) + branches
    }

    /// Says what is written, and empties the composer.
    mutating func post(_ parts: [Part], words: String) -> [SessionEffect] {
        let question = Message(role: .user, parts: parts, createdAt: now.date, outcome: .queued)
        conversation.messages.append(question)
        if conversation.title.isEmpty { conversation.title = conversation.suggestedTitle }
        if !words.isEmpty, sentTexts.last != words { sentTexts.append(words) }
        recalledText = nil
        composer.clear()
        stopEditing()
        notice = nil
        scroll = .following
        let started = sendNext()
        return started.isEmpty ? [save(at: conversation.messages.count - 1)] + lookAgain() : started
    }

    /// Begins the reply to the oldest message that waits, when an engine is ready and none is under way.
    mutating func sendNext() -> [SessionEffect] {
        guard reply == nil, !isOpenElsewhere, case .ready = engine,
            let place = conversation.messages.firstIndex(where: { $0.role == .user && $0.outcome == .queued })
        else { return [] }
        return beginReply(to: place)
    }

    /// Begins the reply to a question.
    mutating func beginReply(to place: Int) -> [SessionEffect] {
        guard case .ready(let profile, _) = engine else { return [] }
        conversation.messages[place].outcome = .complete
        let question = conversation.messages[place]
        lastTurn += 1
        let answer = Message(
            role: .assistant, parts: [], createdAt: now.date, outcome: .streaming, engine: profile.name,
            model: model?.id)
        conversation.messages.insert(answer, at: place + 1)
        reply = ReplyInProgress(
            turn: lastTurn, messageID: answer.id, questionID: question.id, engine: EngineID(profile),
            startedAt: now.uptime, phase: .preparing)
        lastCheckpoint = now.uptime
        // What waits behind the new answer has moved.
        let saved = (place..<conversation.messages.count).map(save(at:))
        return saved + prepareOrAsk()
    }

    /// Makes the attachments of the question and of those before it ready, and then asks.
    mutating func prepareOrAsk() -> [SessionEffect] {
        guard let reply, let place = conversation.messages.lastIndex(where: { $0.id == reply.questionID }) else {
            return []
        }
        if let order = summaryOrder(for: place, turn: reply.turn) { return begin(order) }
        self.reply?.phase = .preparing
        let attachments = conversation.messages[...place].flatMap(\.attachments)
        guard !attachments.isEmpty else { return ask(turn: reply.turn, attachments: []) }
        return [
            .prepare(
                turn: reply.turn, attachments: attachments, question: conversation.messages[place].text, model: model,
                excerpts: conversation.excerpts(for: place))
        ]
    }

    /// Makes the attachments ready once more, for another engine; what was made ready for the old one is not awaited.
    mutating func prepareAgain() -> [SessionEffect] {
        lastTurn += 1
        reply?.turn = lastTurn
        return prepareOrAsk()
    }

    /// Asks the engine, now that the attachments are as it can take them.
    mutating func ask(turn: Int, attachments: [Attachment]) -> [SessionEffect] {
        guard var reply, reply.turn == turn, reply.phase == .preparing, case .ready(let profile, let name) = engine
        else { return [] }
        let changed = replace(attachments, newIn: reply.questionID)
        reply.phase = .waiting
        reply.engine = EngineID(profile)
        self.reply = reply
        if let place = answerPlace(turn) {
            conversation.messages[place].engine = profile.name
            conversation.messages[place].model = name
        }
        var request = request(upTo: reply.questionID, in: conversation)
        request.continuing = reply.continuing
        let saved = changed.map(save(at:))
        if let problem = shorten(&request) {
            self.reply?.isShortened = true
            return saved + fail(ReplyFailure(.contextTooLong(needed: nil, limit: nil), problem), turn: turn)
        }
        self.reply?.estimate = TokenEstimate(model: name).count(request).total
        return saved + [.ask(ReplyOrder(turn: turn, request: request, engine: profile))]
    }

    /// Puts changed attachments into the messages that have them, and new ones into a question.
    ///
    /// - Returns: The indices of the messages that changed.
    mutating func replace(_ attachments: [Attachment], newIn question: Message.ID) -> [Int] {
        guard !attachments.isEmpty else { return [] }
        let changed = Dictionary(attachments.map { ($0.id, $0) }) { $1 }
        let known = Set(conversation.messages.flatMap(\.attachments).map(\.id))
        let new = attachments.filter { !known.contains($0.id) }
        var places: [Int] = []
        if !new.isEmpty, let place = conversation.messages.firstIndex(where: { $0.id == question }) {
            conversation.messages[place].parts.insert(contentsOf: new.map { .attachment($0) }, at: 0)
            places.append(place)
        }
        for place in conversation.messages.indices where conversation.messages[place].role == .user {
            let old = conversation.messages[place].parts
            let new = old.map { part -> Part in
                guard case .attachment(let attachment) = part else { return part }
                return .attachment(changed[attachment.id] ?? attachment)
            }
            guard new != old else { continue }
            conversation.messages[place].parts = new
            if !places.contains(place) { places.append(place) }
        }
        return places
    }

    /// The request that asks a question of a conversation.
    func request(upTo questionID: Message.ID, in conversation: Conversation) -> ChatRequest {
        var takesVideo = false
        if case .ready(let profile, _) = engine, let model { takesVideo = profile.takesVideo(model) }
        return ChatRequest(
            model: model?.id, system: settings.system, messages: conversation.exchange(upTo: questionID),
            thinking: isThinkingOn, sendsPictures: model?.vision != false, sendsVideo: takesVideo,
            maxTokens: settings.maxTokens, temperature: settings.temperature,
            thinkingBudget: isThinkingOn ? settings.thinkingBudget : nil)
    }

    // MARK: - Taking back

    /// Puts the newest message that still waits back into the composer.
    mutating func takeBackQueued() -> [SessionEffect] {
        // What waits in a chat that is open elsewhere is the other's.
        guard composer.isEmpty, !isOpenElsewhere,
            let place = conversation.messages.lastIndex(where: { $0.outcome == .queued })
        else { return [] }
        let question = conversation.messages.remove(at: place)
        composer = Composer(question.parts)
        return [.forget(question.id, in: conversation.id)]
    }

    /// A question that waited when its program ended is asked by nobody any more: puts it back into the composer.
    mutating func takeBackInterrupted() -> [SessionEffect] {
        guard composer.isEmpty, let question = conversation.messages.last, question.role == .user,
            question.outcome == .interrupted
        else { return [] }
        conversation.messages.removeLast()
        composer = Composer(question.parts)
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
        composer.takeWordsAway()
        guard !argument.isEmpty else { return handle(.command(command), at: now) }
        switch command {
        case .attach:
            return [.attach(path: argument, ticket: keepPlace())]
        case .summarize: return summarize(argument)
        case .crop: return cropLastPicture(argument)
        case .chooseModel: return chooseModel(named: argument)
        case .chooseTheme: return [.keepTheme(argument)]
        case .find:
            openFind()
            if find != nil { look(for: argument) }
            return []
        case .chooseEngine: return chooseEngine(named: argument)
        default: return handle(.command(command), at: now)
        }
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
