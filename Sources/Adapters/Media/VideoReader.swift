import CLibAV
public import Desktop

/// Reads a video file: whole from start to end, or the frame that is shown at a time.
///
/// Times are seconds since the first frame. A file that was cut off is read as far as it goes; one whose recording was
/// never finished lasts until its last frame. Frames are turned as a phone's mark says; brightness is not, for nobody sees
/// it. Use from one task at a time; every call blocks while it decodes.
public final class VideoReader {
    /// How long the video lasts, in seconds.
    public let duration: Double
    /// The first frame's width.
    public let width: Int
    /// The first frame's height.
    public let height: Int

    /// A decoded picture and the second at which it appears.
    private struct Shown {
        var picture: Picture
        var time: Double
    }

    private let path: String
    private var input: VideoInput
    private let frames = FrameReader()
    private let luma = LumaReader()
    private let quarterTurns: Int
    /// The first frame's time in the stream's units.
    private let origin: Int64
    /// The frame that was asked for last.
    private var current: Shown?
    /// The frame after it.
    private var ahead: Shown?

    /// Opens a local file; nothing else is ever read, whatever the file says.
    ///
    /// - Throws: `MediaFailure` when there is no such file or not one frame in it can be decoded.
    public init(path: String) throws(MediaFailure) {
        self.path = path
        input = try VideoInput(path: path)
        guard let first = try input.next() else {
            throw MediaFailure(.unreadable, "No frame of the video \(path) can be decoded.")
        }
        origin = first.time ?? 0
        quarterTurns = input.quarterTurns
        (width, height) =
            quarterTurns % 2 == 0 ? (first.width, first.height) : (first.height, first.width)
        if let stated = input.statedDuration {
            duration = stated
        } else {
            let end = input.readToEnd() ?? origin
            duration = max(0, input.seconds(end) - input.seconds(origin))
            input = try VideoInput(path: path)
        }
    }

    /// Decodes all frames in order.
    ///
    /// A frame's `time` is the same as the seconds, in nanoseconds. An error that `body` throws ends it.
    public func forEachFrame(_ body: (Frame, Double) throws -> Void) throws {
        try forEachPicture {
            try body(try frame(of: $0), $0.time)
        }
    }

    /// Decodes the brightness of all frames in order, which is much faster than with colours.
    ///
    /// The view is gone when `body` returns. An error that `body` throws ends it.
    public func forEachLuma(_ body: (LumaView, Double) throws -> Void) throws {
        try forEachPicture { shown in
            try luma.withLuma(of: shown.picture.frame) { try body($0, shown.time) }
        }
    }

    /// Reads all of it once, and decodes what has to be seen: the first frame, the last, and where something changes.
    ///
    /// - Parameters:
    ///   - measure: Makes of a picture what tells it from others; is called on several threads at a time.
    ///   - look: Takes a picture with its time; times go up, and each picture is on the screen until the next.
    ///   - mayPass: Says whether the pictures between the last one and this one, in which by the size of the data next to
    ///     nothing changed, may be passed over unseen.
    ///   - progress: Is told now and then how many seconds have gone by; an error that it throws ends the reading.
    public func skim<Likeness: Sendable>(
        measure: @escaping @Sendable (LumaView) -> Likeness, look: @escaping (Likeness, Double) -> Void,
        mayPass: @escaping (Likeness, Double) -> Bool, progress: (Double) throws -> Void = { _ in }
    ) throws {
        try rewind()
        try VideoSkimmer(
            input, origin: origin, watcher: .init(measure: measure, look: look, mayPass: mayPass)
        ).run(progress: progress)
        try rewind()
    }

    /// The titles of the windows that were seen, in order of time; none in files that are not the program's own recordings.
    public func windowTitles() -> [TimedTitle] {
        guard let input = try? VideoInput(path: path) else { return [] }
        let start = input.seconds(origin)
        return input.takeTitles().map { TimedTitle(time: max(0, $0.time - start), title: $0.title) }
    }

    /// Decodes the frame that is shown at a time: the first before the beginning, the last after the end.
    ///
    /// Asking for times in ascending order is fastest.
    public func frame(at seconds: Double) throws(MediaFailure) -> Frame {
        let seconds = max(0, seconds.isNaN ? 0 : seconds)
        let isNear = current.map { seconds >= $0.time && goesOn(to: seconds, from: $0.time) } ?? false
        if !isNear { try seek(to: seconds) }
        try advance(to: seconds)
        if let current, current.time > seconds + Self.tolerance, !isNear {
            // The file's index lied: from the beginning, then.
            try rewind()
            try advance(to: seconds)
        }
        guard let current else {
            throw MediaFailure(.unreadable, "The frame at \(seconds) s of \(path) cannot be decoded.")
        }
        return try frame(of: current)
    }

    private func frame(of shown: Shown) throws(MediaFailure) -> Frame {
        try frames.frame(from: shown.picture.frame, time: Self.nanoseconds(shown.time)).turned(quarterTurns)
    }

    // MARK: - Moving

    /// Whether decoding on from a time leads to a later one sooner than seeking does.
    private func goesOn(to seconds: Double, from start: Double) -> Bool {
        guard seconds >= start + 1 else { return true }
        return !(input.hasKey(after: units(start), notAfter: units(seconds)) ?? (seconds >= start + 5))
    }

    /// A time in the stream's units; the end of time when it is behind that.
    private func units(_ seconds: Double) -> Int64 {
        let (units, isTooLarge) = origin.addingReportingOverflow(input.units(seconds + Self.tolerance))
        return isTooLarge ? .max : units
    }

    /// Times that went through a file's units and back are this exact.
    private static let tolerance = 0.0005

    private static func nanoseconds(_ seconds: Double) -> UInt64 { UInt64(max(0, min(1e9, seconds)) * 1e9) }

    private func forEachPicture(_ body: (Shown) throws -> Void) throws {
        try rewind()
        var before = -1.0
        while let shown = try next(after: before) {
            before = shown.time
            try body(shown)
        }
        (current, ahead) = (nil, nil)
    }

    private func rewind() throws(MediaFailure) {
        (current, ahead) = (nil, nil)
        input = try VideoInput(path: path)
    }

    private func seek(to seconds: Double) throws(MediaFailure) {
        (current, ahead) = (nil, nil)
        if !input.seek(to: units(seconds)) { try rewind() }
    }

    /// Decodes until the frame at hand is the one shown at a time.
    private func advance(to seconds: Double) throws(MediaFailure) {
        input.goal = units(seconds)
        defer { input.goal = nil }
        while true {
            if ahead == nil { ahead = try next(after: current?.time ?? -1) }
            guard let next = ahead, current == nil || next.time <= seconds + Self.tolerance else { break }
            current = next
            ahead = nil
        }
        // Sought behind the last frame of a cut file: the last one is somewhere before, and may be any.
        if current == nil {
            try rewind()
            input.goal = nil
            while let next = try next(after: current?.time ?? -1) {
                if current != nil, next.time > seconds + Self.tolerance { break }
                current = next
            }
        }
    }

    /// The next frame; one without a time comes a millisecond after the one before.
    private func next(after before: Double) throws(MediaFailure) -> Shown? {
        guard let picture = try input.next() else { return nil }
        let time = picture.time.map { input.seconds($0) - input.seconds(origin) } ?? before + 0.001
        return Shown(picture: picture, time: max(0, time))
    }
}

extension Picture {
    /// When a decoded picture is shown, in its stream's units; nil when nothing is known.
    var time: Int64? {
        frame.pointee.best_effort_timestamp == LibAV.noTime ? nil : frame.pointee.best_effort_timestamp
    }
}
