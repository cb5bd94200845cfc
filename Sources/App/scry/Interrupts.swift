import Dispatch
import Glibc
import Synchronization

/// Turns Ctrl-C and termination signals into cancellation, for work that ends well when it is cancelled.
enum Interrupts {
    /// Runs `work`; a signal cancels it, and its result still counts.
    static func cancelling<Result: Sendable>(_ work: @escaping @Sendable () async throws -> Result) async throws
        -> Result
    {
        let task = Task { try await work() }
        let sources = watch { task.cancel() }
        defer { sources.forEach { $0.cancel() } }
        return try await task.value
    }

    /// Runs `work` until it ends or a signal cancels it; to end by a signal is what is expected of it.
    static func ending(_ work: @escaping @Sendable () async throws -> Void) async throws {
        let wasEnded = Atomic(false)
        let task = Task { try await work() }
        let sources = watch {
            wasEnded.store(true, ordering: .relaxed)
            task.cancel()
        }
        defer { sources.forEach { $0.cancel() } }
        do {
            try await task.value
        } catch  where wasEnded.load(ordering: .relaxed) {}
    }

    /// Calls back on each SIGINT, SIGTERM and SIGHUP until the sources are cancelled.
    static func watch(_ body: @escaping @Sendable () -> Void) -> [any DispatchSourceSignal] {
        [SIGINT, SIGTERM, SIGHUP].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler { @Sendable in body() }
            source.resume()
            return source
        }
    }
}
