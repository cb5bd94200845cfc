public import Conversation

/// Something that happened.
public enum SessionEvent: Sendable, Equatable {
    // MARK: The person

    /// Characters were typed.
    case typed(String)
    /// Text was pasted; it never sends. Nothing is pasted by terminals that cannot say what is on the clipboard.
    case pasted(String)
    /// So many bytes were pasted that they were not kept.
    case pastedTooMuch(byteCount: Int)
    /// The cursor is to go to this place in the composer, in UTF-8 bytes, and to keep to this column.
    case cursorMoved(to: Int, goal: Int?, selecting: Bool)
    /// This much of what is written is selected.
    case composerSelected(Range<Int>)
    /// The folded paste at this place in the composer is to be shown.
    case pasteUnfolded(at: Int)
    /// A key or a slash command asked for this.
    case command(Command)
    /// The mouse has selected this in the transcript, or nothing.
    case textSelected(TranscriptSelection?)
    /// What the mouse has selected is this text: it is to be copied.
    case selectionEnded(String)
    /// Something attached was clicked on.
    case attachmentOpened(Attachment)
    /// A picture of this message, or of what is being written, was clicked on; it is named by its SHA-256.
    case pictureOpened(String, in: Message.ID?)
    /// The row of the open list with this number was clicked on.
    case rowChosen(Int)
    /// The mouse marks a part of the picture that is looked at, at this pixel of it.
    case pictureMarked(MarkingStroke, x: Int, y: Int)
    /// A link was clicked on.
    case linkOpened(String)
    /// A moment of a recording that this message names, in seconds, was clicked on.
    case momentOpened(Message.ID, Double)
    /// The transcript was scrolled to here; in the transcript, this message is the chosen one now.
    case scrolled(ScrollPosition, choosing: Message.ID? = nil)
    /// The person went into the transcript, where this message is in sight.
    case readingBegan(Message.ID)
    /// These lines of the chosen message are selected.
    case linesSelected(LineSelection)

    // MARK: The engine

    /// The engine was found, lost, is being started …
    case engineChanged(EngineStatus)
    /// A question's attachments were made ready for this engine (scaled, or their text read).
    case questionPrepared(turn: Int, attachments: [Attachment])
    /// The work at a reply of many questions is so far; the step is a phrase, the fraction is 0…1 or unknown.
    case replyProgressed(turn: Int, step: String, fraction: Double?)
    /// All parts of a recording were told: the attachment with them.
    case recordingTold(turn: Int, Attachment)
    /// Pieces of a reply arrived, those together that came together.
    case replyArrived(turn: Int, [ReplyDelta])
    /// A reply ended without `.finished`.
    case replyFailed(turn: Int, ReplyFailure)

    // MARK: Choosing an engine

    /// What was found at one of the places where engines may be.
    case engineListed(EngineListing)
    /// Every place has been asked.
    case allEnginesListed
    /// The engine that the person named answers.
    case engineChosen(EngineProfile, model: String)

    /// The themes that there are, and the one in use.
    case themesListed([ThemeListing], current: String)

    // MARK: What a message will cost

    /// Nothing was written for a moment.
    case writingPaused
    /// What was asked to be counted is counted.
    case counted(ticket: Int, TokenCount)

    // MARK: The desktop

    /// A file was named on the command line.
    case fileNamed(String)
    /// A picture or file that was asked for is ready.
    case attached(Attachment)
    /// It could not be had; the sentence says why.
    case attachmentFailed(String)
    /// The picture in the composer that this attachment was has been changed; it is not to be kept as it was.
    case pictureChanged(Attachment, instead: MediaReference)
    /// It could not be changed; the sentence says why.
    case pictureUnchanged(String)
    /// The words in the picture that was to be read; empty where there are none.
    case pictureRead(String)
    /// A region could not be chosen on the screen: it is to be chosen in this picture of it.
    case regionWanted(in: Attachment.ID)
    /// The file or the clipboard's picture with this ticket is ready.
    case attachmentReady(ticket: Int, Attachment)
    /// It could not be had; the sentence says why.
    case attachmentMissed(ticket: Int, String)
    /// What was pasted is no file: it is text after all.
    case pasteWasText(String, tickets: [Int])
    /// The files that a path may mean, the best first.
    case pathsListed(path: String, [Completion.Candidate])
    /// One of the candidates was clicked on.
    case candidateTaken(Int)
    /// What was written in the person's editor.
    case writtenOutside(String)
    /// The recording goes on; `dropped` counts frames that came faster than they could be written.
    case recordingProgressed(frames: Int, byteCount: Int, dropped: Int = 0)
    /// The recording was ended by something else than the person, and its frames are being chosen.
    case recordingEnded
    /// The frames of the recording are chosen.
    case recorded(Attachment)
    /// The recording failed; the sentence says why.
    case recordingFailed(String)

    // MARK: The history

    /// The list of old conversations.
    case chatsListed([ChatSummary])
    /// The messages of a conversation that have other versions.
    case variantsListed(Conversation.ID, [Message.ID: Variants])
    /// The branch that was asked for, and the message in it.
    case branchShown(Conversation, at: Message.ID)
    /// What was found in the history for a query.
    case chatsFound(query: String, [SearchHit])
    /// The message that was looked for is in the conversation that was opened just before.
    case messageFound(Message.ID)
    /// The stored pictures and videos, by their SHA-256, that are not kept any more.
    case mediaMissing(Set<String>)
    /// A stored picture, by its SHA-256, cannot be drawn.
    case pictureUnreadable(String)
    /// An old conversation to go on with.
    case chatOpened(Conversation)
    /// An old conversation that another Scry has open at this moment: it can be read here.
    case chatOpenedElsewhere(Conversation)
    /// What was being written when the program last ended.
    case draftRestored(text: String, attachments: [Attachment])
    /// Something to tell.
    case noticed(Notice)
    /// What was said holds no longer.
    case unnoticed(Notice)

    // MARK: Time

    /// A second has passed while something counts them.
    case ticked
}
