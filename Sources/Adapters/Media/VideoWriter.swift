import CLibAV
public import Desktop

/// Writes a recording of the screen: H.264 in Matroska, each frame with its own time.
///
///     let writer = try VideoWriter(path: path, width: 1920, height: 1080)
///     for try await frame in frames { try writer.append(frame) }
///     let statistics = try writer.finish(at: now)
///
/// A frame is on the screen until the next one: a still screen costs nothing. Only what changed is converted. A file that was
/// never finished can be played up to the last frame appended. A pause leaves no gap. Use from one task at a time.
public final class VideoWriter {
    /// What a recording came to.
    public struct Statistics: Sendable, Equatable {
        /// How many frames were written.
        public var frames: Int
        /// How many bytes the file has.
        public var bytes: Int
        /// How long the recording lasts, in seconds.
        public var seconds: Double
    }

    /// Frames from a key frame to the next: what seeking has to decode at most.
    ///
    /// Counted in frames, not in seconds: a screen on which only a caret blinks would else be most of all key frames.
    private static let keyFrameInterval = 60
    /// Characters of a title that are kept.
    private static let longestTitle = 200

    /// The width of the video: the first frame's, made even.
    public var width: Int { canvas.picture.width }
    /// The height of the video: the first frame's, made even.
    public var height: Int { canvas.picture.height }

    /// The encoder in use.
    public let encoderName: String

    private let canvas: VideoCanvas
    private let encoder: Encoder
    private let file: MatroskaFile
    /// When the recording began, in the frames' time; nil before the first frame.
    private var start: UInt64?
    /// Since when nothing is written, in the frames' time; nil while frames are.
    private var pausedAt: UInt64?
    /// What all pauses so far took, in nanoseconds: it is cut out of the file's times.
    private var pausedTime: UInt64 = 0
    /// The newest frame of a pause, with which it will go on.
    private var waiting: Frame?
    /// Milliseconds of the last frame since the start.
    private var last: Int64 = -1
    private var frameCount = 0
    private var isFinished = false
    /// The title that was noted last.
    private var title = ""
    /// The file's size when it was closed.
    private var finalByteCount = 0

    /// Loads what writing needs, so that the first frame need not wait for it.
    ///
    /// Where something is missing, `init` says so.
    public static func prepare() { try? LibAV.prepare() }

    /// Creates the file, which only its owner may read; one of the same name is replaced.
    ///
    /// - Parameters:
    ///   - width: the frames' width; an odd last column is left out.
    ///   - height: the frames' height; an odd last row is left out.
    ///   - framesPerSecond: the rate of frames that come evenly, which the file then states; nil for frames at any time.
    ///   - hasTitles: whether windows' titles are going to be noted in it.
    ///   - encoder: the only encoder to use, as `VideoEncoders.names` has them; `VideoEncoders.automatic` for one of the
    ///     hardware where that works; nil for the best of software.
    public init(
        path: String, width: Int, height: Int, framesPerSecond: Int? = nil, hasTitles: Bool = false,
        encoder name: String? = nil
    ) throws(MediaFailure) {
        guard width > 0, height > 0, width <= 16_384, height <= 16_384 else {
            throw MediaFailure(.tooLarge, "A screen of \(width)×\(height) pixels cannot be recorded.")
        }
        canvas = try VideoCanvas(width: width, height: height)
        (encoderName, encoder) = try VideoEncoders.open(
            width: canvas.picture.width, height: canvas.picture.height, only: name)
        file = try MatroskaFile(path: path, encoder: encoder, framesPerSecond: framesPerSecond, hasTitles: hasTitles)
    }

    /// Adds a frame; its time says when it appeared.
    ///
    /// `changes` must be nil, or cover all that changed since the frame appended before.
    ///
    /// - Throws: `MediaFailure`; of kind `.diskFull` or `.notWritten` the file is intact up to the frame before.
    public func append(_ captured: CapturedFrame) throws(MediaFailure) {
        precondition(!isFinished, "append after finish")
        let isFirst = start == nil
        if pausedAt != nil, !isFirst {
            waiting = captured.frame
            return
        }
        let start = start ?? captured.frame.time
        self.start = start
        try canvas.draw(isFirst ? CapturedFrame(frame: captured.frame, changes: nil) : captured)
        try encode(at: milliseconds(captured.frame.time, since: start))
    }

