import Foundation

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
