import Foundation
import TestSupport

/// The built program in a home of its own: nothing of the machine's user is read or written.
final class Program: Sendable {
    /// The home; everything the program keeps is below it.
    let home: String
    /// What the program finds in its environment.
    let environment: [String: String]

    /// - Parameters:
    ///   - engine: The engine's URL; nil leaves the choice to the program.
    ///   - display: The X server to look at.
    ///   - configuration: The text of config.toml.
    ///   - variables: What is different in its environment.
    ///   - isInMemory: Keeps the home off the disk, which is shared with everything else that is tested, where that can be.
    init(
        engine: String? = "http://127.0.0.1:9/v1", display: XServer? = nil, configuration: String = "",
        variables: [String: String] = [:], isInMemory: Bool = false
    ) throws {
        let folder = isInMemory && access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
        home = "\(folder)/scry-e2e-\(getpid())-\(UInt32.random(in: 0 ..< .max))"
        for folder in ["/run", "/config/scry"] {
            try FileManager.default.createDirectory(
                atPath: home + folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        }
        try configuration.write(toFile: home + "/config/scry/config.toml", atomically: true, encoding: .utf8)
        var environment = [
            "HOME": home, "XDG_CONFIG_HOME": home + "/config", "XDG_DATA_HOME": home + "/data",
            "XDG_STATE_HOME": home + "/state", "XDG_CACHE_HOME": home + "/cache", "XDG_RUNTIME_DIR": home + "/run",
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "LANG": "C.UTF-8",
            "SCRY_PROBE": "", "XDG_SESSION_TYPE": "x11", "SWIFT_BACKTRACE": "interactive=no",
            // No model hub: what Scry runs by itself has to come out of the package index.
            "HF_ENDPOINT": "http://127.0.0.1:9",
        ]
        // A package index that is configured for this machine is needed to fetch Scry's own engine.
        for (name, value) in ProcessInfo.processInfo.environment where name.hasPrefix("PIP_") {
            environment[name] = value
        }
        for name in ["PIP_CONFIG_FILE", "SSL_CERT_FILE", "HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy"] {
            environment[name] = ProcessInfo.processInfo.environment[name]
        }
        if let engine { environment["SCRY_ENGINE"] = engine }
        if let display { environment.merge(display.environment) { $1 } }
        self.environment = environment.merging(variables) { $1 }
    }

    deinit { try? FileManager.default.removeItem(atPath: home) }

    /// The program, beside the test bundle that SwiftPM built.
    static let path: String = {
        let here = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let beside = URL(filePath: here).deletingLastPathComponent().path + "/scry"
        if FileManager.default.isExecutableFile(atPath: beside) { return beside }
        // The bundle is run by a helper of the toolchain: its own path is the first argument then.
        for argument in CommandLine.arguments where argument.contains(".xctest") {
            let folder = URL(filePath: argument).deletingLastPathComponent().path
            if FileManager.default.isExecutableFile(atPath: folder + "/scry") { return folder + "/scry" }
        }
        return package + "/.build/debug/scry"
    }()

    /// The package's folder.
    static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    /// The folder of pictures and models that tests share.
    static let fixtures = package + "/Tests/Fixtures"

    /// What a run printed, and how it ended.
    struct Output: Sendable {
        /// The exit status; 128 and the signal's number for a run that a signal ended, as a shell says it.
        var status: Int32
        var output: String
        var error: String

        /// The object that was printed.
        var json: [String: Any] {
            (try? JSONSerialization.jsonObject(with: Data(output.utf8))) as? [String: Any] ?? [:]
        }
    }

    /// Runs the program without a terminal until it ends.
    ///
    /// - Parameters:
    ///   - interruptedAfter: Sends SIGINT when this text is on standard output.
    ///   - seconds: The longest it may take; it is killed then.
    func run(
        _ arguments: String..., input: String? = nil, variables: [String: String] = [:],
        interruptedAfter: String? = nil, seconds: Double = 60
    ) async throws -> Output {
        let environment = environment.merging(variables) { $1 }
        return try await onThread {
            try Self.run(
                Self.path, arguments, environment: environment, input: input, interruptedAfter: interruptedAfter,
                seconds: seconds)
        }
    }

    /// Runs a line of shell in which "$scry" is the program.
    func shell(_ line: String, seconds: Double = 60) async throws -> Output {
        let environment = environment.merging(["scry": Self.path]) { $1 }
        return try await onThread {
            try Self.run(
                "/bin/bash", ["-c", line], environment: environment, input: nil, interruptedAfter: nil,
                seconds: seconds)
        }
    }

    private static func run(
        _ program: String, _ arguments: [String], environment: [String: String], input: String?,
        interruptedAfter: String?, seconds: Double
    ) throws -> Output {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.environment = environment
        let (output, error) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = error
        let feed = Pipe()
        process.standardInput = input == nil ? FileHandle.nullDevice : feed
        try process.run()
        let processID = process.processIdentifier
        let watchdog = DispatchWorkItem { kill(processID, SIGKILL) }
        DispatchQueue.global().asyncAfter(deadline: .now() + seconds, execute: watchdog)
        defer { watchdog.cancel() }
        if let input {
            try feed.fileHandleForWriting.write(contentsOf: Data(input.utf8))
            try feed.fileHandleForWriting.close()
        }
        let errors = Reader(error.fileHandleForReading)
        var bytes = Data()
        var isInterrupted = false
        while true {
            let chunk = output.fileHandleForReading.availableData
            if chunk.isEmpty { break }
            bytes += chunk
            if let mark = interruptedAfter, !isInterrupted, String(decoding: bytes, as: UTF8.self).contains(mark) {
                isInterrupted = true
                process.interrupt()
            }
        }
        process.waitUntilExit()
        let wasKilled = process.terminationReason == .uncaughtSignal
        return Output(
            status: process.terminationStatus + (wasKilled ? 128 : 0), output: String(decoding: bytes, as: UTF8.self),
            error: errors.text)
    }
}

/// Reads a pipe to its end on a thread of its own, so that the other pipe never fills up meanwhile.
///
/// @unchecked because `bytes` is written by the thread before `done` is signalled, and read after waiting for it.
private final class Reader: @unchecked Sendable {
    private var bytes = Data()
    private let done = DispatchSemaphore(value: 0)

    init(_ handle: FileHandle) {
        Thread.detachNewThread { [self] in
            bytes = (try? handle.readToEnd()) ?? Data()
            done.signal()
        }
    }

    var text: String {
        done.wait()
        done.signal()
        return String(decoding: bytes, as: UTF8.self)
    }
}
