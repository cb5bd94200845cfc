import Cells
import Foundation
import TestSupport
import Testing

@testable import Terminal

/// Reads a terminal's events one by one, but for focus reports, which tmux sends when it likes.
@MainActor private final class EventLog {
    private let events: AsyncStream<TerminalEvent>

    init(_ terminal: CursesTerminal) { events = terminal.events }

    func next() async -> TerminalEvent? {
        for await event in events {
            if case .focus = event { continue }
            // tmux answers for the terminal that it runs in.
            if case .background = event { continue }
            return event
        }
        return nil
    }
}

/// Curses, signals and standard error belong to the process, so these run one after another.
@Suite(.serialized) @MainActor struct CursesTerminalTests {
    func open(_ descriptor: Int32, as name: String = "tmux-256color") throws -> CursesTerminal {
        setenv("TERM", name, 1)
        return try CursesTerminal.open(input: descriptor, output: descriptor)
    }

    private func eventually(_ condition: () throws -> Bool) async rethrows -> Bool {
        let deadline = ContinuousClock.now + .seconds(10)
        while ContinuousClock.now < deadline {
            if try condition() { return true }
            await Task.yield()
        }
        return false
    }

    private func screen(_ lines: [String], size: Size, cursor: Point? = nil) -> Screen {
        var grid = Grid(size: size)
        for (row, line) in lines.enumerated() { grid.put(line, at: Point(column: 0, row: row)) }
        return Screen(grid: grid, cursor: cursor)
    }

    @Test("shows what a grid holds, and gives the terminal back", .enabled(if: TmuxPane.isInstalled, "tmux is missing"))
    func shows() async throws {
        let pane = try TmuxPane(columns: 40, rows: 6)
        let terminal = try open(pane.descriptor)
        #expect(terminal.size == Size(columns: 40, rows: 6))

        let lines = ["plain", "中文 wide 字", "é e\u{301} ñ", "── █ … • →", "क्षि", "last"]
        terminal.show(screen(lines, size: terminal.size, cursor: Point(column: 3, row: 5)))

        #expect(try await eventually { try pane.rows() == lines })
        #expect(try pane.state() == "1 3,5 1")

        terminal.show(screen(["changed"], size: terminal.size))
        #expect(try await eventually { try pane.rows() == ["changed", "", "", "", "", ""] })
        #expect(try pane.state().hasSuffix(" 0"))

        terminal.close()
        #expect(try await eventually { try pane.state().hasPrefix("0 ") })
        #expect(try pane.state().hasSuffix(" 1"))
        var modes = termios()
        #expect(tcgetattr(pane.descriptor, &modes) == 0)
        #expect(modes.c_lflag & tcflag_t(ICANON | ECHO | ISIG) == tcflag_t(ICANON | ECHO | ISIG))
    }

