public import Conversation
public import Desktop

/// Something that happened.
public enum SessionEvent: Sendable, Equatable {
    // MARK: The person

    /// Characters were typed.
    case typed(String)
    /// Text was pasted; it never sends.
    case pasted(String)
    /// A key or a slash command asked for this.
    case command(Command)
    /// The transcript was scrolled to here.
    case scrolled(ScrollPosition)

    // MARK: The engine

    /// The engine was found, lost, is being started …
    case engineChanged(EngineStatus)
    /// A question's attachments were made ready for this engine (scaled, or their text read).
    case questionPrepared(turn: Int, attachments: [Attachment])
    /// A piece of a reply arrived.
    case replyArrived(turn: Int, ReplyDelta)
    /// A reply ended without `.finished`.
    case replyFailed(turn: Int, ReplyFailure)

    // MARK: The desktop

    /// A picture or file that was asked for is ready.
    case attached(Attachment)
    /// It could not be had; the sentence says why.
    case attachmentFailed(String)
    /// What was pasted is no file: it is text after all.
    case pasteWasText(String)
    /// The recording goes on.
    case recordingProgressed(frames: Int, byteCount: Int)
    /// The recording was ended by something else than the person, and its frames are being chosen.
    case recordingEnded
    /// The frames of the recording are chosen.
    case recorded(Attachment)
    /// The recording failed; the sentence says why.
    case recordingFailed(String)

    // MARK: The history

    /// The list of old conversations.
    case chatsListed([ChatSummary])
    /// An old conversation to go on with.
    case chatOpened(Conversation)
    /// What was being written when the program last ended.
    case draftRestored(text: String, attachments: [Attachment])
    /// Something to tell.
    case noticed(Notice)

    // MARK: Time

    /// A second has passed while something counts them.
    case ticked
}

/// Something that must be done outside.
public enum SessionEffect: Sendable, Equatable {
    /// Make the question's attachments ready, then answer with `.questionPrepared`.
    case prepare(turn: Int, attachments: [Attachment], model: ModelProfile?)
    /// Ask the engine; deltas come back as `.replyArrived`.
    case ask(turn: Int, ChatRequest)
    /// Close the connection of a reply.
    case cancelReply(turn: Int)
    /// Fetch the model that was offered.
    case acceptOffer
    /// Use the alternative instead.
    case declineOffer
    /// Look for an engine once more.
    case findEngine
    /// Take a picture.
    case capture(CaptureTarget)
    /// Attach the file at this path.
    case attach(path: String)
    /// Attach the pasted text when it is the path of a file, else say `.pasteWasText`.
    case inspectPaste(String)
    /// Begin to record.
    case startRecording(CaptureTarget)
    /// End the recording and choose its frames.
    case stopRecording
    /// Store the message at its place, and the conversation's header with it.
    case save(Message, at: MessagePlace)
    /// Forget a message that was never answered.
    case forget(Message.ID, in: Conversation.ID)
    /// Store what is being written.
    case saveDraft
    /// Read the list of old conversations.
    case listChats
    /// Read an old conversation.
    case openChat(String)
    /// Draw everything again.
    case redraw
    /// Give the terminal back to the shell until it returns.
    case suspend
    /// End the program.
    case quit
}

/// Where a message is stored.
public struct MessagePlace: Sendable, Equatable {
    /// The conversation, without its messages.
    public var conversation: Conversation
    /// The message's index in the conversation.
    public var position: Int
    /// The message before it; nil for the first.
    public var parent: Message.ID?
}
