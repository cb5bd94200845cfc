import Conversation
import Desktop
import Evidence
import History
import Media

/// Cuts a recording anew for an engine that takes video: two frames a second at even times.
///
/// The models of the GLM-V family look at two frames a second and count on even times, which a recording of changes does
/// not have. Long videos reach them too small to read: those go as pictures.
struct EvenVideo {
    /// Frames a second that the models sample.
    private static let rate = 2
    /// Above so many tokens a video is scaled down by the engine, and its text is lost.
    private static let mostTokens = 24_000

    let media: MediaStore

    /// Cuts a recording, when it stays legible.
    ///
    /// - Returns: The stored video; nil when pictures serve better.
    /// - Throws: `MediaFailure` or `HistoryFailure`.
    func cut(_ path: String, seconds: Double, for model: ModelProfile) throws -> MediaReference? {
        let reader = try VideoReader(path: path)
        let count = max(2, Int((seconds * Double(Self.rate)).rounded(.up)))
        let cost = PixelBudget.forModel(model.id).tokens(width: reader.width, height: reader.height)
        // Two frames of a video become one picture's worth of tokens.
        guard count * cost / 2 <= min(Self.mostTokens, (model.contextLength ?? .max) / 2) else { return nil }
        let file = try media.incomingPath(for: "video/x-matroska")
        let writer = try VideoWriter(
            path: file, width: reader.width, height: reader.height, framesPerSecond: Self.rate)
        for index in 0..<count {
            let time = Double(index) / Double(Self.rate)
            let frame = try reader.frame(at: min(time, reader.duration))
            try writer.append(
                CapturedFrame(
                    frame: Frame(
                        width: frame.width, height: frame.height, stride: frame.stride, format: frame.format,
                        pixels: frame.pixels, time: UInt64(time * 1e9)), changes: nil))
        }
        _ = try writer.finish(at: UInt64(Double(count) / Double(Self.rate) * 1e9))
        return try media.adopt(file: file, mediaType: "video/x-matroska", width: writer.width, height: writer.height)
    }
}
