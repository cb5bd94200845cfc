import Cells
import Foundation
import TestSupport
import Testing

@testable import Terminal

/// What is written to the terminal, and how much.
extension CursesTerminalTests {
    @Test(
        "rows are moved by the terminal itself, unless something is painted over any of them", arguments: [true, false])
    func rowsMoved(scrolls: Bool) throws {
        let size = Size(columns: 60, rows: 24)
        let canvas = try CursesCanvas(terminal: "xterm-256color", size: size, usesColor: true)
        defer { canvas.close() }
        canvas.scrolls = scrolls
        /// A status bar below rows that scroll.
        func grid(from first: Int) -> Grid {
            var grid = Grid(size: size)
            for row in 0..<20 { grid.put("the row with number \(first + row)", at: Point(column: 1, row: row)) }
            grid.put("status", at: Point(column: 1, row: 23))
            return grid
        }
        var shown = grid(from: 0)
        var moves = 0
        for first in [4, 3, 9, 2] {
            let next = grid(from: first)
            let bytes = canvas.bytes(
                painting: GridDiff(from: shown, to: next).runs, isFresh: false, cursor: Point(column: 0, row: 0))
            let text = String(decoding: bytes, as: UTF8.self)
            moves += text.matches(of: /\u{1B}\[\d+;\d+r|\u{1B}\[\d*[LMST]|\u{1B}[DM]/).count
            #expect(text.contains("\(first)"))
            shown = next
        }
        #expect(scrolls ? moves > 0 : moves == 0)
        // What is moved once may be moved again.
        canvas.scrolls = true
        let last = canvas.bytes(
            painting: GridDiff(from: shown, to: grid(from: 8)).runs, isFresh: false, cursor: nil)
        #expect(String(decoding: last, as: UTF8.self).contains("\u{1B}["))
    }

    @Test("writes little while an answer streams")
    func stream() throws {
        let line = try #require(PseudoTerminal(columns: 160, rows: 48))
        let terminal = try open(line.descriptor, as: "xterm-256color")
        let size = terminal.size
        let words = ["the ", "model ", "streams ", "its ", "answer, ", "token ", "by ", "token; ", "`code` ", "\n\n"]
        let layout = TextLayout(width: 120)
        let dim = Style(attributes: .dim)
        var random = SeededRandom(seed: 5)
        var text = ""
        let start = line.output.count
        let cpu = clock()
        // A frame for every third token: 100 tokens a second at 30 frames.
        for token in 0..<2_000 {
            text += words.randomElement(using: &random) ?? ""
            guard token % 3 == 0 else { continue }
            var grid = Grid(size: size)
            let lines = layout.lines(of: String(text.suffix(6_000))).suffix(42)
            for (row, line) in lines.enumerated() { grid.put(line, at: Point(column: 4, row: row)) }
            grid.fill(Rect(column: 0, row: 43, columns: 160, rows: 1), with: "─", style: dim)
            grid.put("thinking off · \(token) tokens", at: Point(column: 1, row: 47), style: dim)
            terminal.show(Screen(grid: grid, cursor: Point(column: 2, row: 45)))
        }
        let seconds = Double(clock() - cpu) / Double(CLOCKS_PER_SEC)
        terminal.close()
        let bytes = line.hangUp().count - start
        print("2,000 tokens at 160×48: \(bytes) bytes, \(seconds) CPU-seconds with layout, built for debugging")

        #expect(bytes < 400_000)
    }

    @Test("colours are sent as they are to a terminal that says so, where terminfo knows its kind")
    func directColors() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "scry-terminfo-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let color = "%?%p1%{8}%<%t3%p1%d%e38:2::%p1%{65536}%/%d:%p1%{256}%/%{255}%&%d:%p1%{255}%&%d%;m"
        let kinds = """
            known-256color|test,use=xterm-256color,
            lonely-256color|test,use=xterm-256color,
            known-direct|test,colors#0x1000000,pairs#0x10000,RGB,setaf=\\E[\(color),use=xterm-256color,

            """
        try kinds.write(to: folder.appending(path: "kinds"), atomically: true, encoding: .utf8)
        let compiler = Process()
        compiler.executableURL = URL(filePath: "/usr/bin/env")
        compiler.arguments = ["tic", "-x", "-o", folder.path, folder.appending(path: "kinds").path]
        try compiler.run()
        compiler.waitUntilExit()
        #expect(compiler.terminationStatus == 0)
        setenv("TERMINFO", folder.path, 1)
        defer { unsetenv("TERMINFO") }

        var grid = Grid(size: Size(columns: 20, rows: 3))
        grid.put("colour", at: Point(column: 0, row: 0), style: Style(foreground: .rgb(18, 52, 86)))
        func output(_ name: String, _ word: String) throws -> String {
            let line = try #require(PseudoTerminal(columns: 20, rows: 3))
            setenv("TERM", name, 1)
            let terminal = try CursesTerminal.open(
                input: line.descriptor, output: line.descriptor, environment: ["TERM": name, "COLORTERM": word])
            #expect(terminal.colorCount == (word.isEmpty || name.hasPrefix("lonely") ? 256 : 1 << 24))
            terminal.show(Screen(grid: grid))
            terminal.close()
            return String(decoding: line.hangUp(), as: UTF8.self)
        }
        #expect(try output("known-256color", "truecolor").contains("38:2::18:52:86m"))
        #expect(try output("known-256color", "").contains("38;5;"))
        #expect(try output("lonely-256color", "truecolor").contains("38;5;"))
    }
}
