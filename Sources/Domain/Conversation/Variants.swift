/// The messages that were said at the same place of a conversation: answers asked for again, questions put in other words.
public struct Variants: Sendable, Equatable {
    /// The messages, oldest first.
    public var messages: [Message.ID]
    /// The index of the one that is part of the conversation now.
    public var active: Int

    /// Makes a list of variants.
    public init(messages: [Message.ID], active: Int) {
        self.messages = messages
        self.active = active
    }

    /// The variant before the active one; nil at the first.
    public var previous: Message.ID? { active > 0 ? messages[active - 1] : nil }

    /// The variant after the active one; nil at the last.
    public var next: Message.ID? { active + 1 < messages.count ? messages[active + 1] : nil }
}
