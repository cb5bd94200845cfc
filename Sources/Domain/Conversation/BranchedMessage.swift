/// A message with its place in the tree that a conversation is.
public struct BranchedMessage: Sendable, Equatable {
    /// The message.
    public var message: Message
    /// The message that it follows; nil at the beginning.
    public var parent: Message.ID?
    /// Whether it is on the branch that is shown.
    public var isShown: Bool

    /// Makes a message of a tree.
    public init(message: Message, parent: Message.ID?, isShown: Bool) {
        self.message = message
        self.parent = parent
        self.isShown = isShown
    }
}
