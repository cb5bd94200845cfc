public import Conversation

extension History {
    /// Keeps other programs from going on with a conversation until this one claims another, or ends.
    ///
    /// - Returns: Whether it is free; false when another program that runs has claimed it.
    @discardableResult
    public func claim(_ id: Conversation.ID) -> Bool { lock?.claim(id) ?? true }
}
