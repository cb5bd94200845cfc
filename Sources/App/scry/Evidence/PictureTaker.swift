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
        try attachment(of: await grab(target), takenAt: Date(), for: model)
    }

    /// Takes a picture that is kept as it is until the model is known.
    ///
    /// - Throws: `CaptureFailure`.
    func grab(_ target: CaptureTarget) async throws -> CapturedPicture {
        // Asked first: when the picture is there, another window may have the focus.
        let windows = await source.windows()
        var picture = try await source.capture(target, withCursor: withCursor)
        picture.windowTitle = windows.title(for: target, in: picture.region)
        return picture
    }

    /// Makes an attachment of a picture.
    ///
    /// - Throws: `MediaFailure` or `HistoryFailure`.
    func attachment(of picture: CapturedPicture, takenAt: Date, for model: ModelProfile?) throws -> Attachment {
        Attachment(
            label: picture.label, takenAt: takenAt, content: .picture(try store(picture.frame, for: model)),
            windowTitle: picture.windowTitle)
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
