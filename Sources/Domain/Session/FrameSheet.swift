public import Conversation

/// The frames of a recording to choose from: what goes to the engine, and what does not.
public struct FrameSheet: Sendable, Equatable {
    /// A frame.
    public struct Entry: Sendable, Equatable {
        /// The frame with its time.
        public var frame: TimedPicture
        /// Whether it goes.
        public var isKept: Bool
    }

    /// The attachment that they belong to.
    public let attachment: Attachment.ID
    /// The recording's length, in seconds.
    public let seconds: Double
    /// All of them, in order of time.
    public internal(set) var entries: [Entry]
    /// Which of them is looked at.
    public internal(set) var selected = 0
    /// Whether they were sent already, so that nothing can be changed.
    public let isSent: Bool

    /// How many of them go.
    public var keptCount: Int { entries.count { $0.isKept } }

    init?(_ attachment: Attachment, isSent: Bool) {
        guard case .recording(let recording) = attachment.content else { return nil }
        self.attachment = attachment.id
        self.isSent = isSent
        seconds = recording.seconds
        entries =
            (recording.frames.map { Entry(frame: $0, isKept: true) }
            + (recording.spares ?? []).map { Entry(frame: $0, isKept: false) })
            .sorted { $0.frame.time < $1.frame.time }
        guard !entries.isEmpty else { return nil }
    }

    mutating func move(by step: Int) { selected = min(max(0, selected + step), entries.count - 1) }

    /// The recording with the frames that are kept; a recording without any frame would be none.
    func applied(to recording: Recording) -> Recording {
        var recording = recording
        let kept = entries.filter(\.isKept).map(\.frame)
        guard !kept.isEmpty, kept != recording.frames else { return recording }
        recording.frames = kept
        recording.spares = entries.filter { !$0.isKept }.map(\.frame)
        // These show what was chosen before: what goes is made of the frames anew.
        recording.video = nil
        recording.frameList = nil
        recording.form = nil
        return recording
    }
}

/// Choosing frames.
extension SessionState {
    /// Opens the frames of the recording that is attached last; of one that was sent they can be looked at.
    mutating func openFrames() {
        func last(_ attachments: [Attachment], isSent: Bool) -> FrameSheet? {
            attachments.reversed().lazy.compactMap { FrameSheet($0, isSent: isSent) }.first
        }
        let sent = conversation.messages.flatMap(\.attachments)
        guard let sheet = last(composer.attachments, isSent: false) ?? last(sent, isSent: true) else {
            notice = Notice(.information, "There is no recording: attach a video, or record the screen.")
            return
        }
        notice = nil
        overlay = .frames(sheet)
    }

    /// Handles a command while the frames are looked at.
    mutating func perform(_ command: Command, in sheet: FrameSheet) -> [SessionEffect] {
        var sheet = sheet
        switch command {
        case .send:
            overlay = nil
            keep(sheet)
            return []
        case .moveToLineStart: sheet.selected = 0
        case .moveToLineEnd: sheet.selected = sheet.entries.count - 1
        case .moveLeft: sheet.move(by: -1)
        case .moveRight: sheet.move(by: 1)
        default: sheet.move(by: command.overlayStep)
        }
        overlay = .frames(sheet)
        return []
    }

    /// Handles letters while the frames are looked at.
    mutating func perform(typed text: String, in sheet: FrameSheet) -> [SessionEffect] {
        var sheet = sheet
        switch text {
        case " " where !sheet.isSent:
            let isLast = sheet.keptCount == 1 && sheet.entries[sheet.selected].isKept
            // One frame at least shows that there is a recording.
            if isLast {
                notice = Notice(.information, "One frame has to stay.")
            } else {
                sheet.entries[sheet.selected].isKept.toggle()
            }
        case "j": sheet.move(by: 1)
        case "k": sheet.move(by: -1)
        case "o": return [.openMedia(sheet.entries[sheet.selected].frame.picture)]
        case "q":
            overlay = nil
            return []
        default: return []
        }
        overlay = .frames(sheet)
        return []
    }

    private mutating func keep(_ sheet: FrameSheet) {
        guard !sheet.isSent, let old = composer.attachments.first(where: { $0.id == sheet.attachment }),
            case .recording(let recording) = old.content
        else { return }
        var new = old
        new.content = .recording(sheet.applied(to: recording))
        if case .recording(let changed) = new.content, changed != recording { new.recognizedText = nil }
        composer.replace(new)
    }
}
