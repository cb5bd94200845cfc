import Foundation
import Glibc
import Testing

@testable import EngineHost

/// Directories for one test, removed afterwards; the installed engine is shared by all tests and kept.
final class Workbench: Sendable {
    let path: String
    let directories: EngineDirectories

    /// - Parameter sharesEngine: Whether the engine installed by earlier tests is used.
    init(sharesEngine: Bool = true) throws {
        path = "/tmp/scry-host-\(getpid())-\(UInt32.random(in: 0 ..< .max))"
        var directories = EngineDirectories(data: path + "/data", state: path + "/state", runtime: path + "/run")
        if sharesEngine { directories.engine = Self.sharedEngine }
        self.directories = directories
        try PrivateFile.makeDirectory(path)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    static let sharedEngine = FileManager.default.temporaryDirectory.path + "/scry-test-engine"
    static let searchPath = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"

    static var fixtures: String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().path + "/Fixtures"
    }

    static let tiny = ModelFiles(
        name: "tiny-glm", weights: fixtures + "/tiny-glm41v/tiny-glm41v.gguf",
        projector: fixtures + "/tiny-glm41v/tiny-glm41v-mmproj.gguf")

    /// A host that runs the tiny model with the prebuilt engine.
    func host(change: (inout EngineHostSettings) -> Void = { _ in }) -> EngineHost {
        var settings = EngineHostSettings(model: Self.tiny)
        settings.usesInstalledServer = false
        change(&settings)
        return EngineHost(directories: directories, settings: settings)
    }

    /// Writes an executable shell script into a directory of its own and returns the directory.
    func program(_ name: String, _ script: String) throws -> String {
        let directory = path + "/bin-\(name)"
        try PrivateFile.makeDirectory(directory)
        try PrivateFile.write(Array("#!/bin/sh\n\(script)\n".utf8), to: directory + "/" + name)
        #expect(chmod(directory + "/" + name, 0o700) == 0)
        return directory
    }
}

/// Whether a process exists and is more than a name that its parent has not collected yet.
func isAlive(_ process: Int32) -> Bool {
    guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return false }
    return text.split(separator: ")").last?.split(separator: " ").first != "Z"
}

/// Looks at a condition until it holds.
func eventually(within seconds: Double = 30, _ condition: () async -> Bool) async -> Bool {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < deadline {
        if await condition() { return true }
        try? await Task.sleep(for: .milliseconds(20))
    }
    return await condition()
}
