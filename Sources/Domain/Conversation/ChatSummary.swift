public import FoundationEssentials

/// A conversation in a list, without what was said.
public struct ChatSummary: Sendable, Equatable, Identifiable {
    /// The conversation's id.
    public var id: String
    /// Its title.
    public var title: String
    /// When it was begun.
    public var createdAt: Date
    /// When something was last said.
    public var updatedAt: Date
    /// How many messages it has.
    public var messageCount: Int

    /// Makes a summary.
    public init(id: String, title: String, createdAt: Date, updatedAt: Date, messageCount: Int) {
        self.id = id
        self.title = title
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.messageCount = messageCount
    }
}
