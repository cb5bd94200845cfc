import ArgumentParser
import EngineHost

/// `scry engine stop`: ends the engine, whichever Scry started it.
struct EngineStopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop", abstract: "Ends the engine that Scry runs itself.",
        discussion: "A chat that uses it is told so, and does not start another by itself.")

    func run() async throws {
        try await running {
            let services = try Services(saves: false)
            try await Deadline.run(seconds: nil) {
                let outcome = try await CommandFailure.translating {
                    try await EngineHost.stopRunning(in: services.engineDirectories)
                }
                switch outcome {
                case .notRunning: Standard.output("Scry's own engine does not run.\n")
                case .stopped(let process?): Standard.output("Scry's own engine (process \(process)) was stopped.\n")
                case .stopped(nil): Standard.output("Starting Scry's own engine was stopped.\n")
                }
            }
        }
    }
}
