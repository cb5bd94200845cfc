public import FoundationEssentials

/// A dialogue between a person and an engine: what was said, in order.
///
/// A conversation is a value. It is stored by `History`, changed by `Session` and drawn by `Views`; none of them keeps a
/// second copy of what it holds.
public struct Conversation: Sendable, Equatable, Codable, Identifiable {
    /// Names a conversation for good: a lower-case UUID, the `chat` of the command line's JSON.
    public let id: String
    /// What the list of chats shows; empty until the first question is asked.
    public var title: String
    /// When the conversation was begun.
    public let createdAt: Date
    /// What was said, oldest first; the engine's system prompt is not among them.
    public var messages: [Message]

    /// Begins an empty conversation.
    public init(
        id: String = UUID().uuidString.lowercased(), title: String = "", createdAt: Date, messages: [Message] = []
    ) {
        self.id = id
        self.title = title
        self.createdAt = createdAt
        self.messages = messages
    }
}
