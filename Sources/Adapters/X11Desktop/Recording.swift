import CX11
import Desktop
import Glibc
import Synchronization

/// A recording as its reader sees it: it starts with the first `next` and ends when this goes away.
final class Recording: Sendable {
    private let loop: RecordingLoop
    private let isStarted = Mutex(false)

    init(place: X11Place, target: CaptureTarget, rate: Double, withCursor: Bool) {
        let rate = rate.isFinite && rate > 0 ? min(rate, 1000) : 1
        loop = RecordingLoop(
            place: place, target: target, interval: UInt64(1_000_000_000 / rate), withCursor: withCursor,
            // A fifth of a second: an encoder's hiccup costs no frame, and nobody sees an old one.
            mailbox: FrameMailbox(capacity: Int(rate / 5)), wake: WakeSignal())
    }

    deinit { loop.stop() }

    /// The next frame; nil when the task was cancelled.
    func next() async throws -> CapturedFrame? {
        let loop = loop
        let isFirst = isStarted.withLock { isStarted in
            defer { isStarted = true }
            return !isStarted
        }
        if isFirst { RecordingThread.start { loop.run() } }
        return try await withTaskCancellationHandler {
            try await loop.mailbox.next()
        } onCancel: {
            loop.stop()
        }
    }
}

/// Wakes a thread that sleeps in `poll`.
final class WakeSignal: Sendable {
    /// Becomes readable; negative if there are no descriptors left, then sleepers wake by their time-out only.
    let descriptor: Int32 = cx11_wake_descriptor()

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Wakes the sleeper, now and whenever it tries to sleep again.
    func send() { eventfd_write(descriptor, 1) }
}

/// A thread for work that blocks.
private final class RecordingThread {
    private let body: @Sendable () -> Void

    private init(_ body: @escaping @Sendable () -> Void) { self.body = body }

    /// Runs the body on a new thread.
    static func start(_ body: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        let context = Unmanaged.passRetained(RecordingThread(body))
        guard pthread_create(&thread, nil, runThread, context.toOpaque()) == 0 else {
            // No thread to be had: the body still has to answer its reader.
            context.takeRetainedValue().body()
            return
        }
        pthread_detach(thread)
    }

    fileprivate static func run(_ context: UnsafeMutableRawPointer) {
        Unmanaged<RecordingThread>.fromOpaque(context).takeRetainedValue().body()
    }
}

private func runThread(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let context { RecordingThread.run(context) }
    return nil
}
