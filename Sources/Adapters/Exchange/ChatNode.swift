public import Conversation

/// A message with its place among the branches of a chat.
public struct ChatNode: Sendable, Equatable {
    /// The message.
    public var message: Message
    /// The message that it follows; nil at the beginning.
    public var parent: Message.ID?
    /// Whether it is on the branch that is shown.
    public var isShown: Bool

    /// Makes a node.
    public init(message: Message, parent: Message.ID?, isShown: Bool) {
        self.message = message
        self.parent = parent
        self.isShown = isShown
    }
}
