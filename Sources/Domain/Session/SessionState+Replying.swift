import Conversation

extension SessionState {
    /// Adds a piece of the reply.
    mutating func receive(_ delta: ReplyDelta, turn: Int) -> [SessionEffect] {
        guard let place = answerPlace(turn) else { return [] }
        var text = ""
        switch delta {
        case .prefill(let done, let total):
            if reply?.phase != .streaming { reply?.phase = .prefill(done: done, total: total) }
            return []
        case .retrying(let attempt, let pause, let reason):
            reply?.phase = .retrying(attempt: attempt, at: now.uptime + pause, because: reason)
            return []
        case .reasoning(let piece):
            text = piece
            reply?.phase = .streaming
            reply?.pieces += 1
            reply?.thinking.add(piece)
        case .answer(let piece):
            text = piece
            reply?.phase = .streaming
            reply?.pieces += 1
        case .usage, .model, .finished:
            break
        }
        conversation.messages[place].append(delta, elapsed: elapsed)
        hasUnstoredPieces = true
        if case .finished(let reason) = delta { return finishReply(at: place, reason) }
        // Each part of a recording is watched by itself: much of what happens in it happens again.
        return (reply?.isSummary == true ? [] : watch(text)) + checkThinkingBudget()
    }

    /// A kill may cost a quarter of a second of an answer: much less than that is between two checkpoints, for pieces wait on
    /// their way here, and writing takes its time where a disk or a processor is wanted by others.
    static var checkpointSeconds: Double { 0.1 }

    /// Stores the answer that is streamed, at most ten times a second.
    mutating func checkpoint() -> [SessionEffect] {
        guard let due = checkpointTime, now.uptime >= due, let reply, let place = answerPlace(reply.turn) else {
            return []
        }
        lastCheckpoint = now.uptime
        hasUnstoredPieces = false
        return [save(at: place)]
    }

    private mutating func finishReply(at place: Int, _ reason: FinishReason) -> [SessionEffect] {
        reply = nil
        if reason == .stop { conversation.messages[place].foldAnswer() }
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

    // MARK: - Finding

    private var elapsed: Double { reply.map { now.uptime - $0.startedAt } ?? 0 }

    /// Where the answer of this turn is; nil when the turn is over.
    func answerPlace(_ turn: Int) -> Int? {
        guard let reply, reply.turn == turn else { return nil }
        return conversation.messages.lastIndex { $0.id == reply.messageID }
    }
}

extension Message {
    /// Takes out of a finished answer what is said twice.
    fileprivate mutating func foldAnswer() {
        let said = text
        let folded = AnswerMender.folded(said)
        guard folded != said, let first = parts.firstIndex(where: \.isText) else { return }
        parts[first] = .text(folded)
        parts = parts.enumerated().filter { $0.offset == first || !$0.element.isText }.map(\.element)
    }
}

extension Part {
    fileprivate var isText: Bool { if case .text = self { true } else { false } }
}
