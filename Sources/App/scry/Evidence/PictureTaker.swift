import Conversation
import Desktop
import FoundationEssentials
import History

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
        let packed = try PicturePacker(media: media).pack(picture.frame, for: model)
        return Attachment(
            label: picture.label, takenAt: takenAt, content: .picture(packed.picture),
            windowTitle: picture.windowTitle, origin: packed.origin)
    }
}
