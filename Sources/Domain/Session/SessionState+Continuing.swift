public import Conversation

/// Going on with an answer that did not come to its end.
extension SessionState {
    /// The newest answer, when it has not come to its end and nobody works at it.
    public var unfinishedAnswer: Message? {
        guard reply == nil, let answer = conversation.messages.last, answer.role == .assistant else { return nil }
        switch answer.outcome {
        case .failed, .stopped, .cutByLength, .interrupted: return answer
        case .complete, .streaming, .queued: return nil
        }
    }

    /// Asks the engine to go on with the newest answer, in the same message.
    mutating func continueReply() -> [SessionEffect] {
        guard reply == nil else {
            notice = Notice(.information, "The answer is still under way.")
            return []
        }
        guard let answer = unfinishedAnswer, conversation.messages.count > 1 else {
            notice = Notice(.information, "The last answer has come to its end: there is nothing to go on with.")
            return []
        }
        guard !isOpenElsewhere else { return refuseElsewhere() }
        guard case .ready(let profile, let name) = engine else {
            notice = Notice(.information, "There is no engine to go on with yet.")
            return lookAgain()
        }
        let place = conversation.messages.count - 1
        let question = conversation.messages[place - 1]
        let soFar = ReplySoFar(
            reasoning: answer.reasoning?.text ?? "", answer: answer.text,
            endsThinking: answer.reasoning?.cutAt != nil)
        // What was told of a recording is kept elsewhere, and told again at once.
        let beginsAnew = isSummary(question)
        if beginsAnew { conversation.messages[place].parts = [] }
        lastTurn += 1
        // The seconds of the answer go on from where they were.
        reply = ReplyInProgress(
            turn: lastTurn, messageID: answer.id, questionID: question.id, engine: EngineID(profile),
            startedAt: now.uptime - (answer.timing?.total ?? 0), phase: .preparing,
            continuing: beginsAnew || answer.parts.isEmpty ? nil : soFar)
        conversation.messages[place].outcome = .streaming
        conversation.messages[place].engine = profile.name
        conversation.messages[place].model = name
        if !soFar.endsThinking { conversation.messages[place].changeReasoning { $0.seconds = nil } }
        lastCheckpoint = now.uptime
        notice = nil
        scroll = .following
        return [save(at: place)] + prepareOrAsk()
    }

    /// Looks whether the other program has let go of the chat, in place of asking in it.
    func refuseElsewhere() -> [SessionEffect] { [.openChat(conversation.id)] }
}
