/// A picture as the bytes of a file.
public struct EncodedPicture: Sendable, Equatable {
    /// The file.
    public var bytes: [UInt8]
    /// Its media type: "image/png" or "image/jpeg".
    public var mediaType: String
    /// Width in pixels.
    public var width: Int
    /// Height in pixels.
    public var height: Int

    /// Makes an encoded picture.
    public init(bytes: [UInt8], mediaType: String, width: Int, height: Int) {
        self.bytes = bytes
        self.mediaType = mediaType
        self.width = width
        self.height = height
    }
}

/// How a picture is written.
public enum StillFormat: Sendable, Hashable {
    /// Without loss: for screens.
    case png
    /// With colour in full resolution; quality from 1 to 100: for photos.
    case jpeg(quality: Int)

    /// The media type.
    public var mediaType: String { self == .png ? "image/png" : "image/jpeg" }
}
