import Cells
import Foundation
import Glibc
import Testing

@testable import Terminal

/// Processes that end badly while they have the terminal, each in a pane of its own.
@Suite(.serialized, .enabled(if: TmuxPane.isInstalled, "tmux is missing")) struct TerminalGuardTests {
    @Test("gives the terminal back after a fatal error and shows its message")
    func fatal() async throws {
        let pane = try TmuxPane(columns: 100, rows: 30)
        let path = pane.path
        await #expect(processExitsWith: .failure) { [path = path as String] in
            try await Self.hold(path)
            fatalError("boom \(path.count)")
        }
        try expectGivenBack(pane)
        #expect(try pane.rows().contains { $0.contains("Fatal error: boom") })
        #expect(try !pane.rows().contains { $0.contains("chat") })
    }

    @Test("gives the terminal back after a memory fault")
    func fault() async throws {
        let pane = try TmuxPane(columns: 100, rows: 30)
        let path = pane.path
        await #expect(processExitsWith: .signal(SIGSEGV)) { [path = path as String] in
            try await Self.hold(path)
            raise(SIGSEGV)
        }
        try expectGivenBack(pane)
    }

    @Test("gives the terminal back when the process exits without a word")
    func exits() async throws {
        let pane = try TmuxPane(columns: 100, rows: 30)
        let path = pane.path
        await #expect(processExitsWith: .exitCode(7)) { [path = path as String] in
            try await Self.hold(path)
            exit(7)
        }
        try expectGivenBack(pane)
    }

    @Test("gives the terminal back when nobody reacts to a second SIGTERM")
    func terminated() async throws {
        let pane = try TmuxPane(columns: 100, rows: 30)
        let path = pane.path
        await #expect(processExitsWith: .signal(SIGTERM)) { [path = path as String] in
            let terminal = try await Self.hold(path)
            kill(getpid(), SIGTERM)
            // Two that come at once are one.
            for await event in await terminal.events where event == .signal(.terminate) { kill(getpid(), SIGTERM) }
        }
        try expectGivenBack(pane)
    }

    @Test("shows what libraries said to standard error after the terminal was given back")
    func standardError() async throws {
        let pane = try TmuxPane(columns: 100, rows: 30)
        let path = pane.path
        await #expect(processExitsWith: .success) { [path = path as String] in
            let terminal = try await Self.hold(path)
            FileHandle.standardError.write(Data("a library grumbles\n".utf8))
            await terminal.suspend()
            await terminal.resume()
            FileHandle.standardError.write(Data("and again\n".utf8))
            await terminal.close()
        }
        try expectGivenBack(pane)
        // The testing library marks the end of what a child says with bytes of its own.
        let rows = try pane.rows().filter { !$0.isEmpty }
        #expect(rows.prefix(2) == ["a library grumbles", "and again"])
    }

    /// Takes a terminal as the chat does, standard error included.
    @MainActor @discardableResult private static func hold(_ path: String) throws -> CursesTerminal {
        let descriptor = Glibc.open(path, O_RDWR | O_NOCTTY | O_CLOEXEC)
        dup2(descriptor, STDERR_FILENO)
        setenv("TERM", "tmux-256color", 1)
        let terminal = try CursesTerminal.open(input: descriptor, output: descriptor)
        var screen = Screen(size: terminal.size)
        screen.grid.put("chat", at: Point(column: 0, row: 0))
        terminal.show(screen)
        // Kept until the process ends, as the chat keeps it.
        _ = Unmanaged.passRetained(terminal)
        return terminal
    }

    private func expectGivenBack(_ pane: TmuxPane) throws {
        let deadline = ContinuousClock.now + .seconds(5)
        while try pane.state().hasPrefix("1"), ContinuousClock.now < deadline {}
        #expect(try pane.state().hasPrefix("0 "))
        #expect(try pane.state().hasSuffix(" 1"))
        #expect(try pane.tmux(["display-message", "-p", "#{mouse_any_flag}#{mouse_button_flag}"]) == "00\n")
        var modes = termios()
        #expect(tcgetattr(pane.descriptor, &modes) == 0)
        let cooked = tcflag_t(ICANON | ECHO | ISIG)
        #expect(modes.c_lflag & cooked == cooked)
    }
}
