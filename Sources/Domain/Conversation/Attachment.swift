public import FoundationEssentials

/// Something that goes to the engine with the words: a picture, a recording of the screen, a text.
public struct Attachment: Sendable, Equatable, Codable, Identifiable {
    /// What is attached.
    public enum Content: Sendable, Equatable, Codable {
        /// A still picture.
        case picture(MediaReference)
        /// A recording, as the frames that were chosen from it.
        case recording(Recording)
        /// A document, page by page.
        case document(Document)
        /// A text: a file, or what came on standard input.
        case text(String)
    }

    /// Names the attachment for good: a lower-case UUID.
    public let id: String
    /// What the chip shows: "screen", "window: Firefox", "report.txt".
    public var label: String
    /// When it was captured or read.
    public var takenAt: Date
    /// What is attached.
    public var content: Content
    /// The text read from the pictures, one string a picture in their order, for an engine that cannot see; nil until it
    /// was needed.
    public var recognizedText: [String]?
    /// The title of the window that was captured, or that had the focus; nil when there was none.
    public var windowTitle: String?
    /// Where a picture's pixels come from; nil where it is sent as it was taken, or is no picture.
    public var origin: PictureOrigin?
    /// What goes beside a picture; nil until it was decided for the first time that it is sent.
    public var details: PictureDetails?

    /// Makes an attachment.
    public init(
        id: String = UUID().uuidString.lowercased(), label: String, takenAt: Date, content: Content,
        recognizedText: [String]? = nil, windowTitle: String? = nil, origin: PictureOrigin? = nil
    ) {
        self.origin = origin
        self.id = id
        self.label = label
        self.takenAt = takenAt
        self.content = content
        self.recognizedText = recognizedText
        self.windowTitle = windowTitle
    }

    /// The stored pictures and videos that it is made of.
    public var media: [MediaReference] {
        switch content {
        case .picture(let picture):
            [picture] + (origin.map { [$0.picture] } ?? []) + (details?.parts.map(\.picture) ?? [])
        case .recording(let recording):
            recording.frames.map(\.picture) + (recording.video.map { [$0] } ?? [])
                + (recording.frameList ?? []).map(\.picture) + (recording.spares ?? []).map(\.picture)
        case .document(let document): [document.file] + document.pictures
        case .text: []
        }
    }

    /// The pictures that an engine without video is shown, in order.
    public var pictures: [MediaReference] {
        switch content {
        case .picture(let picture): [picture]
        case .recording(let recording): recording.frames.map(\.picture)
        case .document(let document): document.pictures
        case .text: []
        }
    }

    /// What people look at: the same as `pictures`, but a picture of which a smaller one is sent with all of its pixels.
    public var viewedPictures: [MediaReference] {
        guard let origin, origin.part == PictureArea(allOf: origin.picture), case .picture = content else {
            return pictures
        }
        return [origin.picture]
    }

    /// The picture as it was taken, where the attachment is one; in it are the areas of its details.
    public var wholePicture: MediaReference? {
        guard case .picture(let picture) = content else { return nil }
        return origin?.picture ?? picture
    }

    /// What of `wholePicture` the picture that is sent shows.
    public var shownArea: PictureArea? {
        guard case .picture(let picture) = content else { return nil }
        return origin?.part ?? PictureArea(allOf: picture)
    }

    /// Whether an engine would have to see to get the whole of it.
    public var isVisual: Bool {
        switch content {
        case .picture, .recording, .document: true
        case .text: false
        }
    }
}

/// A recording of the screen, as the engine gets to see it.
public struct Recording: Sendable, Equatable, Codable {
    /// The frames that were chosen, in order of time.
    public var frames: [TimedPicture]
    /// The whole recording, for an engine that takes video.
    public var video: MediaReference?
    /// The frames as JPEG of one size, for an engine that takes a list of them; nil where pictures show as much.
    public var frameList: [TimedPicture]?
    /// Frames that do not go, of which the person may take some; nil where there are none.
    public var spares: [TimedPicture]?
    /// The form that was chosen for the engine that is asked; nil sends the video where one is taken, else pictures.
    public var form: VideoForm?
    /// How long was recorded, in seconds.
    public var seconds: Double
    /// The path of the file that the frames were taken from, which may be gone by now; nil where there was none.
    public var file: String?
    /// What an engine told of its stretches, in order; nil until it was summarized.
    public var sections: [RecordingSection]?

    /// Makes a recording.
    public init(
        frames: [TimedPicture], video: MediaReference?, seconds: Double, frameList: [TimedPicture]? = nil,
        form: VideoForm? = nil, spares: [TimedPicture]? = nil, file: String? = nil,
        sections: [RecordingSection]? = nil
    ) {
        self.file = file
        self.sections = sections
        self.spares = spares
        self.frames = frames
        self.video = video
        self.seconds = seconds
        self.frameList = frameList
        self.form = form
    }

    /// The form in which it goes, by what was chosen and by what there is of it.
    ///
    /// - Parameters:
    ///   - sendsVideo: Whether the engine takes one video.
    ///   - sendsFrameLists: Whether it takes lists of frames.
    public func form(sendsVideo: Bool, sendsFrameLists: Bool = true) -> VideoForm {
        if form == .frameList, sendsFrameLists, frameList?.isEmpty == false { return .frameList }
        return form != .pictures && sendsVideo && video != nil ? .video : .pictures
    }
}

/// A frame of a recording with the time at which it was on the screen.
public struct TimedPicture: Sendable, Equatable, Codable {
    /// Seconds since the recording began.
    public var time: Double
    /// Why it was chosen: "first", "change", "last".
    public var why: String
    /// The picture.
    public var picture: MediaReference
    /// The title of the window that is seen, or that had the focus; nil when that is not known.
    public var windowTitle: String?

    /// Makes a timed picture.
    public init(time: Double, why: String, picture: MediaReference, windowTitle: String? = nil) {
        self.time = time
        self.why = why
        self.picture = picture
        self.windowTitle = windowTitle
    }
}

/// Names stored bytes by what they are, not by where they are.
public struct MediaReference: Sendable, Hashable, Codable {
    /// The SHA-256 of the bytes, 64 lower-case hexadecimal digits.
    public var sha256: String
    /// The media type, as "image/png".
    public var mediaType: String
    /// How many bytes.
    public var byteCount: Int
    /// Width in pixels.
    public var width: Int
    /// Height in pixels.
    public var height: Int

    /// Makes a reference.
    public init(sha256: String, mediaType: String, byteCount: Int, width: Int, height: Int) {
        self.sha256 = sha256
        self.mediaType = mediaType
        self.byteCount = byteCount
        self.width = width
        self.height = height
    }
}

/// A place that has the bytes behind media references.
public protocol MediaLibrary: Sendable {
    /// Reads the bytes that a reference names.
    ///
    /// - Throws: `ReplyFailure` of kind `.attachmentUnreadable` when they are gone.
    func bytes(of media: MediaReference) throws -> [UInt8]

    /// Whether the bytes are still kept; a picture that is not, because it grew old, is told to the engine in words.
    func keeps(_ media: MediaReference) -> Bool
}

extension MediaLibrary {
    /// A library that says nothing else keeps everything.
    public func keeps(_ media: MediaReference) -> Bool { true }
}
