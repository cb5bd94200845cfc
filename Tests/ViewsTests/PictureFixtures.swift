import Conversation
import FoundationEssentials

extension Attachment {
    /// A picture of its own, named by a letter.
    static func picture(_ name: Character, _ width: Int, _ height: Int) -> Attachment {
        Attachment(
            label: "\(name).png", takenAt: Date(timeIntervalSince1970: 0),
            content: .picture(.named(name, width, height)))
    }
}

extension MediaReference {
    static func named(_ name: Character, _ width: Int, _ height: Int) -> MediaReference {
        MediaReference(
            sha256: String(repeating: name, count: 64), mediaType: "image/png", byteCount: 1_000, width: width,
            height: height)
    }
}
