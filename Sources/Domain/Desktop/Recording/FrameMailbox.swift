import Synchronization

/// Hands frames from a recording's thread to its reader: a short queue where the newest win.
public final class FrameMailbox: Sendable {
    private struct State {
        /// Frames that nobody has read, oldest first.
        var queue: [CapturedFrame] = []
        /// Whether no more will come.
        var isFinished = false
        /// Why, if not because the reader wished so; told once.
        var failure: CaptureFailure?
        /// Who waits for the next frame.
        var reader: CheckedContinuation<CapturedFrame?, any Error>?
    }

    private let state = Mutex(State())
    private let capacity: Int

    /// Makes a mailbox that keeps at most `capacity` frames.
    public init(capacity: Int) { self.capacity = max(1, capacity) }

    /// Whether no more frames are wanted or will come.
    public var isFinished: Bool { state.withLock(\.isFinished) }

    /// Adds a frame; drops the oldest when there are too many, and lets the following frame answer for its changes.
    public func put(_ frame: CapturedFrame) {
        let reader = state.withLock { state -> CheckedContinuation<CapturedFrame?, any Error>? in
            guard !state.isFinished else { return nil }
            if let reader = state.reader {
                state.reader = nil
                return reader
            }
            state.queue.append(frame)
            if state.queue.count > capacity {
                let dropped = state.queue.removeFirst()
                state.queue[0].changes = Self.changes(since: dropped, in: state.queue[0])
                state.queue[0].missed += dropped.missed + 1
            }
            return nil
        }
        reader?.resume(returning: frame)
    }

    /// Ends the stream, after the frames that wait.
    public func finish(_ failure: CaptureFailure?) {
        let reader = state.withLock { state -> CheckedContinuation<CapturedFrame?, any Error>? in
            guard !state.isFinished else { return nil }
            state.isFinished = true
            defer { state.reader = nil }
            if state.reader == nil { state.failure = failure }
            return state.reader
        }
        if let failure { reader?.resume(throwing: failure) } else { reader?.resume(returning: nil) }
    }

    /// The next frame; nil at the end.
    ///
    /// Call it from one task at a time; cancelling is left to the caller.
    public func next() async throws -> CapturedFrame? {
        try await withCheckedThrowingContinuation { continuation in
            let answer = state.withLock { state -> Result<CapturedFrame?, any Error>? in
                if !state.queue.isEmpty { return .success(state.queue.removeFirst()) }
                if let failure = state.failure {
                    state.failure = nil
                    return .failure(failure)
                }
                // A second reader would be a misuse; it gets the end rather than a hang.
                if state.isFinished || state.reader != nil { return .success(nil) }
                state.reader = continuation
                return nil
            }
            if let answer { continuation.resume(with: answer) }
        }
    }

    private static func changes(since dropped: CapturedFrame, in frame: CapturedFrame) -> [Region]? {
        guard let earlier = dropped.changes, let later = frame.changes, dropped.frame.width == frame.frame.width,
            dropped.frame.height == frame.frame.height
        else { return nil }
        return ChangeList(earlier + later).boxes
    }
}
