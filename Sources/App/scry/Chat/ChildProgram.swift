import Foundation
import Glibc

/// Runs a small program of the desktop beside the chat.
enum ChildProgram {
    /// Why it came to nothing.
    struct Failure: Error {}

    /// Where a program is; nil when it is not installed.
    static func path(of name: String, in environment: [String: String]) -> String? {
        let folders = (environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
        return folders.map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
    }

    /// Runs a program until it has taken its input and gone into the background; nothing of it reaches the terminal.
    static func run(_ command: [String], input: Data) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: command[0])
        process.arguments = Array(command.dropFirst())
        let pipe = Pipe()
        process.standardInput = pipe
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        try? pipe.fileHandleForWriting.write(contentsOf: input)
        try? pipe.fileHandleForWriting.close()
        process.waitUntilExit()
        if process.terminationStatus != 0 { throw Failure() }
    }
}

extension ChildProgram {
    /// Runs a program and takes what it writes; blocks until it has ended.
    ///
    /// - Throws: `Failure` when it fails, writes more than the limit, or takes longer than ten seconds.
    static func read(_ command: [String], _ environment: [String: String], limit: Int) throws -> [UInt8] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: command[0])
        process.arguments = Array(command.dropFirst())
        process.environment = environment
        let pipe = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        try? pipe.fileHandleForWriting.close()
        let reading = pipe.fileHandleForReading.fileDescriptor
        let deadline = ContinuousClock.now + .seconds(10)
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        var isWhole = false
        while bytes.count <= limit, ContinuousClock.now < deadline {
            var wait = pollfd(fd: reading, events: Int16(POLLIN), revents: 0)
            guard poll(&wait, 1, 200) > 0 else { continue }
            let count = Glibc.read(reading, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            isWhole = count == 0
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        if !isWhole { process.terminate() }
        process.waitUntilExit()
        guard isWhole, process.terminationStatus == 0 else { throw Failure() }
        return bytes
    }
}