    /// Lets the last frame last until a time, and writes nothing more until `resume`.
    ///
    /// The first frame of all is written also during a pause: a file has at least one.
    ///
    /// - Throws: `MediaFailure`; it is paused all the same.
    public func pause(at time: UInt64) throws(MediaFailure) {
        guard pausedAt == nil, !isFinished else { return }
        // Where the pause is cut out, the picture before it ends and the one after it begins.
        defer { pausedAt = time }
        try extend(to: time)
    }

    /// Goes on with what is on the screen by then; the time since `pause` is not part of the recording.
    ///
    /// - Throws: `MediaFailure`; it goes on all the same.
    public func resume(at time: UInt64) throws(MediaFailure) {
        guard let pausedAt, !isFinished else { return }
        let from = max(pausedAt, start ?? time)
        if time > from { pausedTime += time - from }
        self.pausedAt = nil
        guard let frame = waiting, let start else { return }
        waiting = nil
        try canvas.draw(CapturedFrame(frame: frame, changes: nil))
        try encode(at: milliseconds(time, since: start))
    }

    /// Notes the title of the window that is seen from a time on; empty when there is none.
    ///
    /// Before the first frame and during a pause nothing is noted.
    ///
    /// - Throws: `MediaFailure`.
    public func note(title: String, at time: UInt64) throws(MediaFailure) {
        // No window needs more, and a program that says more shall not fill the disk.
        let title = String(title.prefix(Self.longestTitle))
        guard let start, pausedAt == nil, !isFinished, title != self.title else { return }
        try file.write(title: title, at: milliseconds(time, since: start))
        self.title = title
    }

    /// Shows the last frame once more, so that a file that is never finished lasts at least until then.
    public func extend(to time: UInt64) throws(MediaFailure) {
        guard let start, !isFinished, milliseconds(time, since: start) > last else { return }
        try encode(at: milliseconds(time, since: start))
    }

    /// Lets the last frame last until a time, and closes the file.
    ///
    /// - Throws: `MediaFailure`; what was written before stays readable.
    @discardableResult
    public func finish(at time: UInt64) throws(MediaFailure) -> Statistics {
        guard !isFinished else { return statistics }
        // Matroska says how long a frame lasts only by the one after it.
        try extend(to: time)
        isFinished = true
        try encoder.encode(nil) { packet throws(MediaFailure) in try file.write(packet) }
        finalByteCount = file.byteCount
        try file.finish()
        return statistics
    }

    /// What was written so far.
    public var statistics: Statistics {
        Statistics(
            frames: frameCount, bytes: max(file.byteCount, finalByteCount), seconds: Double(max(0, last)) / 1000)
    }

    /// Lends the brightness of the picture that was written last, and says when it appeared in the file, in seconds.
    ///
    /// - Returns: nil before the first frame.
    public func withLastPicture<Result>(_ body: (LumaView, Double) throws -> Result) rethrows -> Result? {
        let planes = canvas.picture.planes
        guard last >= 0, let start = planes.starts[0] else { return nil }
        let luma = LumaView(
            bytes: UnsafeRawBufferPointer(start: start, count: Int(planes.strides[0]) * height), width: width,
            height: height, stride: Int(planes.strides[0]))
        return try body(luma, Double(last) / 1000)
    }

    // MARK: - Encoding

    /// Milliseconds of the file: without the pauses, and still during one.
    private func milliseconds(_ time: UInt64, since start: UInt64) -> Int64 {
        let begin = start + pausedTime
        let time = min(time, pausedAt ?? time)
        return time <= begin ? 0 : Int64(min((time - begin + 500_000) / 1_000_000, 1 << 40))
    }

    private func encode(at milliseconds: Int64) throws(MediaFailure) {
        let time = max(last + 1, milliseconds)
        let isKey = frameCount % Self.keyFrameInterval == 0
        last = time
        let picture = canvas.picture
        picture.frame.pointee.pts = time
        picture.frame.pointee.pict_type = isKey ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE
        try encoder.encode(picture) { packet throws(MediaFailure) in try file.write(packet) }
        frameCount += 1
    }
}
