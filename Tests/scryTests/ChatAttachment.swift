import Conversation

// Swift Testing has attachments of its own, which hide ours in the files that import it.
typealias ChatAttachment = Attachment
