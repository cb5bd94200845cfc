import Foundation
import Glibc

/// Runs an engine such as vLLM in the foreground: watches until it answers, and ends it with this program.
public struct ServedEngine: Sendable {
    /// What happens meanwhile.
    public enum Event: Sendable, Equatable {
        /// It was launched, as this process.
        case launched(Int32)
        /// It does not answer yet; the last line of its log.
        case waiting(String)
        /// It answers.
        case ready
    }

    let command: ExplainedCommand
    let port: UInt16
    let directories: EngineDirectories
    let kind: ClusterCommand.Kind

    /// Takes the first machine's command.
    public init?(_ command: ClusterCommand, kind: ClusterCommand.Kind, directories: EngineDirectories) {
        guard let first = command.commands.first else { return nil }
        self.command = first
        self.kind = kind
        self.directories = directories
        port = command.port
    }

    /// Where it writes what it says.
    public var log: String { directories.state + "/\(kind.rawValue).log" }

    /// Runs it to its end; cancelling the task ends it.
    ///
    /// - Throws: `stopped` when the task was cancelled, else a sentence with the last that the engine said.
    public func run(searchPath: String, _ tell: @escaping @Sendable (Event) -> Void) async throws(EngineHostFailure) {
        guard let name = command.words.first, let program = EngineProgram.find(name, in: searchPath) else {
            throw EngineHostFailure(
                .startFailed,
                "\(kind.title) is not on your PATH: activate its environment, or install it; "
                    + "--print shows the command for another machine.")
        }
        // Health of a stranger on the port would be taken for that of the engine.
        _ = try EngineEndpoint.freePort(port)
        try PrivateFile.makeDirectory(directories.state)
        let log = EngineLog(path: log)
        try log.rotate()
        let process = EngineProcess(
            command: [program] + command.words.dropFirst(), environment: command.variables.mapValues { $0 },
            log: log.path)
        let health = LocalRequest(endpoint: EngineEndpoint(port: port), path: "/health")
        let watcher = Task {
            var isLaunched = false
            while !Task.isCancelled {
                if !isLaunched, let identifier = process.processID {
                    isLaunched = true
                    tell(.launched(identifier))
                }
                if await health.answer()?.status == 200 { return tell(.ready) }
                if let line = log.lastLine { tell(.waiting(line)) }
                try? await Task.sleep(for: .milliseconds(250))
            }
        }
        let how = await withTaskCancellationHandler {
            await process.end()
        } onCancel: {
            watcher.cancel()
            Task { await process.stop() }
        }
        watcher.cancel()
        await watcher.value
        if Task.isCancelled { throw EngineHostFailure(.stopped, "\(kind.title) was stopped.") }
        throw EngineHostFailure(.startFailed, "\(kind.title) is gone. \(how) Its log is \(log.path).")
    }
}
