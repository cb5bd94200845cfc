import Synchronization

/// Lets a recording that runs rest and go on, from any thread, and knows how long it has been.
final class RecordingControl: Sendable {
    private struct State {
        var start: ContinuousClock.Instant?
        var pausedAt: ContinuousClock.Instant?
        var pausedTime = Duration.zero
        var listener: (@Sendable (Bool) -> Void)?
    }

    private let state = Mutex(State())

    /// Whether nothing is recorded at the moment.
    var isPaused: Bool { state.withLock { $0.pausedAt != nil } }

    /// How long it has been recorded, without the pauses; zero before the first picture.
    var elapsed: Duration {
        state.withLock { state in
            guard let start = state.start else { return .zero }
            return (state.pausedAt ?? .now) - start - state.pausedTime
        }
    }

    /// Pauses or goes on.
    func pause(_ isPaused: Bool) {
        state.withLock { state in
            guard (state.pausedAt != nil) != isPaused else { return }
            Self.toggle(&state)
        }
    }

    /// Pauses what runs, goes on with what is paused.
    func toggle() { state.withLock { Self.toggle(&$0) } }

    /// The recording begins; from now on the listener is told of every change, and at once when it is paused already.
    ///
    /// The listener may not switch or ask anything itself.
    func begin(telling listener: @escaping @Sendable (Bool) -> Void) {
        state.withLock { state in
            state.start = nil
            state.pausedTime = .zero
            state.listener = listener
            if state.pausedAt != nil { listener(true) }
        }
    }

    /// The first picture is there: the time counts from here, however long the desktop or the person took until then.
    func start() {
        state.withLock { state in
            guard state.start == nil else { return }
            let now = ContinuousClock.now
            state.start = now
            if state.pausedAt != nil { state.pausedAt = now }
        }
    }

    /// The recording is over: nobody is told any more.
    func end() { state.withLock { $0.listener = nil } }

    private static func toggle(_ state: inout State) {
        if let pausedAt = state.pausedAt {
            state.pausedTime += state.start == nil ? .zero : .now - pausedAt
            state.pausedAt = nil
        } else {
            state.pausedAt = .now
        }
        // Told while the lock is held: two who switch at once must not be heard in the wrong order.
        state.listener?(state.pausedAt != nil)
    }
}
