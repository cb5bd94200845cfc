import Foundation
import Synchronization
import Testing

/// The chat in a real terminal: a private tmux server types keys and reads the screen.
///
/// The pane belongs to a shell that goes on when the program ends, so that a test sees what is left of the terminal.
final class Chat: Sendable {
    private let program: Program
    private let socket: String
    private let process = Mutex<Int32>(0)
    private let isClosed = Atomic(false)

    /// Opens the chat and waits until it can be typed into.
    init(
        _ program: Program, _ arguments: [String] = [], columns: Int = 100, rows: Int = 30,
        terminal: String = "tmux-256color", ready: String = "thinking o(n|ff)"
    ) async throws {
        self.program = program
        socket = program.home + "/run/tmux-\(UInt32.random(in: 0 ..< .max))"
        let configuration = program.home + "/tmux.conf"
        try """
        set -g status off
        set -s escape-time 0
        set -g default-terminal "tmux-256color"
        set -g allow-rename on
        set -s set-clipboard on
        """.write(toFile: configuration, atomically: true, encoding: .utf8)
        let number = program.home + "/run/chat.pid"
        try? FileManager.default.removeItem(atPath: number)
        let variables = program.environment.map { "\($0.key)=\($0.value)" }
        // Ctrl+C reaches the shell, too, where the program leaves the terminal's modes alone.
        let script = """
            trap : INT
            sh -c 'echo $$ >"\(number)"; exec "$0" "$@"' "$0" "$@" 2>"\(program.home)/chat.errors"
            echo "ended with $?"; stty -a; exec cat
            """
        try await tmux(
            ["-f", configuration, "new-session", "-d", "-x", "\(columns)", "-y", "\(rows)", "--", "env", "-i"]
                + variables + ["TERM=\(terminal)", "sh", "-c", script, Program.path] + arguments)
        try await eventually("the program's number") {
            let text = (try? String(contentsOfFile: number, encoding: .utf8)) ?? ""
            let value = Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
            process.withLock { $0 = value }
            return value > 0
        }
        try await wait(for: ready)
    }

    deinit { close() }

    /// Ends the terminal and what runs in it.
    func close() {
        guard !isClosed.exchange(true, ordering: .relaxed) else { return }
        _ = try? Self.tmux(socket, ["kill-server"])
        // The hang-up ends the program; its home is removed after this, and must not come back.
        for _ in 0..<200 where isRunning { usleep(20_000) }
        if isRunning { kill(processID, SIGKILL) }
    }

    /// Whether the program is more than a name that nobody has collected yet.
    private var isRunning: Bool {
        guard let text = try? String(contentsOfFile: "/proc/\(processID)/stat", encoding: .utf8) else { return false }
        return text.split(separator: ")").last?.split(separator: " ").first != "Z"
    }

    /// The program's process.
    var processID: Int32 { process.withLock { $0 } }

    /// What the program wrote to standard error.
    var errors: String { (try? String(contentsOfFile: program.home + "/chat.errors", encoding: .utf8)) ?? "" }

    /// Types literal text.
    func type(_ text: String) async throws { try await tmux(["send-keys", "-l", "--", text]) }

    /// Presses keys by tmux's names, as "Enter", "F2", "C-t".
    func press(_ keys: String...) async throws { try await tmux(["send-keys"] + keys) }

    /// Sends bytes as a terminal does that tells something.
    func send(bytes: [UInt8]) async throws {
        try await tmux(["send-keys", "-H"] + bytes.map { String($0, radix: 16) })
    }

    /// Waits until the screen with its colours matches a regular expression, and does not contain something.
    func waitForColors(
        _ pattern: String, without text: String? = nil, _ location: SourceLocation = #_sourceLocation
    ) async throws {
        let deadline = ContinuousClock.now + .seconds(15)
        var last = ""
        while ContinuousClock.now < deadline {
            last = try await tmux(["capture-pane", "-e", "-p"])
            if last.contains(try Regex(pattern)), text.map({ !last.contains($0) }) ?? true { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        Issue.record("no match for \(pattern) here:\n\(last)\n\(errors)", sourceLocation: location)
        throw Missing(description: pattern)
    }

    /// Types a message and sends it.
    func ask(_ words: String) async throws {
        try await type(words)
        try await press("Enter")
    }

    /// Pastes as a terminal does, in brackets.
    func paste(_ text: String) async throws {
        let file = program.home + "/paste"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        try await tmux(["load-buffer", file])
        try await tmux(["paste-buffer", "-p", "-d"])
    }

    /// What is on the screen.
    var screen: String { get async throws { try await tmux(["capture-pane", "-p"]) } }

    /// Something that tmux knows of the pane, as "pane_title".
    func pane(_ name: String) async throws -> String {
        try await tmux(["display-message", "-p", "#{\(name)}"]).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Waits until the screen matches a regular expression; the screen, or a failed test that shows it.
    @discardableResult
    func wait(
        for pattern: String, seconds: Double = 30, _ location: SourceLocation = #_sourceLocation
    ) async throws -> String {
        let deadline = ContinuousClock.now + .seconds(seconds)
        var last = ""
        while ContinuousClock.now < deadline {
            last = try await screen
            if last.contains(try Regex(pattern)) { return last }
            try await Task.sleep(for: .milliseconds(20))
        }
        Issue.record("no match for \(pattern) on this screen:\n\(last)\n\(errors)", sourceLocation: location)
        throw Missing(description: pattern)
    }

    /// Waits until the program has ended; its exit status as the shell says it.
    func waitForEnd(seconds: Double = 15, _ location: SourceLocation = #_sourceLocation) async throws -> Int? {
        let screen = try await wait(for: "ended with [0-9]+", seconds: seconds, location)
        return screen.firstMatch(of: /ended with ([0-9]+)/).flatMap { Int($0.1) }
    }

    /// What programs have put on the terminal's clipboard.
    var buffers: String { get async throws { try await tmux(["list-buffers"]) } }

    func resize(columns: Int, rows: Int) async throws {
        try await tmux(["resize-window", "-x", "\(columns)", "-y", "\(rows)"])
    }

    @discardableResult
    private func tmux(_ arguments: [String]) async throws -> String {
        let socket = socket
        return try await onThread { try Self.tmux(socket, arguments) }
    }

    private static func tmux(_ socket: String, _ arguments: [String]) throws -> String {
        try capture(["tmux", "-u", "-S", socket] + arguments)
    }
}
