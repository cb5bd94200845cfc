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
        if isFirst { BlockingThread.start { loop.run() } }
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

    /// Whether it was sent.
    var isSent: Bool {
        var signal = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&signal, 1, 0) > 0
    }

    /// Wakes the sleeper, now and whenever it tries to sleep again.
    func send() { eventfd_write(descriptor, 1) }
}
