import Conversation
import FoundationEssentials

extension Attachment {
    static func screenshot(_ label: String = "screen", _ width: Int = 1920, _ height: Int = 1080) -> Attachment {
        Attachment(label: label, takenAt: Date(timeIntervalSince1970: 0), content: .picture(.png(width, height)))
    }

    static let clip = Attachment(
        label: "recording", takenAt: Date(timeIntervalSince1970: 0),
        content: .recording(
            Recording(
                frames: (0..<6).map { TimedPicture(time: Double($0) * 2, why: "change", picture: .png(1092, 1092)) },
                video: nil, seconds: 10)))

    static let notes = Attachment(
        label: "notes.txt", takenAt: Date(timeIntervalSince1970: 0),
        content: .text(String(repeating: "0123456789\n", count: 1_100)))
}

extension MediaReference {
    static func png(_ width: Int, _ height: Int) -> MediaReference {
        MediaReference(
            sha256: String(repeating: "0", count: 64), mediaType: "image/png", byteCount: 1_000, width: width,
            height: height)
    }
}
