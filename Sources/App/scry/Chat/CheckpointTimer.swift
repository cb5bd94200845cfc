import Session

/// Tells when what came of an answer must be stored, if nothing happens before.
@MainActor
final class CheckpointTimer {
    private var isWaiting = false

    /// Waits until what is not stored yet must be, unless it waits already.
    func wait(for state: SessionState, _ due: @escaping @Sendable () -> Void) {
        guard let time = state.checkpointTime, !isWaiting else { return }
        isWaiting = true
        Task {
            try? await Task.sleep(for: .seconds(max(0, time - SessionTime.now.uptime)))
            isWaiting = false
            due()
        }
    }
}