    @Test(
        "keeps every column in place next to clusters that terminals disagree about",
        .enabled(if: TmuxPane.isInstalled, "tmux is missing"))
    func columns() async throws {
        let pane = try TmuxPane(columns: 30, rows: 8)
        let terminal = try open(pane.descriptor)
        defer { terminal.close() }
        let clusters = ["👍🏽", "🇫🇷", "👨‍👩‍👧", "1️⃣", "☺️", "❤️‍🔥", "🏳️‍🌈", "ﷺ"]
        terminal.show(screen(clusters.map { "a\($0)b|" }, size: terminal.size))

        // The bar stands where the grid has it, whatever the terminal made of the cluster.
        for (row, cluster) in clusters.enumerated() {
            let column = 2 + DisplayWidth.columns(of: cluster)
            #expect(
                try await eventually {
                    let text = try pane.rows()[row]
                    guard let bar = text.firstIndex(of: "|") else { return false }
                    return text[..<bar].unicodeScalars.reduce(0) { $0 + DisplayWidth.columns(of: $1) } == column
                })
        }
    }

    @Test(
        "shows any sequence of screens as if each were painted afresh",
        .enabled(if: TmuxPane.isInstalled, "tmux is missing"))
    func random() async throws {
        let pane = try TmuxPane(columns: 50, rows: 12)
        let terminal = try open(pane.descriptor)
        defer { terminal.close() }
        var random = SeededRandom(seed: 11)
        var lines: [String] = Array(repeating: "", count: 12)
        let pieces = ["word", "中文", " ", "    ", "é", "─", "xyz", "한국", "0123456789"]
        for round in 0..<60 {
            switch Int.random(in: 0..<4, using: &random) {
            case 0: lines = Array(lines.dropFirst(3)) + ["new \(round)", "", "scrolled 中 \(round)"]
            case 1: lines = ["inserted \(round)"] + lines.dropLast()
            default:
                lines[Int.random(in: 0..<12, using: &random)] = (0..<Int.random(in: 0..<12, using: &random))
                    .map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            }
            let next = screen(lines, size: terminal.size)
            terminal.show(next)
            guard round % 6 == 5 else { continue }

            let expected = (0..<12).map { next.grid.text(row: $0).trimmingTrailingBlanks }
            #expect(try await eventually { try pane.rows() == expected })
        }
    }

    @Test("hears keys, pastes and the mouse", .enabled(if: TmuxPane.isInstalled, "tmux is missing"))
    func hears() async throws {
        let pane = try TmuxPane(columns: 40, rows: 6)
        let terminal = try open(pane.descriptor)
        defer { terminal.close() }
        let events = EventLog(terminal)

        try pane.tmux(["send-keys", "a", "C-t", "M-s", "Up", "F2", "BTab", "Enter", "C-c", "C-z", "é"])
        let keys: [Key] = [
            Key("a"), Key("t", .control), Key("s", .alt), Key(.up), Key(.function(2)), Key(.backTab), Key(.enter),
            Key("c", .control), Key("z", .control), Key("é"),
        ]
        for key in keys { #expect(await events.next() == .key(key)) }

        try pane.tmux(["send-keys", "Escape"])
        #expect(await events.next() == .key(Key(.escape)))

        try pane.tmux(["set-buffer", "pasted\ntext\u{1B}[31m"])
        try pane.tmux(["paste-buffer", "-p"])
        #expect(await events.next() == .paste("pasted\ntext[31m"))

        try pane.tmux(["send-keys", "-l", "\u{1B}[<64;5;2M"])
        #expect(await events.next() == .wheel(.up, at: Point(column: 4, row: 1)))
    }

    @Test("follows the size of the window", .enabled(if: TmuxPane.isInstalled, "tmux is missing"))
    func resizes() async throws {
        let pane = try TmuxPane(columns: 40, rows: 6)
        let terminal = try open(pane.descriptor)
        defer { terminal.close() }
        let events = EventLog(terminal)
        terminal.show(screen(["before"], size: terminal.size))

        try pane.tmux(["resize-window", "-x", "30", "-y", "4"])
        #expect(await eventually { terminal.size == Size(columns: 30, rows: 4) })
        // The kernel signals the session that owns the terminal, which this process is not in.
        kill(getpid(), SIGWINCH)
        #expect(await events.next() == .resized(Size(columns: 30, rows: 4)))

        // A screen of the old size is cut, until the application has made one of the new size.
        terminal.show(screen(["one", "two", "three", "four", "five", "six"], size: Size(columns: 40, rows: 6)))
        #expect(try await eventually { try pane.rows() == ["one", "two", "three", "four"] })
    }

    @Test("gives the terminal back and takes it again", .enabled(if: TmuxPane.isInstalled, "tmux is missing"))
    func suspends() async throws {
        let pane = try TmuxPane(columns: 40, rows: 4)
        let terminal = try open(pane.descriptor)
        defer { terminal.close() }
        let events = EventLog(terminal)
        terminal.show(screen(["mine"], size: terminal.size))

        terminal.suspend()
        #expect(try await eventually { try pane.state().hasPrefix("0 ") })
        terminal.show(screen(["later"], size: terminal.size))
        try pane.tmux(["send-keys", "-l", "for somebody else\n"])
        var buffer = [UInt8](repeating: 0, count: 100)
        #expect(read(pane.descriptor, &buffer, buffer.count) == 18)

        terminal.resume()
        #expect(try await eventually { try pane.rows().first == "later" })
        #expect(try pane.state().hasPrefix("1 "))
        try pane.tmux(["send-keys", "x"])
        #expect(await events.next() == .key(Key("x")))
    }

    @Test("passes signals on")
    func signals() async throws {
        let line = try #require(PseudoTerminal(columns: 80, rows: 24))
        let terminal = try open(line.descriptor)
        let events = EventLog(terminal)

        kill(getpid(), SIGTERM)
        #expect(await events.next() == .signal(.terminate))
        kill(getpid(), SIGINT)
        #expect(await events.next() == .signal(.interrupt))
        kill(getpid(), SIGTSTP)
        #expect(await events.next() == .signal(.stop))
        kill(getpid(), SIGCONT)
        #expect(await events.next() == .signal(.resume))
        kill(getpid(), SIGHUP)
        #expect(await events.next() == .closed)

        terminal.close()
        #expect(await events.next() == nil)
        _ = line.hangUp()
    }

    @Test("uses what a terminal says that it can do")
    func answers() async throws {
        let line = try #require(PseudoTerminal(columns: 80, rows: 24))
        let terminal = try open(line.descriptor, as: "xterm-256color")
        func output() -> String { String(decoding: line.output, as: UTF8.self) }
        #expect(await eventually { output().contains("\u{1B}[?2026$p") })

        line.type("\u{1B}[?0u\u{1B}[?2026;2$y")
        #expect(await eventually { output().contains("\u{1B}[>1u") })
        terminal.show(screen(["held back"], size: terminal.size, cursor: Point(column: 0, row: 0)))
        #expect(await eventually { output().contains("held back") && output().contains("\u{1B}[?2026l") })
        terminal.close()

        let all = String(decoding: line.hangUp(), as: UTF8.self)
        #expect(all.contains("\u{1B}[<u"))
        #expect(all.contains("\u{1B}[?2004l"))
        #expect(all.contains("\u{1B}[?1049l"))
    }

    @Test("what is copied reaches the terminal's clipboard, unless it is too long")
    func copies() async throws {
        let line = try #require(PseudoTerminal(columns: 80, rows: 24))
        let terminal = try open(line.descriptor, as: "xterm-256color")
        terminal.show(screen(["x"], size: terminal.size))
        #expect(terminal.copy("打印机\u{1B}]2;evil\u{7}"))
        #expect(!terminal.copy(String(repeating: "a", count: CursesTerminal.clipboardLimit + 1)))
        terminal.close()
        let bytes = String(decoding: line.hangUp(), as: UTF8.self)
        let encoded = Data("打印机\u{1B}]2;evil\u{7}".utf8).base64EncodedString()
        #expect(bytes.contains("\u{1B}]52;c;\(encoded)\u{7}"))
        #expect(!bytes.contains("evil"))
        #expect(bytes.components(separatedBy: "]52;").count == 2)
    }

    @Test("links lead somewhere, once more over what is painted, and end where they ended")
    func links() async throws {
        let line = try #require(PseudoTerminal(columns: 40, rows: 4))
        let terminal = try open(line.descriptor, as: "xterm-256color")
        let link = try #require(Link("https://example.org/a;b"))
        func grid(_ linked: Bool) -> Screen {
            var grid = Grid(size: terminal.size)
            let style = Style(attributes: .underline, link: linked ? link : nil)
            grid.put("see 漢 here", at: Point(column: 2, row: 1), style: style)
            return Screen(grid: grid)
        }
        func output() -> String { String(decoding: line.output, as: UTF8.self) }
        let opened = "\u{1B}]8;id=\(link.id);https://example.org/a;b\u{1B}\\"
        terminal.show(grid(true))
        #expect(await eventually { output().contains("]8;;") })
        let first = line.output.count
        #expect(output().components(separatedBy: opened).count == 2)
        #expect(output().components(separatedBy: "\u{1B}]8;;\u{1B}\\").count == 2)
        // Without the link the same words are painted again, and none leads anywhere.
        terminal.show(grid(false))
        #expect(await eventually { line.output.count > first })
        terminal.show(grid(false))
        terminal.close()
        let unlinked = String(decoding: line.hangUp().dropFirst(first), as: UTF8.self)
        #expect(unlinked.contains("\u{1B}[2;3H") && unlinked.contains("漢"))
        #expect(!unlinked.contains("]8;id="))
    }

    @Test("calls somebody in the terminal's own way, and lets nothing else through")
    func alerts() throws {
        let line = try #require(PseudoTerminal(columns: 40, rows: 4))
        let terminal = try open(line.descriptor, as: "xterm-256color")
        terminal.alert(.bell)
        terminal.alert(.notification("done\u{1B}]52;c;eA==\u{7}\n!"))
        terminal.alert(.titledNotification(title: "a;b", "c;d"))
        terminal.close()
        let output = String(decoding: line.hangUp(), as: UTF8.self)
        #expect(output.contains("\u{1B}]9;done]52;c;eA== !\u{1B}\\"))
        #expect(output.contains("\u{1B}]777;notify;a,b;c;d\u{1B}\\"))
    }

    @Test("lets no control character of a screen or a title through")
    func hostile() throws {
        let line = try #require(PseudoTerminal(columns: 80, rows: 24))
        let terminal = try open(line.descriptor, as: "xterm-256color")
        var screen = screen(["a\u{1B}]0;evil\u{7}b\u{9B}31mc\u{202E}d"], size: terminal.size)
        screen.title = "x\u{7}\u{1B}]52;c;ZXZpbA==\u{7}"
        terminal.show(screen)
        terminal.close()

        let output = String(decoding: line.hangUp(), as: UTF8.self)
        #expect(output.contains("a]0;evilb31mcd"))
        #expect(output.contains("\u{1B}]2;x]52;c;ZXZpbA==\u{7}"))
        #expect(!output.unicodeScalars.contains { $0 == "\u{9B}" || $0 == "\u{202E}" })
    }

    @Test("paints without colours when asked, and with those that there are")
    func colors() throws {
        var grid = Grid(size: Size(columns: 20, rows: 3))
        grid.put("colour", at: Point(column: 0, row: 0), style: Style(foreground: .rgb(255, 0, 0), attributes: .bold))
        func output(_ name: String, usesColor: Bool) throws -> String {
            let line = try #require(PseudoTerminal(columns: 20, rows: 3))
            setenv("TERM", name, 1)
            let terminal = try CursesTerminal.open(
                input: line.descriptor, output: line.descriptor, usesColor: usesColor)
            terminal.show(Screen(grid: grid))
            terminal.close()
            return String(decoding: line.hangUp(), as: UTF8.self)
        }

        #expect(try output("xterm-256color", usesColor: true).contains("38;5;196"))
        #expect(try output("linux", usesColor: true).contains("31m"))
        for plain in [try output("xterm-256color", usesColor: false), try output("vt100", usesColor: true)] {
            #expect(plain.contains("colour"))
            #expect(!plain.contains("38;5") && !plain.contains("31m"))
        }
    }

    @Test("says why a terminal cannot be used")
    func failures() throws {
        let line = try #require(PseudoTerminal(columns: 80, rows: 24))
        let null = Foundation.open("/dev/null", O_RDWR)
        defer { close(null) }
        setenv("TERM", "xterm", 1)
        #expect(throws: TerminalFailure.notATerminal) {
            try CursesTerminal.open(input: null, output: line.descriptor)
        }
        #expect(throws: TerminalFailure.dumb(name: "dumb")) { try open(line.descriptor, as: "dumb") }
        #expect(throws: TerminalFailure.dumb(name: "")) { try open(line.descriptor, as: "") }
        #expect(throws: TerminalFailure.unknown(name: "no-such-type")) { try open(line.descriptor, as: "no-such-type") }
        line.resize(columns: 5, rows: 2)
        #expect(throws: TerminalFailure.tooSmall(Size(columns: 5, rows: 2))) { try open(line.descriptor, as: "xterm") }

        // None of the failures leaves anything behind that keeps the next one from working.
        line.resize(columns: 80, rows: 24)
        try open(line.descriptor, as: "xterm").close()
        _ = line.hangUp()
    }

    @Test("says that the terminal is gone")
    func hangUp() async throws {
        let line = try #require(PseudoTerminal(columns: 80, rows: 24))
        let descriptor = dup(line.descriptor)
        let terminal = try open(descriptor)
        let events = EventLog(terminal)

        line.cut()

        #expect(await events.next() == .closed)
        terminal.show(screen(["nobody sees this"], size: terminal.size))
        terminal.close()
        close(descriptor)
    }
}
