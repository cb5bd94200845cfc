import Conversation
import Desktop
import History
import Media

/// Makes pictures that are larger than an engine takes as much smaller as they have to be, and no smaller.
struct PictureLimiter {
    private let media: MediaStore
    private let side: Int
    private let bytes: Int

    /// Nothing is read of a picture whose longer side is shorter.
    private static let leastSide = 64
    private static let jpeg = StillFormat.jpeg(quality: 88)

    /// nil where the engine has no limits, or none are known.
    init?(media: MediaStore, limits: MediaLimits) {
        guard limits.pictureSide != nil || limits.pictureBytes != nil else { return nil }
        self.media = media
        side = limits.pictureSide ?? .max
        bytes = limits.pictureBytes ?? .max
    }

    /// The picture itself where it is within the limits, else a smaller one.
    ///
    /// - Throws: `ReplyFailure` when it would have to be too small to be read; `MediaFailure` or `HistoryFailure`.
    func limited(_ picture: MediaReference, called label: String) throws -> MediaReference {
        let longest = max(picture.width, picture.height)
        guard longest > side || picture.byteCount > bytes, media.keeps(picture) else { return picture }
        let frame = try StillDecoder().decode(media.bytes(of: picture))
        var scale = min(1, Double(side) / Double(max(1, longest)))
        // Text stays sharper as PNG; what is too large as that, photographs above all, goes as JPEG, then smaller.
        var format = picture.mediaType == "image/jpeg" || scale == 1 ? Self.jpeg : .png
        while true {
            let size = (
                width: max(1, Int(Double(frame.width) * scale)), height: max(1, Int(Double(frame.height) * scale))
            )
            let encoded = try StillEncoder().encode(frame, as: format, size: size)
            if encoded.bytes.count <= bytes {
                return try media.store(
                    encoded.bytes, mediaType: encoded.mediaType, width: encoded.width, height: encoded.height)
            }
            guard max(size.width, size.height) > Self.leastSide else {
                throw ReplyFailure(
                    .attachmentUnreadable,
                    "\(label) cannot be sent: it would have to be too small to be read, since the engine takes "
                        + "\(bytes) bytes a picture.")
            }
            if case .png = format { format = Self.jpeg } else { scale *= 0.75 }
        }
    }
}
