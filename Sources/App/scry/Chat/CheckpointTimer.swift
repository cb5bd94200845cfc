import Dispatch
import Session

/// Tells when what came of an answer must be stored, where nothing comes any more with which it is stored anyway.
@MainActor
final class CheckpointTimer {
    /// When it must be stored, in seconds of the session's clock; nil where all is.
    private var time: Double?
    private var isWaiting = false

    /// What is still to come has so many seconds to come: an answer that flows needs no timer that wakes anybody.
    private static let grace = 0.05

    /// Waits until what is not stored yet must be.
    func wait(for state: SessionState, _ due: @escaping @MainActor @Sendable () -> Void) {
        time = state.checkpointTime
        if !isWaiting { wait(due) }
    }

    private func wait(_ due: @escaping @MainActor @Sendable () -> Void) {
        guard let time else { return }
        isWaiting = true
        let rest = max(0, time + Self.grace - SessionTime.now.uptime)
        // Not a task that sleeps, which would wake one thread more.
        DispatchQueue.main.asyncAfter(deadline: .now() + rest) { @Sendable in
            MainActor.assumeIsolated {
                self.isWaiting = false
                guard let time = self.time else { return }
                if SessionTime.now.uptime < time + Self.grace { return self.wait(due) }
                due()
            }
        }
    }
}
