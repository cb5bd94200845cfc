import Foundation
import Testing

/// The chat in a real terminal: a private tmux server types keys and reads the screen.
final class Chat: Sendable {
    private let program: Program
    private let socket: String

    /// Opens the chat and waits until it can be typed into.
    init(_ program: Program, _ arguments: [String] = [], columns: Int = 100, rows: Int = 30) throws {
        self.program = program
        socket = program.home + "/run/tmux"
        let configuration = program.home + "/tmux.conf"
        try """
        set -g status off
        set -s escape-time 0
        set -g default-terminal "tmux-256color"
        set -g remain-on-exit on
        set -g allow-rename on
        """.write(toFile: configuration, atomically: true, encoding: .utf8)
        let variables = program.environment.map { "\($0.key)=\($0.value)" }
        try tmux(
            ["-f", configuration, "new-session", "-d", "-x", "\(columns)", "-y", "\(rows)", "--", "env", "-i"]
                + variables + ["TERM=tmux-256color", Program.path] + arguments)
        try wait(for: "thinking o(n|ff)")
    }

    deinit { _ = try? tmux(["kill-server"]) }

    /// Types literal text.
    func type(_ text: String) throws { try tmux(["send-keys", "-l", "--", text]) }

    /// Presses keys by tmux's names, as "Enter", "F2", "C-t".
    func press(_ keys: String...) throws { try tmux(["send-keys"] + keys) }

    /// Pastes as a terminal does, in brackets.
    func paste(_ text: String) throws {
        let file = program.home + "/paste"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        try tmux(["load-buffer", file])
        try tmux(["paste-buffer", "-p", "-d"])
    }

    /// What is on the screen.
    var screen: String { get throws { try tmux(["capture-pane", "-p"]) } }

    /// Something that tmux knows of the pane, as "pane_title".
    func pane(_ name: String) throws -> String {
        try tmux(["display-message", "-p", "#{\(name)}"]).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// The process in the pane.
    var processID: Int32 { get throws { Int32(try pane("pane_pid")) ?? 0 } }

    /// Waits until the screen matches a regular expression; the screen, or a failed test that shows it.
    @discardableResult
    func wait(for pattern: String, seconds: Double = 30, _ location: SourceLocation = #_sourceLocation) throws -> String
    {
        let regex = try Regex(pattern)
        let deadline = Date(timeIntervalSinceNow: seconds)
        var last = ""
        while Date() < deadline {
            last = try screen
            if last.contains(regex) { return last }
            usleep(20_000)  // between two looks at a condition
        }
        Issue.record("no match for \(pattern) on this screen:\n\(last)", sourceLocation: location)
        throw Missing(pattern: pattern)
    }

    /// Waits until the program has ended.
    func waitForEnd(seconds: Double = 10) throws {
        let deadline = Date(timeIntervalSinceNow: seconds)
        while Date() < deadline {
            if try pane("pane_dead") == "1" { return }
            usleep(20_000)  // between two looks at a condition
        }
        throw Missing(pattern: "the end of the program")
    }

    func resize(columns: Int, rows: Int) throws {
        try tmux(["resize-window", "-x", "\(columns)", "-y", "\(rows)"])
    }

    /// What did not happen in time.
    struct Missing: Error { var pattern: String }

    @discardableResult
    private func tmux(_ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["tmux", "-S", socket] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(decoding: bytes, as: UTF8.self)
    }
}
