import Conversation
import Desktop
import Evidence
import FoundationEssentials
import Glibc
import Media
import Synchronization

/// Records the screen into a file that stays playable whatever happens.
struct ScreenRecorder: Sendable {
    /// A finished recording.
    struct Result: Sendable {
        var path: String
        var width: Int
        var height: Int
        var seconds: Double
        var frames: Int
        var byteCount: Int
        /// Frames that came too fast to be written.
        var dropped: Int
        var startedAt: Date
        /// The title of the window that was recorded, or that had the focus in the beginning; nil when there was none.
        var windowTitle: String?
        /// From the start to the first frame.
        var untilFirstFrame: Duration
        /// What writing all frames and ending the file took.
        var encoding: Duration
        /// The frames that are worth showing, chosen while they were recorded.
        var candidates: [Candidate]
    }

    /// How far a recording is.
    struct Progress: Sendable {
        var frames: Int
        var byteCount: Int
        /// Frames that came too fast to be written.
        var dropped: Int
    }

    /// How often it is asked which window has the focus.
    private static let titleInterval = Duration.milliseconds(250)

    let services: Services

    /// Records until the task is cancelled or the time is over; cancelling ends the recording, it does not discard it.
    ///
    /// - Parameters:
    ///   - target: What to record.
    ///   - path: Where to; nil chooses a place among Scry's own recordings.
    ///   - seconds: The longest time from the first picture on, pauses not counted; nil records until the task is cancelled.
    ///   - rate: Frames a second at most; nil takes the configured rate.
    ///   - control: Pauses it; the time of a pause is not in the recording.
    ///   - progress: Told at most four times a second.
    /// - Throws: `CaptureFailure` or `PlaceFailure`. When the source is gone after some frames, what there is counts.
    func record(
        _ target: CaptureTarget, to path: String? = nil, seconds: Double? = nil, rate: Double? = nil,
        withCursor: Bool, control: RecordingControl = RecordingControl(),
        progress: @escaping @Sendable (Progress) -> Void = { _ in }
    ) async throws -> Result {
        // Choosing takes its time, which is not the recording's.
        let target = try await services.choosing.settled(target)
        let startedAt = Date()
        let path = try path ?? services.places.newRecording(startedAt)
        let rate = rate ?? Double(services.configuration.capture.framesPerSecond)
        async let prepared: Void = VideoWriter.prepare()
        let region = await region(of: target)
        async let title = services.screen.title(for: target, in: region)
        let frames = services.screen.frames(of: target, rate: rate, withCursor: withCursor)
        let tape = Tape(path: path, encoder: services.configuration.capture.encoder, progress: progress)
        control.begin { tape.pause($0) }
        defer { control.end() }
        do {
            try await fill(tape, with: frames, of: target, in: region, for: seconds, control)
            var result = try tape.finish(startedAt: startedAt)
            await prepared
            result.windowTitle = await title
            return result
        } catch let failure as MediaFailure {
            throw CaptureFailure(.notWritten, failure.description)
        }
    }

    private func fill(
        _ tape: Tape, with frames: AsyncThrowingStream<CapturedFrame, any Error>, of target: CaptureTarget,
        in region: Region?, for seconds: Double?, _ control: RecordingControl
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                do {
                    for try await frame in frames {
                        control.start()
                        try tape.append(frame)
                    }
                } catch let failure as CaptureFailure where failure.kind == .gone && tape.hasFrames {
                    return  // the window was closed: what was recorded until then is what there is
                }
            }
            group.addTask {
                while !Task.isCancelled {
                    try tape.note(title: await services.screen.title(for: target, in: region) ?? "")
                    try? await Task.sleep(for: Self.titleInterval)
                }
            }
            group.addTask {
                // Without a limit it ends with the group: when the source ends, or when the recording is stopped.
                let limit = Duration.seconds(min(seconds ?? .infinity, 1e9))
                while !Task.isCancelled {
                    let left = limit - control.elapsed
                    guard left > .zero else { return }
                    // During a pause nothing of it is used up, and it is not asked for all the time.
                    try? await Task.sleep(
                        for: min(.seconds(3600), control.isPaused ? max(left, .milliseconds(100)) : left))
                }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// The part of the desktop in which a recording's windows are; nil when that is all, or not known.
    private func region(of target: CaptureTarget) async -> Region? {
        switch target {
        case .region(let region): region
        case .monitor(let name): try? await services.screen.layout().displays.first { $0.name == name }?.region
        case .screen, .focusedMonitor, .activeWindow, .window, .chosenRegion, .lastRegion: nil
        }
    }

    /// Chooses the frames of a recording; the recording itself stays where it is.
    func attachment(of recording: Result, for model: ModelProfile?) async throws -> Attachment {
        var attachment = try FrameChooser().attachment(
            recording.path, label: "recording", for: model, media: services.media, takenAt: recording.startedAt,
            candidates: recording.candidates)
        attachment.windowTitle = recording.windowTitle
        return attachment
    }
}

/// The file being written, shared by the task that reads frames and the one that ends it.
///
/// The writer is used by one task at a time: `append` from the reading task, `finish` after that task has ended.
private final class Tape: Sendable {
    private struct State: ~Copyable {
        var writer: VideoWriter?
        var reported: UInt64 = 0
        var size = (width: 0, height: 0)
        var dropped = 0
        var isPaused = false
        var failure: MediaFailure?
        var untilFirstFrame = Duration.zero
        var encoding = Duration.zero
        /// Looks at each picture while it is at hand, so that nothing has to be decoded again at the end.
        var selector = FrameSelector()

