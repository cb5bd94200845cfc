import EngineHost
import Foundation
import Logging

/// The real llama.cpp server with the tiny GLM-4.1V of the fixtures, shared by the tests of one run.
enum RealEngine {
    /// Where the engine's program is installed; kept from run to run.
    static let installation = FileManager.default.temporaryDirectory.path + "/scry-test-engine"

    /// Starts it in directories below a home, on a port of this machine.
    static func start(home: String) async throws -> (host: EngineHost, engine: RunningEngine) {
        var directories = EngineDirectories(data: home + "/e/data", state: home + "/e/state", runtime: home + "/e/run")
        directories.engine = installation
        var settings = EngineHostSettings(
            model: ModelFiles(
                name: "tiny-glm-4.1v", weights: Program.fixtures + "/tiny-glm41v/tiny-glm41v.gguf",
                projector: Program.fixtures + "/tiny-glm41v/tiny-glm41v-mmproj.gguf", contextLength: 8192))
        settings.usesInstalledServer = false
        let host = EngineHost(directories: directories, settings: settings, logger: Logger(label: "test"))
        return (host, try await host.start())
    }
}
