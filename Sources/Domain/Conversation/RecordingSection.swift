/// What an engine told of a stretch of a recording.
public struct RecordingSection: Sendable, Equatable, Codable {
    /// When the stretch begins, in seconds.
    public var start: Double
    /// When it ends, in seconds.
    public var end: Double
    /// The times of the frames that the engine saw, in order.
    public var frames: [Double]
    /// What happens in it, a line for each event.
    public var text: String

    /// Makes a section.
    public init(start: Double, end: Double, frames: [Double], text: String) {
        self.start = start
        self.end = end
        self.frames = frames
        self.text = text
    }
}
