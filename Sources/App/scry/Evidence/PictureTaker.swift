import Conversation
import Desktop
import Evidence
import FoundationEssentials
import History
import Media

/// Turns what is on the screen into an attachment: grabbed, made as small as the engine's arithmetic allows, stored.
struct PictureTaker: Sendable {
    let source: any ScreenSource
    let media: MediaStore
    let withCursor: Bool

    /// Takes a picture.
    ///
    /// - Throws: `CaptureFailure`, `MediaFailure` or `HistoryFailure`.
    func take(_ target: CaptureTarget, for model: ModelProfile?) async throws -> Attachment {
        let picture = try await source.capture(target, withCursor: withCursor)
        let reference = try store(picture.frame, for: model)
        return Attachment(label: picture.label, takenAt: Date(), content: .picture(reference))
    }

    /// Encodes a frame at the size that the model gets to see, and stores it.
    func store(_ frame: Frame, for model: ModelProfile?) throws -> MediaReference {
        let budget = PixelBudget.forModel(model?.id ?? "")
        let size = budget.fit(width: frame.width, height: frame.height)
        let encoded = try StillEncoder().encode(frame, as: .png, size: size)
        return try media.store(
            encoded.bytes, mediaType: encoded.mediaType, width: encoded.width, height: encoded.height)
    }
}
