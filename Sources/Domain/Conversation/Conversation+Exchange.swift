extension Conversation {
    /// What an engine is told before and with a question: every question that was answered, its answer, and the question.
    ///
    /// A question that got no answer is left out: engines want the roles to take turns.
    public func exchange(upTo questionID: Message.ID) -> [Message] {
        var exchange: [Message] = []
        for message in messages {
            if message.role == .assistant {
                if message.text.isEmpty {
                    if exchange.last?.role == .user { exchange.removeLast() }
                } else {
                    var answer = message
                    // Engines take no pictures from themselves; chats that come from elsewhere may have some.
                    answer.parts.removeAll { if case .attachment = $0 { true } else { false } }
                    exchange.append(answer)
                }
            } else if message.outcome == .complete {
                exchange.append(message)
            }
            if message.id == questionID { break }
        }
        return exchange
    }
}
