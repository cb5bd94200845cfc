import Cells
import Conversation
import Session
import TestSupport
import Testing

@testable import Views

@Suite("The composer on the screen")
struct ComposerViewTests {
    @Test("chips stand among the words, and the cursor behind what was typed")
    func chips() {
        var session = session(60, 12)
        session.type("compare <f2>")
        #expect(session.screen().contains("› compare […]"))
        session.feed(.attached(.screenshot()))
        session.type(" with this log: ")
        session.feed(.pasted((1...120).map { "line \($0)\n" }.joined()))
        #expect(session.rows().contains("› compare [▣ screen] with this log: [Pasted 120 lines]"))
        #expect(session.draw().cursor?.column == 2 + "compare [▣ screen] with this log: [Pasted 120 lines]".count)
        session.type("<backspace>")
        #expect(session.rows().contains("› compare [▣ screen] with this log:"))
        session.type("<ctrl-_>")
        #expect(session.rows().contains("› compare [▣ screen] with this log: [Pasted 120 lines]"))
        session.type("<alt-x>")
        #expect(session.screen().contains("line 120"))
    }

    @Test(
        "wide characters and clusters keep the cursor where the next one goes",
        arguments: [
            ("世界", 4), ("👨‍👩‍👧", 2), ("e\u{301}", 1), ("🇫🇷🇩🇪", 4), ("한글", 4),
        ])
    func widths(text: String, columns: Int) {
        var session = session(60, 12)
        session.feed(.typed(text))
        #expect(session.draw().cursor?.column == 2 + columns)
        session.type("<left>")
        #expect((session.draw().cursor?.column ?? 0) < 2 + columns)
        session.type("<home>")
        #expect(session.draw().cursor?.column == 2)
    }

    @Test("what is selected looks selected")
    func selection() {
        var session = session(60, 12)
        session.type("one two<ctrl-shift-left>")
        let row = session.rows().lastIndex { $0.contains("one two") } ?? 0
        #expect(session.attributes(row: row) == "bb....rrr")
        session.type("three")
        #expect(session.rows().contains("› one three"))
        #expect(session.attributes(row: row) == "bb")
    }

    @Test("Up and Down move over rows as they are drawn, keep their column, and go on to what was sent at the edges")
    func rows() {
        var session = session(40, 14)
        session.type("sent<enter>")
        session.reply(.answer("Yes."), .finished(.stop))
        // 37 columns a row.
        session.type(String(repeating: "a", count: 37) + String(repeating: "b", count: 10))
        #expect(session.draw().cursor == Point(column: 12, row: 12))
        session.type("<up>")
        #expect(session.draw().cursor == Point(column: 12, row: 11))
        #expect(session.state.composer.text.count == 47)
        session.type("<end><down>")
        #expect(session.state.composer.after.isEmpty)
        session.type("<up><up>")
        #expect(session.state.composer.text == "sent")
        session.type("<down>")
        #expect(session.state.composer.text.count == 47)
    }

    @Test("Shift+Up selects rows of what is written, and scrolls where there is only one")
    func selectingRows() {
        var session = session(60, 14)
        session.type("one<alt-enter>two<shift-up>")
        #expect(session.type("<ctrl-c>").contains(.copy("\ntwo")))
        session.type("<ctrl-c>")
        for turn in 1...10 {
            session.type("question \(turn)<enter>")
            session.reply(.answer("answer \(turn)"), .finished(.stop))
        }
        session.type("<shift-up>")
        #expect(session.state.scroll != .following)
    }

    @Test("any text is drawn whole, with the cursor on the screen, wherever it goes", arguments: 0..<30)
    func anything(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var session = session(Int.random(in: 40...90, using: &random), Int.random(in: 10...30, using: &random))
        let pieces = [
            "word ", "世界", "👨‍👩‍👧", "\n", "\t", "e\u{301}", "नमस्ते", "<up>", "<down>", "<left>", "<shift-up>", "<f2>",
        ]
        for _ in 0..<80 {
            let piece = pieces.randomElement(using: &random) ?? "x"
            if piece.hasPrefix("<") { session.type(piece) } else { session.feed(.pasted(piece)) }
            if piece == "<f2>" { session.feed(.attached(.screenshot())) }
            let screen = session.draw()
            let cursor = screen.cursor
            #expect(cursor.map { screen.grid.bounds.contains($0) } == true)
        }
    }

    @Test("of a very long draft only what can be in sight is laid out", arguments: [" ", "\n", ""])
    func longDraft(blank: String) {
        var session = session(80, 24)
        session.feed(.pasted("beginning "))
        for number in 0..<10_000 { session.feed(.typed("word\(number)\(blank)")) }
        let before = session.rows()
        #expect(before.contains { $0.contains("word9999") })
        #expect(before.filter { $0.contains("word9") }.count >= 7, "the composer is full: \(before)")
        session.feed(.typed("!"))
        // What stands above the line that is written stays as it was broken.
        #expect(Array(session.rows()[..<21]) == Array(before[..<21]))
        let time = ContinuousClock().measure {
            for _ in 0..<20 {
                session.feed(.typed("x"))
                _ = session.draw()
            }
        }
        #expect(time < .seconds(2), "a key takes \(time / 20)")
        for _ in 0..<40 { session.type("<up>") }
        #expect(session.draw().cursor != nil)
    }
}
