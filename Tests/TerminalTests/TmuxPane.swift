import Foundation

/// A pane of a tmux server of its own: a real terminal whose cells can be read and whose keys can be pressed.
final class TmuxPane {
    /// The terminal line of the pane, open for reading and writing; nothing else reads it.
    let descriptor: Int32
    private let socket = "cells-\(ProcessInfo.processInfo.processIdentifier)-\(UInt32.random(in: 0...UInt32.max))"

    static let isInstalled = FileManager.default.isExecutableFile(atPath: "/usr/bin/tmux")

    enum Failure: Error {
        case tmux(arguments: [String], status: Int32, output: String)
        case open(Int32)
    }

    init(columns: Int, rows: Int) throws {
        let socket = socket
        func tmux(_ arguments: [String]) throws -> String {
            try Self.run(["-L", socket, "-f", "/dev/null"] + arguments)
        }
        _ = try tmux(["new-session", "-d", "-x", "\(columns)", "-y", "\(rows)", "sleep 600"])
        _ = try tmux(["set-option", "-g", "status", "off"])
        _ = try tmux(["set-option", "-g", "focus-events", "on"])
        _ = try tmux(["resize-window", "-x", "\(columns)", "-y", "\(rows)"])
        let path = try tmux(["display-message", "-p", "#{pane_tty}"]).trimmingCharacters(in: .newlines)
        descriptor = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure.open(errno) }
    }

    deinit {
        close(descriptor)
        _ = try? Self.run(["-L", socket, "kill-server"])
    }

    /// The rows as they are seen, trailing blanks trimmed.
    func rows() throws -> [String] {
        try tmux(["capture-pane", "-p"]).split(separator: "\n", omittingEmptySubsequences: false).dropLast().map {
            String($0).trimmingTrailingBlanks
        }
    }

    /// Whether the alternate screen is on, the cursor's place and visibility.
    func state() throws -> String {
        try tmux(["display-message", "-p", "#{alternate_on} #{cursor_x},#{cursor_y} #{cursor_flag}"])
            .trimmingCharacters(in: .newlines)
    }

    @discardableResult
    func tmux(_ arguments: [String]) throws -> String { try Self.run(["-L", socket] + arguments) }

    private static func run(_ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/tmux")
        process.arguments = arguments
        process.environment = ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TERM": "xterm-256color"]
        let pipe = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure.tmux(arguments: arguments, status: process.terminationStatus, output: output)
        }
        return output
    }
}

extension String {
    var trimmingTrailingBlanks: String {
        var text = self[...]
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
