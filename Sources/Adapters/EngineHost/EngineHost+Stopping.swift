import Foundation
import Glibc

/// What other programs see of the engine, and how they end it.
extension EngineHost {
    /// What `stop` found.
    public enum StopOutcome: Sendable, Equatable {
        /// No Scry program runs an engine.
        case notRunning
        /// The engine with this process is gone.
        case stopped(process: Int32?)
    }

    /// The engine of any Scry program, also while it is still being started; nil where there is none.
    public static func status(in directories: EngineDirectories) async -> EngineStatus? {
        // A record is worth nothing when nobody holds the lock: its writer was killed.
        guard let record = EngineRecord.read(directories.record), isHeld(directories) else { return nil }
        let engine = await current(in: directories)
        var status = EngineStatus(owner: record.owner, isKept: record.isKept ?? false, log: directories.log)
        status.engine = engine
        status.processID = record.engine
        status.residentBytes = record.engine.flatMap { ProcessFacts(of: $0)?.residentBytes }
        status.since = record.since
        return status
    }

    /// Ends the engine of whichever Scry program runs it; programs that share it do not start another.
    ///
    /// Only a process that the record names by its number and its start is ended: the number may be another's by now.
    public static func stopRunning(in directories: EngineDirectories) async throws(EngineHostFailure) -> StopOutcome {
        guard isHeld(directories) else {
            // Nobody is left who would tidy up.
            unlink(directories.record)
            unlink(directories.socket)
            return .notRunning
        }
        guard let record = EngineRecord.read(directories.record) else {
            throw EngineHostFailure(.startFailed, "Another Scry is just starting an engine; try again in a moment.")
        }
        let victim: (process: Int32, start: UInt64?)
        if let engine = record.engine {
            victim = (engine, record.engineStart)
        } else if record.isKept == true {
            victim = (record.owner, record.ownerStart)
        } else {
            throw EngineHostFailure(
                .startFailed,
                "The Scry with process \(record.owner) is still starting its engine; wait until it answers, or end that."
            )
        }
        guard ProcessFacts.isSame(victim.process, startedAt: victim.start) else {
            throw EngineHostFailure(
                .startFailed,
                "Process \(victim.process) is no engine of Scry's any more; the Scry with process \(record.owner) may be "
                    + "starting another: try again in a moment.")
        }
        try PrivateFile.write([], to: directories.stopMark)
        try await end(victim.process, startedAt: victim.start)
        // The keeper tidies up and goes; then a new one can start at once.
        if record.isKept == true { _ = await isGone(record.owner, startedAt: record.ownerStart, within: .seconds(10)) }
        return .stopped(process: record.engine)
    }

    /// Whether the engine that ran was ended by `scry engine stop`.
    public static func wasStopped(in directories: EngineDirectories) -> Bool {
        access(directories.stopMark, F_OK) == 0
    }

    private static func isHeld(_ directories: EngineDirectories) -> Bool {
        guard access(directories.lock, F_OK) == 0 else { return false }
        // A lock that cannot be opened is somebody's, too.
        guard let lock = try? FileLock.take(directories.lock) else { return true }
        return withExtendedLifetime(lock) { false }
    }

    private static func end(_ process: Int32, startedAt start: UInt64?) async throws(EngineHostFailure) {
        for signal in [SIGTERM, SIGKILL] {
            // A moment ago it was the right one; a process number is not given away again that fast.
            guard kill(process, signal) == 0 || errno == ESRCH else {
                throw EngineHostFailure(
                    .startFailed, "Process \(process) cannot be ended: \(String(cString: strerror(errno))).")
            }
            if await isGone(process, startedAt: start, within: .seconds(4)) { return }
        }
        throw EngineHostFailure(.startFailed, "Process \(process) does not end.")
    }

    private static func isGone(_ process: Int32, startedAt start: UInt64?, within limit: Duration) async -> Bool {
        let deadline = ContinuousClock.now + limit
        while ProcessFacts.isSame(process, startedAt: start) {
            guard ContinuousClock.now < deadline, !Task.isCancelled else { return false }
            try? await Task.sleep(for: .milliseconds(20))
        }
        return true
    }
}
