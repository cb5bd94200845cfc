import EngineHost
import Foundation
import Logging

/// The real llama.cpp server with the tiny GLM-4.1V of the fixtures: real thoughts, real sight of coloured shapes.
///
/// It runs where Scry's own engine would: the program finds it there and shares it, as it shares that of another Scry.
struct RealEngine {
    private let host: EngineHost

    /// Where the engine's program is installed; kept from run to run, and shared with the tests of the engine host.
    static let installation = FileManager.default.temporaryDirectory.path + "/scry-test-engine"

    /// Starts it for a program that looks for an engine by itself.
    init(for program: Program) async throws {
        var directories = EngineDirectories(
            data: program.home + "/data/scry", state: program.home + "/state/scry", runtime: program.home + "/run/scry")
        directories.engine = Self.installation
        var settings = EngineHostSettings(
            model: ModelFiles(
                name: "tiny-glm-4.1v", weights: Program.fixtures + "/tiny-glm41v/tiny-glm41v.gguf",
                projector: Program.fixtures + "/tiny-glm41v/tiny-glm41v-mmproj.gguf", contextLength: 8192))
        settings.usesInstalledServer = false
        host = EngineHost(directories: directories, settings: settings, logger: Logger(label: "test"))
        _ = try await host.start()
    }

    /// Ends it.
    func stop() async { await host.stop() }
}
