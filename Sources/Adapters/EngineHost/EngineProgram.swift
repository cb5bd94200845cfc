import Foundation
import Glibc

/// A program that can be started as Scry's own engine.
struct EngineProgram: Sendable, Equatable {
    /// The program and the arguments that always come first.
    var command: [String]
    /// Changes to its environment.
    var environment: [String: String?] = [:]
    /// Whether it can listen on a unix socket.
    var takesSocket: Bool

    /// The whole command line for a model.
    ///
    /// One slot, because one person asks at a time; a small batch, because an answer can be cancelled only between two
    /// batches.
    func arguments(for model: ModelFiles, at endpoint: EngineEndpoint, threads: Int) -> [String] {
        var arguments = command + ["-m", model.weights]
        if let projector = model.projector { arguments += ["--mmproj", projector] }
        arguments += ["--alias", model.name, "-c", String(model.contextLength), "-np", "1", "-b", "256", "-ub", "256"]
        return arguments + ["-t", String(threads), "--jinja"] + endpoint.arguments
    }

    /// The environment for an endpoint: the key goes here, since everybody can read command lines, and a key of the
    /// person's own for other servers must not lock Scry out.
    func environment(at endpoint: EngineEndpoint) -> [String: String?] {
        environment.merging(["LLAMA_API_KEY": endpoint.key]) { _, new in new }
    }

    /// The `llama-server` that is installed on this machine, if there is one that runs.
    static func installed(searchPath: String) async -> EngineProgram? {
        guard let path = find("llama-server", in: searchPath) else { return nil }
        let help = LineCollector()
        // Old ones cannot listen on a socket; the help of the others says so at --host.
        guard let status = try? await GuardedChild.run([path, "--help"], output: .lines { help.add($0) }), status == 0
        else { return nil }
        return EngineProgram(
            command: [path], takesSocket: help.lines.contains { $0.lowercased().contains("unix socket") })
    }

    /// The first executable of a name in colon-separated directories.
    static func find(_ name: String, in searchPath: String) -> String? {
        for directory in searchPath.split(separator: ":") where directory.hasPrefix("/") {
            let path = directory + "/" + name
            var isDirectory = ObjCBool(false)
            if access(path, X_OK) == 0, FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory),
                !isDirectory.boolValue
            {
                return path
            }
        }
        return nil
    }
}
