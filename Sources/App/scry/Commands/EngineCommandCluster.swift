import Conversation
import EngineHost
import Foundation
import Synchronization

/// `scry engine start --kind vllm|sglang`: prints the command line, or runs it and watches.
struct EngineClusterRun: Sendable {
    let command: EngineStartCommand
    let services: Services

    func run(_ kind: ClusterCommand.Kind) async throws {
        try await CommandFailure.translating {
            let composed = try await composed(kind)
            if command.print { return Standard.output(composed.text) }
            try await serve(composed, kind)
        }
    }

    private func composed(_ kind: ClusterCommand.Kind) async throws -> ClusterCommand {
        let wish = ClusterCommand.Wish(
            kind: kind, model: command.model ?? "glm-4.6v-flash", context: command.context, port: command.port,
            nodes: command.nodes)
        var cards: GraphicsCards?
        if let count = command.gpus, let memory = command.gpuMemory {
            cards = GraphicsCards(count: count, memory: Int(memory * Double(1 << 30)))
        } else {
            cards = await GraphicsCards.measured(searchPath: searchPath)
        }
        return try ClusterCommand(wish, on: cards)
    }

    private func serve(_ composed: ClusterCommand, _ kind: ClusterCommand.Kind) async throws {
        guard let engine = ServedEngine(composed, kind: kind, directories: services.engineDirectories) else { return }
        Standard.error("Starting \(kind.title) with \(composed.modelName); large models take minutes.\n")
        Standard.error("  log      \(engine.log)\n")
        let progress = ProgressLine()
        let start = ContinuousClock.now
        let searchPath = searchPath
        do {
            try await Interrupts.cancelling {
                try await engine.run(searchPath: searchPath) { event in
                    switch event {
                    case .launched(let process): Standard.error("  process  \(process)\n")
                    case .waiting(let line):
                        let seconds = (ContinuousClock.now - start).components.seconds
                        if Standard.errorIsTerminal {
                            progress.show("\(seconds) s: \(SafeOutput.text(String(line.prefix(60))))", fraction: nil)
                        }
                    case .ready:
                        progress.clear()
                        Standard.output(
                            "ready: \(composed.modelName) at http://127.0.0.1:\(composed.port)/v1 after "
                                + "\((ContinuousClock.now - start).components.seconds) s. Ctrl-C ends it.\n")
                    }
                }
            }
        } catch let failure as EngineHostFailure where failure.kind == .stopped {
            progress.clear()
            // Ctrl-C is how it is meant to end.
            Standard.error("\(failure.message)\n")
        } catch {
            progress.clear()
            throw error
        }
    }

    private var searchPath: String { services.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin" }
}
