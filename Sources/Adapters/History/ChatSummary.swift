public import Conversation
public import FoundationEssentials

/// What a list of conversations shows of one.
public struct ChatSummary: Sendable, Equatable, Identifiable {
    /// Names the conversation.
    public let id: Conversation.ID
    /// Its title; empty where none was given.
    public let title: String
    /// When it was begun.
    public let createdAt: Date
    /// When the last message in it was begun.
    public let updatedAt: Date
    /// How many messages it has.
    public let messageCount: Int
}
