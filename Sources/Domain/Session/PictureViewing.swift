public import Conversation

/// A picture that is looked at on the whole screen.
public struct PictureViewing: Sendable, Equatable {
    /// The attachment that it belongs to.
    public internal(set) var attachment: String
    /// Which of the attachment's pictures it is.
    public internal(set) var number: Int
    /// How often it was enlarged; 0 shows all of it.
    public internal(set) var zoom = 0
    /// What is in the middle when only a part is shown: 0…1 from the left.
    public internal(set) var x = 0.5
    /// What is in the middle: 0…1 from the top.
    public internal(set) var y = 0.5
    /// The parts that are being marked in it; nil while it is only looked at.
    public internal(set) var marking: PictureMarking?

    /// How much larger than the whole it is drawn.
    public var factor: Double {
        var factor = 1.0
        for _ in 0..<zoom { factor *= 1.5 }
        return factor
    }

    static let largestZoom = 9

    init(attachment: String, number: Int) {
        self.attachment = attachment
        self.number = number
    }

    /// The part of a picture that is shown now; nil when all of it is.
    func part(of picture: MediaReference) -> PictureArea? {
        guard zoom > 0 else { return nil }
        let width = max(1, Int(Double(picture.width) / factor))
        let height = max(1, Int(Double(picture.height) / factor))
        return PictureArea(
            x: min(max(0, Int(Double(picture.width) * x) - width / 2), max(0, picture.width - width)),
            y: min(max(0, Int(Double(picture.height) * y) - height / 2), max(0, picture.height - height)),
            width: width, height: height)
    }

    mutating func enlarge(by steps: Int) {
        zoom = min(max(0, zoom + steps), Self.largestZoom)
        if zoom == 0 { (x, y) = (0.5, 0.5) }
    }

    /// Moves the part that is shown, by shares of its own size.
    mutating func move(right: Double, down: Double) {
        guard zoom > 0 else { return }
        let half = 0.5 / factor
        x = min(max(half, x + right / factor), 1 - half)
        y = min(max(half, y + down / factor), 1 - half)
    }
}

/// A picture of the conversation, or one that waits in the composer.
public struct ViewedPicture: Sendable, Equatable {
    /// What it belongs to.
    public var attachment: Attachment
    /// Which of its pictures it is.
    public var number: Int
    /// The message; nil in the composer.
    public var message: Message.ID?

    /// The picture itself: with all of its pixels, where these are kept of one that is sent smaller.
    public var media: MediaReference

    /// What engines get of it, which is what is shown among the lines.
    public var sent: MediaReference { attachment.pictures[number] }

    /// When it was on the screen, in a recording.
    public var time: Double? {
        guard case .recording(let recording) = attachment.content else { return nil }
        return recording.frames[number].time
    }
}
