import Conversation
import Glibc
import Synchronization

/// An engine that runs as a child of this program, from its launch to its end.
final class EngineProcess: Sendable {
    private let log: EngineLog
    private let task: Task<Int32, any Error>
    private let identifier: Identifier
    private let hasEnded: Flag

    /// Launches a command; what it prints goes to the end of the log.
    init(command: [String], environment: [String: String?], log: String) {
        self.log = EngineLog(path: log)
        let identifier = Identifier()
        let hasEnded = Flag()
        self.identifier = identifier
        self.hasEnded = hasEnded
        task = Task.detached {
            defer { hasEnded.raise() }
            return try await GuardedChild.run(command, environment: environment, output: .file(log)) {
                identifier.set($0)
            }
        }
    }

    deinit { task.cancel() }

    /// The engine's own process; nil until it was launched.
    var processID: Int32? { identifier.value }

    /// Waits until the engine answers questions, and asks it what it serves.
    func ready(with model: ModelFiles, at endpoint: EngineEndpoint, within limit: Duration)
        async throws(EngineHostFailure) -> EngineProfile
    {
        let deadline = ContinuousClock.now + limit
        let inspection = EngineInspection(endpoint: endpoint)
        while ContinuousClock.now < deadline {
            if hasEnded.isRaised {
                throw EngineHostFailure(
                    .startFailed, "Scry's own engine did not start with \(model.weights). " + (await end()))
            }
            if await inspection.isHealthy(), let profile = await inspection.profile() { return profile }
            do { try await Task.sleep(for: .milliseconds(50)) } catch { throw .stopped }
        }
        throw EngineHostFailure(
            .startFailed,
            "Scry's own engine did not answer within \(limit.components.seconds) seconds; its log is \(log.path).")
    }

    /// Waits for the end, and says how it came in a sentence or two.
    func end() async -> String {
        let how: String
        switch await task.result {
        case .success(let status) where status > 128 && status < 192:
            how = "The engine was ended by signal \(status - 128)."
            // Only an engine that gives up by itself says why.
            if status - 128 != SIGABRT { return how }
        case .success(let status):
            how = "The engine ended with status \(status)."
        case .failure(let error):
            return "\(error)"
        }
        guard let complaint = log.complaint else { return how }
        return how + " The last it said: \(complaint)"
    }

    /// Ends the engine, and returns when it is gone.
    func stop() async {
        task.cancel()
        _ = await task.result
    }

    private final class Identifier: Sendable {
        private let held = Mutex<Int32?>(nil)
        var value: Int32? { held.withLock { $0 } }
        func set(_ value: Int32) { held.withLock { $0 = value } }
    }

    private final class Flag: Sendable {
        private let held = Mutex(false)
        var isRaised: Bool { held.withLock { $0 } }
        func raise() { held.withLock { $0 = true } }
    }
}
