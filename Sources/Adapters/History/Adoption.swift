public import Conversation

/// What became of a chat that came from elsewhere.
public struct Adoption: Sendable, Equatable {
    /// What happened.
    public enum Kind: Sendable, Equatable {
        /// It is new here.
        case added
        /// It was here, and has more messages now.
        case continued
        /// It was here, with all that it says.
        case known
        /// Something else has its name, or the names of its messages: it is here under names of its own.
        case renamed
    }

    /// What happened.
    public var kind: Kind
    /// The chat's name in this history.
    public var chat: Conversation.ID
    /// How many messages were stored.
    public var messages: Int
}
