import Desktop
import Synchronization

/// A stream, and what is wanted of it.
struct WatchedStream: Sendable {
    let stream: LiveStream
    /// The part of the stream that is wanted; nil for all of it.
    var area: Region?

    /// How long a picture that was there already may wait for a newer one: what was just drawn takes two frames to come.
    private static let settling = Duration.milliseconds(40)

    /// Takes one picture.
    ///
    /// - Throws: `Late` when the screen sends none, because nothing on it changes; or `CaptureFailure`.
    func picture(withCursor: Bool, within limit: Duration) async throws -> Frame {
        if stream.core.newest == nil {
            try await stream.core.reach(.picture, within: limit)
        } else {
            try await Task.sleep(for: Self.settling)
        }
        let mailbox = FrameMailbox(capacity: 1)
        let number = stream.core.add(StreamWish(area: area, interval: 1, withCursor: withCursor), mailbox: mailbox)
        defer { stream.core.remove(number) }
        mailbox.finish(nil)
        guard let frame = try await mailbox.next()?.frame else {
            let size = stream.core.newest.map { " It is \($0.width)x\($0.height) pixels large." } ?? ""
            throw CaptureFailure(.noTarget, "The region lies outside of what is shared.\(size)")
        }
        return frame
    }
}

/// A recording as its reader sees it: it starts with the first `next` and ends when this goes away.
final class StreamRecording: Sendable {
    private enum State {
        case waiting
        case running(WatchedStream, reader: Int)
        case over
    }

    private let state = Mutex(State.waiting)
    private let mailbox: FrameMailbox
    private let interval: UInt64
    private let withCursor: Bool
    private let open: @Sendable (UInt32) async throws -> WatchedStream
    private let rate: UInt32

    /// Makes a recording that has not begun.
    ///
    /// - Parameter open: gets the stream at a rate; it may have to ask a person.
    init(rate: Double, withCursor: Bool, open: @escaping @Sendable (UInt32) async throws -> WatchedStream) {
        let rate = rate.isFinite && rate > 0 ? min(rate, 1000) : 1
        self.rate = UInt32(rate.rounded(.up))
        interval = UInt64(1_000_000_000 / rate)
        self.withCursor = withCursor
        self.open = open
        // A fifth of a second: an encoder's hiccup costs no frame, and nobody sees an old one.
        mailbox = FrameMailbox(capacity: Int(rate / 5))
    }

    deinit { stop() }

    /// The next frame; nil when the task was cancelled.
    func next() async throws -> CapturedFrame? {
        let isFirst = state.withLock { state in
            if case .waiting = state { true } else { false }
        }
        if isFirst {
            do {
                try await start()
            } catch is CancellationError {
                stop()
                return nil
            }
        }
        let mailbox = mailbox
        return try await withTaskCancellationHandler {
            try await mailbox.next()
        } onCancel: {
            mailbox.finish(nil)
        }
    }

    private func start() async throws {
        let watched = try await open(rate)
        let reader = watched.stream.core.add(
            StreamWish(area: watched.area, interval: interval, withCursor: withCursor), mailbox: mailbox)
        state.withLock { $0 = .running(watched, reader: reader) }
    }

    private func stop() {
        mailbox.finish(nil)
        let last = state.withLock { state in
            defer { state = .over }
            return state
        }
        if case .running(let watched, let reader) = last { watched.stream.core.remove(reader) }
    }
}
