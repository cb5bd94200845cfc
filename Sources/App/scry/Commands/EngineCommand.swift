import ArgumentParser
import EngineHost

/// `scry engine`: the engine that Scry runs itself.
struct EngineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "engine", abstract: "Starts, stops and describes the engine that Scry runs itself.",
        subcommands: [
            EngineStartCommand.self, EngineStopCommand.self, EngineStatusCommand.self, EngineFetchCommand.self,
        ])
}

extension CommandFailure {
    /// The status that a failure of the engine host has for scripts.
    init(_ failure: EngineHostFailure) {
        switch failure.kind {
        case .stopped: self.init(.cancelled, failure.message)
        case .fetchFailed, .unwritable: self.init(.engineFailed, failure.message)
        default: self.init(.noEngine, failure.message)
        }
    }

    /// Runs what throws failures of the engine host.
    static func translating<Result>(_ body: () async throws -> Result) async throws -> Result {
        do { return try await body() } catch let failure as EngineHostFailure { throw CommandFailure(failure) }
    }
}