        mutating func look() {
            writer?.withLastPicture { luma, time in selector.consider(FrameSignature(luma), time: time) }
        }
    }

    private let start = ContinuousClock.now
    private let path: String
    private let encoder: String
    private let progress: @Sendable (ScreenRecorder.Progress) -> Void
    private let state = Mutex(State())

    init(path: String, encoder: String, progress: @escaping @Sendable (ScreenRecorder.Progress) -> Void) {
        self.path = path
        self.encoder = encoder
        self.progress = progress
    }

    var hasFrames: Bool { state.withLock { $0.writer != nil } }

    func pause(_ isPaused: Bool) {
        state.withLock { state in
            state.isPaused = isPaused
            do {
                if isPaused {
                    try state.writer?.pause(at: MonotonicTime.now)
                } else {
                    try state.writer?.resume(at: MonotonicTime.now)
                    state.look()
                }
            } catch {
                // The recording ends with it at the next frame.
                state.failure = state.failure ?? error as? MediaFailure
            }
        }
    }

    func append(_ captured: CapturedFrame) throws {
        try state.withLock { state in
            let arrival = ContinuousClock.now
            defer { state.encoding += .now - arrival }
            if let failure = state.failure { throw failure }
            if state.writer == nil {
                state.untilFirstFrame = arrival - start
                state.size = (captured.frame.width, captured.frame.height)
                state.writer = try VideoWriter(
                    path: path, width: state.size.width, height: state.size.height, hasTitles: true,
                    encoder: encoder)
                if state.isPaused { try state.writer?.pause(at: captured.frame.time) }
            }
            try state.writer?.append(captured)
            if !state.isPaused {
                state.dropped += captured.missed
                state.look()
            }
            if captured.frame.time - state.reported > 250_000_000, let statistics = state.writer?.statistics {
                state.reported = captured.frame.time
                progress(
                    ScreenRecorder.Progress(
                        frames: statistics.frames, byteCount: statistics.bytes, dropped: state.dropped))
            }
        }
    }

    /// Notes the title of the window that is seen from now on.
    func note(title: String) throws {
        try state.withLock { try $0.writer?.note(title: title, at: MonotonicTime.now) }
    }

    func finish(startedAt: Date) throws -> ScreenRecorder.Result {
        try state.withLock { state in
            guard let writer = state.writer else {
                throw CaptureFailure(.gone, "Nothing was recorded: no picture came from the screen.")
            }
            let end = ContinuousClock.now
            let statistics = try writer.finish(at: MonotonicTime.now)
            let candidates = state.selector.finish(duration: statistics.seconds)
            return ScreenRecorder.Result(
                path: path, width: state.size.width, height: state.size.height, seconds: statistics.seconds,
                frames: statistics.frames, byteCount: statistics.bytes, dropped: state.dropped,
                startedAt: startedAt, windowTitle: nil, untilFirstFrame: state.untilFirstFrame,
                encoding: state.encoding + (.now - end), candidates: candidates)
        }
    }
}

/// CLOCK_MONOTONIC, the clock that frames are stamped with.
enum MonotonicTime {
    /// Nanoseconds since some start.
    static var now: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
