import Conversation

/// Ending the thinking, and noticing that it leads nowhere.
extension SessionState {
    /// Whether the engine is thinking at this moment.
    var isReasoningStreaming: Bool {
        guard let reply, let message = conversation.messages.last(where: { $0.id == reply.messageID }) else {
            return false
        }
        return message.isThinking
    }

    /// Ends the thinking because the person wants the answer.
    mutating func answerNow() -> [SessionEffect] {
        guard let reply, isReasoningStreaming, reply.continuing?.endsThinking != true else {
            notice = Notice(.information, "There is no thinking to end at the moment.")
            return []
        }
        return cutThinking()
    }

    /// Ends the thinking when it has used up what the person allows it.
    mutating func checkThinkingBudget() -> [SessionEffect] {
        guard settings.thinkingBudget != nil || settings.thinkingSeconds != nil, let reply,
            reply.phase == .streaming, reply.continuing?.endsThinking != true
        else { return [] }
        let engine = currentEngine?.engine
        let isLimited = engine.map { $0.limitsThinking && EngineID($0) == reply.engine } ?? false
        let isOver = reply.thinking.isSpent(
            budget: settings.thinkingBudget, longest: settings.thinkingSeconds, after: thinkingSeconds(of: reply),
            isLimited: isLimited)
        guard isOver, isReasoningStreaming else { return [] }
        let effects = cutThinking()
        notice = Notice(.information, reply.thinking.notice)
        return effects
    }

    /// Asks for the answer in the same message, on the ground of the thoughts that there are.
    private mutating func cutThinking() -> [SessionEffect] {
        guard var reply, let place = answerPlace(reply.turn) else { return [] }
        let stop = SessionEffect.cancelReply(turn: reply.turn)
        lastTurn += 1
        reply.turn = lastTurn
        reply.continuing = conversation.messages[place].endThinking(
            at: reply.reasoningTokens, after: thinkingSeconds(of: reply))
        self.reply = reply
        return [stop, save(at: place)] + prepareOrAsk()
    }

    // MARK: - Repetition

    /// Tells when the reply goes round in circles, and stops it where the person has said so.
    mutating func watch(_ text: String) -> [SessionEffect] {
        guard reply?.watch.add(text) == true else { return [] }
        guard settings.stopsRepetition else {
            notice = Notice(.information, "The engine repeats itself: Esc stops it.")
            return []
        }
        let effects = stopReply()
        notice = Notice(.information, "The engine repeated itself and was stopped.")
        return effects
    }

    private func thinkingSeconds(of reply: ReplyInProgress) -> Double {
        let firstToken = conversation.messages.last { $0.id == reply.messageID }?.timing?.firstToken
        return max(0, now.uptime - reply.startedAt - (firstToken ?? 0))
    }
}

/// Looks out for a reply that goes round in circles; two of them are the same when they have found the same.
struct ReplyWatch: Sendable, Equatable {
    private var guardian = RepetitionGuard()

    /// Takes a piece of the reply; true once, when it is sure.
    mutating func add(_ text: String) -> Bool { guardian.add(text) != nil }

    static func == (left: ReplyWatch, right: ReplyWatch) -> Bool { left.guardian.loop == right.guardian.loop }
}

extension Message {
    /// Changes the thoughts, if there are any.
    mutating func changeReasoning(_ body: (inout Reasoning) -> Void) {
        for (place, part) in parts.enumerated() {
            guard case .reasoning(var reasoning) = part else { continue }
            body(&reasoning)
            parts[place] = .reasoning(reasoning)
            return
        }
    }
}
