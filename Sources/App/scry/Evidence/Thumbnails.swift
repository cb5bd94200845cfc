import Conversation
import Desktop
import History
import Media

/// Makes the small pictures by which lists show what was attached.
struct Thumbnails: Sendable {
    /// The longest side, in pixels: a quarter of a laptop's screen, on which a window is still told from another.
    static let side = 256

    let media: MediaStore

    /// Makes the small picture of every attachment of a message, where there is none yet.
    ///
    /// Takes some milliseconds a picture: nothing for the way of a question to its engine.
    func make(for message: Message) {
        for attachment in message.attachments {
            if let picture = attachment.pictures.first { _ = path(of: picture) }
        }
    }

    /// The path of a picture's small picture, which is made now if there is none; nil when the picture is gone.
    func path(of picture: MediaReference) -> String? {
        guard let path = media.thumbnailPath(of: picture), media.keeps(picture) else { return nil }
        return media.hasThumbnail(of: picture) || (try? make(of: picture)) != nil ? path : nil
    }

    /// The small picture of a picture, which is made now if there is none; nil when the picture is gone.
    func frame(of picture: MediaReference) -> Frame? {
        guard path(of: picture) != nil, let bytes = media.thumbnail(of: picture) else { return nil }
        return try? StillDecoder().decode(bytes)
    }

    private func make(of picture: MediaReference) throws {
        let frame = try StillDecoder().decode(media.bytes(of: picture))
        let scale = min(1, Double(Self.side) / Double(max(frame.width, frame.height)))
        let size = (max(1, Int(Double(frame.width) * scale)), max(1, Int(Double(frame.height) * scale)))
        let small = try StillEncoder().encode(frame, as: .jpeg(quality: 70), size: size)
        try media.storeThumbnail(small.bytes, of: picture)
    }
}
