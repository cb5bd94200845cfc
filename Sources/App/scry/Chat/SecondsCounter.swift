import Dispatch
import Session

/// Tells once a second that a second has passed, while seconds are counted: an idle chat is not woken.
@MainActor
final class SecondsCounter {
    private var isCounting = false

    /// Waits for the next second, unless it waits already or nothing is counted.
    func count(for state: SessionState, _ passed: @escaping @MainActor @Sendable () -> Void) {
        guard state.countsSeconds, !isCounting else { return }
        isCounting = true
        DispatchQueue.main.asyncAfter(deadline: .now() + 1) { @Sendable in
            MainActor.assumeIsolated {
                self.isCounting = false
                passed()
            }
        }
    }
}
