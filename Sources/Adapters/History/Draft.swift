public import Conversation

/// What stands in the composer and was not sent yet.
public struct Draft: Sendable, Equatable {
    /// The conversation that it was written in, if that had begun.
    public var conversation: Conversation.ID?
    /// The words.
    public var text: String
    /// What waits to go with them.
    public var attachments: [Attachment]

    /// Makes a draft.
    public init(conversation: Conversation.ID? = nil, text: String, attachments: [Attachment]) {
        self.conversation = conversation
        self.text = text
        self.attachments = attachments
    }

    /// Whether there is nothing to keep.
    public var isEmpty: Bool { text.isEmpty && attachments.isEmpty }
}
