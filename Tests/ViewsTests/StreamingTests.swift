import Cells
import Conversation
import Session
import TestSupport
import Testing
import Views

@Suite struct StreamingTests {
    private func stream(_ pieces: [String], columns: Int = 57, drawsEach: Bool = false) -> [String] {
        var session = session(columns, 120)
        session.type("x<enter>")
        for piece in pieces {
            session.reply(.answer(piece))
            if drawsEach { _ = session.draw() }
        }
        session.reply(.finished(.stop))
        return session.rows()
    }

    private func cut(_ text: String, _ random: inout SeededRandom) -> [String] {
        var pieces: [String] = []
        var rest = text.unicodeScalars[...]
        while !rest.isEmpty {
            let count = Int.random(in: 1...12, using: &random)
            pieces.append(String(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        return pieces
    }

    @Test("a text in pieces makes the same screen as the whole", arguments: 0..<24)
    func pieces(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let text = MarkdownTests.everything + "\r\n\r\nwide 中文 and 👩‍👩‍👧 and e\u{301}\r\n"
        let pieces = cut(text, &random)
        #expect(stream(pieces, drawsEach: true) == stream([text]))
    }

    @Test("random Markdown in pieces makes the same screen as the whole", arguments: 0..<60)
    func randomMarkdown(seed: UInt64) {
        var random = SeededRandom(seed: seed &+ 1_000)
        let words = [
            "a", "word", "\n", "\n", "\n\n", "- ", "1. ", "> ", "```", "~~~\n", "    ", "  ", "# ", "|", "| a | b |\n",
            "|---|---|\n", "---\n", "===\n", "*", "**", "`", "[x](http://e.org)", "<b>", "$", "中", "\t", "- [ ] ", "\\",
        ]
        let text = (0..<120).map { _ in words.randomElement(using: &random) ?? "" }.joined()
        #expect(stream(cut(text, &random), drawsEach: true) == stream([text]), "\(text)")
    }

    @Test("what streams looks like what it will be", arguments: [1, 2, 3])
    func unfinishedEqualsFinished(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let text = MarkdownTests.everything
        var session = session(57, 120)
        session.type("x<enter>")
        for piece in cut(text, &random) {
            session.reply(.answer(piece))
            _ = session.draw()
        }
        let open = session.rows().dropLast()
        session.reply(.finished(.stop))
        #expect(Array(open.prefix(100)) == Array(session.rows().prefix(100)))
    }

    @Test("a line without end is taken in pieces", arguments: ["word ", "字", "x", "`c` ", "👩‍👩‍👧"])
    func endlessLine(unit: String) {
        var random = SeededRandom(seed: 5)
        let text = String(repeating: unit, count: 6_000 / unit.utf8.count)
        var pieces: [String] = []
        var rest = text[...]
        while !rest.isEmpty {
            let count = Int.random(in: 1...300, using: &random)
            pieces.append(String(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        for prefix in ["", "```\n", "- ", "# ", "> ", "| a |\n|---|\n| "] {
            #expect(stream([prefix] + pieces, drawsEach: true) == stream([prefix + text]))
        }
    }

    @Test("words of an endless line fill the screen as if there were no pieces")
    func endlessProse() {
        let text = (0..<3_000).map { "w\($0)" }.joined(separator: " ")
        var session = session(60, 400)
        session.type("x<enter>")
        session.reply(.answer(text), .finished(.stop))
        let words = session.screen().split(whereSeparator: \.isWhitespace).filter { $0.hasPrefix("w") }
        #expect(words.last == "w2999")
        let rows = session.rows().filter { $0.hasPrefix("w") }
        #expect(rows.dropLast().allSatisfy { $0.count > 50 })
    }

    @Test("an answer that is gone on with goes on in the middle of its line")
    func resumed() {
        var session = session(60, 14)
        session.type("Go<enter>")
        session.reply(.answer("Half an"))
        session.type("<escape>")
        #expect(session.screen().contains("■ stopped"))
        session.type("<alt-c>")
        session.reply(.answer(" answer."))
        #expect(session.rows().contains("Half an answer."))
    }
}
