import Dispatch
import Glibc
import Synchronization

/// Runs a command's work so that Ctrl-C, a termination signal and `--timeout` cancel it instead of killing it.
enum Deadline {
    /// Runs `work`; cancelled, it has the time to store what came.
    ///
    /// - Throws: What `work` throws, or `CommandFailure` with the status of what cancelled it.
    static func run(seconds: Double?, _ work: @escaping @Sendable () async throws -> Void) async throws {
        let cause = Cause()
        let task = Task { try await work() }
        let signals = Interrupts.watch {
            // Who asks again does not want to wait until everything is put away; coreutils' timeout asks twice at once.
            if cause.isOlder(than: .milliseconds(500)) { _exit(ExitStatus.cancelled.rawValue) }
            cause.note(.cancelled)
            task.cancel()
        }
        let timer = seconds.map { seconds in
            Task {
                try await Task.sleep(for: .seconds(seconds))
                cause.note(.timedOut)
                task.cancel()
            }
        }
        defer {
            timer?.cancel()
            signals.forEach { $0.cancel() }
        }
        do {
            try await task.value
        } catch {
            switch cause.status {
            case .timedOut?: throw CommandFailure(.timedOut, "No whole answer came within \(seconds ?? 0) s.")
            case let status?: throw CommandFailure(status, "Cancelled.")
            case nil: throw error
            }
        }
    }

    /// What cancelled the work, the first that did.
    private final class Cause: Sendable {
        private let first = Mutex<(status: ExitStatus, time: ContinuousClock.Instant)?>(nil)

        var status: ExitStatus? { first.withLock { $0?.status } }

        func isOlder(than age: Duration) -> Bool { first.withLock { $0.map { .now - $0.time > age } ?? false } }

        func note(_ status: ExitStatus) { first.withLock { $0 = $0 ?? (status, .now) } }
    }
}
