extension Conversation {
    /// Goes back to just before a message, so that what is said next is a variant of it.
    ///
    /// Only the value changes: what the history has stored of the rest stays there as another branch.
    ///
    /// - Returns: The message and what followed it; empty when the conversation does not have it.
    @discardableResult
    public mutating func goBack(before message: Message.ID) -> [Message] {
        guard let place = messages.firstIndex(where: { $0.id == message }) else { return [] }
        let rest = Array(messages[place...])
        messages.removeSubrange(place...)
        return rest
    }
}
