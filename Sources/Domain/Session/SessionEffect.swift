public import Conversation
public import Desktop

/// Something that must be done outside.
public enum SessionEffect: Sendable, Equatable {
    /// Make the attachments ready for a model, then answer with `.questionPrepared`; the question decides about documents.
    /// The stretches of earlier recordings that it is about become attachments of it.
    case prepare(
        turn: Int, attachments: [Attachment], question: String, model: ModelProfile?,
        excerpts: [RecordingExcerpt] = [])
    /// Ask the engine about a recording part by part; what it tells comes back as `.replyArrived`, how far that is as
    /// `.replyProgressed`, and the parts as `.recordingTold`.
    case summarize(SummaryOrder)
    /// Ask the engine; deltas come back as `.replyArrived`.
    case ask(ReplyOrder)
    /// Close the connection of a reply.
    case cancelReply(turn: Int)
    /// Fetch the model that was offered.
    case acceptOffer
    /// Use the alternative instead.
    case declineOffer
    /// Look for an engine once more.
    case findEngine
    /// Stop looking for one, fetching or starting it.
    case stopFindingEngine
    /// Ask every place where engines may be; each is told as `.engineListed`.
    case listEngines
    /// Find this engine (nil: the one at hand, else any) with this model (nil: its best), then say `.engineChosen`.
    case connect(engine: String?, model: String?)
    /// Keep to this engine when one is looked for again.
    case preferEngine(EngineProfile, model: String)
    /// Say `.writingPaused` when nothing was written for a moment.
    case awaitPause
    /// Count the tokens of a request, then say `.counted`.
    case count(ticket: Int, ChatRequest, EngineProfile)
    /// Take a picture.
    case capture(CaptureTarget)
    /// Cover parts of a picture, or cut one out, then say `.pictureChanged` or `.pictureUnchanged`.
    case changePicture(Attachment, PictureMarking.Purpose, [Region])
    /// Attach a part of a picture, in that picture's own pixels, then say `.attached` or `.attachmentFailed`.
    case cutDetail(MediaReference, PictureArea, label: String)
    /// Remove a stored picture at once, unless something else shows it.
    case discardMedia(MediaReference)
    /// Attach the file at this path, then say `.attachmentReady` or `.attachmentMissed`.
    case attach(path: String, ticket: Int)
    /// Attach the files at these paths, in which the paste consists, when all are files; else say `.pasteWasText`.
    case inspectPaste(String, paths: [String], tickets: [Int])
    /// Find the files that a path which is being typed may mean, then say `.pathsListed`.
    case listPaths(String)
    /// Read the clipboard: attach its picture or its files, else say `.pasteWasText`.
    case readClipboard(ticket: Int)
    /// Let the person write on in their editor, then say `.writtenOutside` or tell why not.
    case editOutside(String)
    /// Begin to record.
    case startRecording(CaptureTarget)
    /// Let the recording rest, or go on: what happens meanwhile is not in it.
    case pauseRecording(Bool)
    /// End the recording and choose its frames.
    case stopRecording
    /// Put a text onto the clipboards.
    case copy(String)
    /// Read the words in a picture, or in a part of it in its own pixels, then say `.pictureRead`, or tell why not.
    case readPicture(MediaReference, part: PictureArea?)
    /// Show a page of the web, or write to an address, in the desktop's program for that.
    case openLink(String)
    /// Put a stored picture on the clipboard.
    case copyMedia(MediaReference)
    /// Show a stored picture or video in the desktop's viewer.
    case openMedia(MediaReference)
    /// Store what the person thinks of an answer; nil for nothing.
    case mark(Message.ID, Mark?)
    /// Say with `.variantsListed` which messages have other versions.
    case listVariants(Conversation.ID)
    /// Make the branch with this message the one that is shown, then say `.variantsListed` and `.branchShown`.
    case showVariant(Message.ID)
    /// Copy the conversation up to this message into one of its own, then say `.chatOpened`.
    case forkChat(Conversation.ID, upTo: Message.ID)
    /// Store the message at its place, and the conversation's header with it.
    case save(Message, at: MessagePlace)
    /// Forget a message that was never answered.
    case forget(Message.ID, in: Conversation.ID)
    /// Store what is being written.
    case saveDraft
    /// Read the list of old conversations.
    case listChats
    /// Look for words in the history when no more are typed for a moment, then say `.chatsFound`.
    case searchChats(String)
    /// Read an old conversation.
    case openChat(String)
    /// Read an old conversation with the branch that has this message, then say `.messageFound`.
    case openMessage(Message.ID, in: Conversation.ID)
    /// See which of these are still stored, then say `.mediaMissing`.
    case checkMedia([MediaReference])
    /// Keep other programs from writing into this conversation, and let go of the one before.
    case claimChat(Conversation.ID)
    /// Say with `.themesListed` which themes there are.
    case listThemes
    /// Draw with this theme, until another one is shown.
    case showTheme(String)
    /// Draw with this theme, from now on and in later chats.
    case keepTheme(String)
    /// Draw everything again.
    case redraw
    /// Give the terminal back to the shell until it returns.
    case suspend
    /// End the program.
    case quit
}

/// What a reply is asked for with.
public struct ReplyOrder: Sendable, Equatable {
    /// Which reply of the session it is.
    public var turn: Int
    /// What is asked.
    public var request: ChatRequest
    /// Who is asked.
    public var engine: EngineProfile
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
