import Conversation

/// The attachment of a message: the testing library has another `Attachment`.
typealias ChatAttachment = Attachment
