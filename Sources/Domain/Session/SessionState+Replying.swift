import Conversation

extension SessionState {
    /// Adds a piece of the reply.
    mutating func receive(_ delta: ReplyDelta, turn: Int) -> [SessionEffect] {
        guard let place = answerPlace(turn) else { return [] }
        switch delta {
        case .prefill(let done, let total):
            if reply?.phase != .streaming { reply?.phase = .prefill(done: done, total: total) }
            return []
        case .retrying(let attempt, let pause, let reason):
            reply?.phase = .retrying(attempt: attempt, at: now.uptime + pause, because: reason)
            return []
        case .reasoning, .answer:
            reply?.phase = .streaming
            reply?.pieces += 1
        case .usage, .model, .finished:
            break
        }
        conversation.messages[place].append(delta, elapsed: elapsed)
        if case .finished(let reason) = delta { return finishReply(at: place, reason) }
        return checkpoint()
    }

    /// Stores the answer that is streamed, at most four times a second.
    mutating func checkpoint() -> [SessionEffect] {
        guard let reply, let place = answerPlace(reply.turn), now.uptime - lastCheckpoint >= 0.25 else { return [] }
        lastCheckpoint = now.uptime
        return [save(at: place)]
    }

    private mutating func finishReply(at place: Int, _ reason: FinishReason) -> [SessionEffect] {
        reply = nil
        let answer = conversation.messages[place]
        if reason == .filtered {
            notice = Notice(.problem, "The engine's filter ended the answer.")
        } else if reason == .length {
            notice = Notice(.problem, "The answer was cut: the engine reached its token limit.")
        } else if answer.text.isEmpty {
            notice = Notice(.problem, "The engine said nothing. Ask again, or switch thinking mode with Ctrl+T.")
        }
        return [save(at: place)] + sendNext()
    }

    /// Stops the reply, keeps what came, and goes on with what waits behind it.
    mutating func stopReply() -> [SessionEffect] { endReply() + sendNext() }

    /// Stops the reply and keeps what came; what waits goes on waiting.
    mutating func endReply() -> [SessionEffect] {
        guard let reply, let place = answerPlace(reply.turn) else { return [] }
        self.reply = nil
        conversation.messages[place].finish(.stopped, elapsed: now.uptime - reply.startedAt)
        let isEmpty = conversation.messages[place].parts.isEmpty
        return [.cancelReply(turn: reply.turn)] + (isEmpty ? giveBack(reply) : [save(at: place)])
    }

    // MARK: - Trouble

    /// Ends a reply that failed: keeps what came; when nothing came, gives the question back.
    mutating func fail(_ failure: ReplyFailure, turn: Int) -> [SessionEffect] {
        guard let reply, let place = answerPlace(turn) else { return [] }
        if failure.kind == .cannotSee, let effects = askBlind(reply, at: place) { return effects }
        self.reply = nil
        notice = Notice(.problem, failure.message)
        var effects: [SessionEffect]
        if conversation.messages[place].parts.isEmpty, composer.isEmpty {
            effects = giveBack(reply)
        } else {
            conversation.messages[place].finish(.failed(failure.message), elapsed: now.uptime - reply.startedAt)
            effects = [save(at: place)]
        }
        if failure.kind == .unreachable {
            engine = .searching
            return effects + [.findEngine]
        }
        effects += sendNext()
        return effects
    }

    /// An engine that turns out not to see gets the text of the pictures instead.
    private mutating func askBlind(_ reply: ReplyInProgress, at place: Int) -> [SessionEffect]? {
        guard case .ready(var profile, let name) = engine, model?.vision != false,
            conversation.messages[place].parts.isEmpty
        else { return nil }
        var blind = model ?? ModelProfile(id: name)
        blind.vision = false
        profile.models.removeAll { $0.id == name }
        profile.models.append(blind)
        engine = .ready(profile, model: name)
        self.reply?.phase = .preparing
        notice = Notice(.information, "\(name) cannot see: the text of the pictures is read and sent instead.")
        let attachments = conversation.messages[..<place].flatMap(\.attachments)
        return [.prepare(turn: reply.turn, attachments: attachments, model: blind)]
    }

    /// Puts a question that was not answered back into the composer, when nothing else is written there.
    private mutating func giveBack(_ reply: ReplyInProgress) -> [SessionEffect] {
        guard composer.isEmpty, let question = conversation.messages.first(where: { $0.id == reply.questionID }) else {
            return conversation.messages.lastIndex { $0.id == reply.messageID }.map { [save(at: $0)] } ?? []
        }
        let place = conversation.messages.firstIndex { $0.id == reply.questionID } ?? 0
        conversation.messages.removeAll { $0.id == reply.messageID || $0.id == reply.questionID }
        if conversation.messages.isEmpty { conversation.title = "" }
        composer.replace(with: question.text)
        composer.attachments = question.attachments
        // What waits behind the question has moved.
        let moved = (place..<conversation.messages.count).map(save(at:))
        return [
            .forget(reply.messageID, in: conversation.id), .forget(reply.questionID, in: conversation.id),
        ] + moved
    }

    // MARK: - Finding

    private var elapsed: Double { reply.map { now.uptime - $0.startedAt } ?? 0 }

    /// Where the answer of this turn is; nil when the turn is over.
    private func answerPlace(_ turn: Int) -> Int? {
        guard let reply, reply.turn == turn else { return nil }
        return conversation.messages.lastIndex { $0.id == reply.messageID }
    }
}
