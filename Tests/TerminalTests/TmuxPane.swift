import Foundation
import Glibc

/// A pane of a tmux server of its own: a real terminal whose cells can be read and whose keys can be pressed.
final class TmuxPane {
    /// The terminal line of the pane, open for reading and writing; nothing else reads it.
    let descriptor: Int32
    /// The file of that line.
    let path: String
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
        _ = try tmux(["set-option", "-g", "focus-events", "off"])
        _ = try tmux(["resize-window", "-x", "\(columns)", "-y", "\(rows)"])
        path = try tmux(["display-message", "-p", "#{pane_tty}"]).trimmingCharacters(in: .newlines)
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

    // Not Foundation's Process, which waits for the server too, and hands it the blocked signals of a test's thread.
    private static func run(_ arguments: [String]) throws -> String {
        var pipe: [Int32] = [-1, -1]
        guard Glibc.pipe(&pipe) == 0 else { throw Failure.open(errno) }
        for end in pipe { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, pipe[1], 1)
        posix_spawn_file_actions_adddup2(&actions, pipe[1], 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var noSignals = sigset_t()
        sigemptyset(&noSignals)
        posix_spawnattr_setsigmask(&attributes, &noSignals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        let words = Self.copies(["tmux"] + arguments)
        let variables = Self.copies(["PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "TERM=xterm-256color"])
        defer { for pointer in words + variables { free(pointer) } }
        var child = pid_t()
        let status = posix_spawn(&child, "/usr/bin/tmux", &actions, &attributes, words, variables)
        close(pipe[1])
        let handle = FileHandle(fileDescriptor: pipe[0], closeOnDealloc: true)
        guard status == 0 else { throw Failure.open(status) }
        let output = String(decoding: handle.readDataToEndOfFile(), as: UTF8.self)
        var result: Int32 = 0
        while waitpid(child, &result, 0) < 0, errno == EINTR {}
        guard result == 0 else { throw Failure.tmux(arguments: arguments, status: result, output: output) }
        return output
    }

    // As C wants them: copies that the caller frees, and a null pointer at the end.
    private static func copies(_ strings: [String]) -> [UnsafeMutablePointer<CChar>?] {
        strings.map { strdup($0) } + [nil]
    }
}

extension String {
    var trimmingTrailingBlanks: String {
        var text = self[...]
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
