import TestSupport
import Testing

@testable import Cells

@Suite struct TextLayoutTests {
    private func lines(_ text: String, _ width: Int, _ breaking: TextLayout.Breaking = .words) -> [String] {
        TextLayout(width: width, breaking: breaking).lines(of: text).map(\.plain)
    }

    @Test("breaks between words and drops the blanks there")
    func words() {
        #expect(lines("the quick  brown fox", 9) == ["the quick", "brown fox"])
        #expect(lines("the quick brown fox", 10) == ["the quick", "brown fox"])
        #expect(lines("", 10) == [""])
        #expect(lines("a\n\nb\n", 10) == ["a", "", "b", ""])
        #expect(lines("  indented", 20) == ["  indented"])
    }

    @Test("keeps blanks that fit at the end of a line that is not broken")
    func trailing() {
        #expect(lines("ab  ", 10) == ["ab  "])
        #expect(lines("ab      ", 4) == ["ab  "])
    }

    @Test("breaks words that are wider than a line, and after hyphens")
    func longWords() {
        #expect(lines("abcdefghij", 4) == ["abcd", "efgh", "ij"])
        #expect(lines("go abcdefghij", 6) == ["go", "abcdef", "ghij"])
        #expect(lines("well-known", 6) == ["well-", "known"])
        #expect(lines("use --flag", 7) == ["use", "--flag"])
    }

    @Test("breaks between ideographs, but not before closing or after opening punctuation")
    func ideographs() {
        #expect(lines("今日は天気", 6) == ["今日は", "天気"])
        #expect(lines("今日は、天気", 6) == ["今日", "は、天", "気"])
        #expect(lines("今日（天気）", 6) == ["今日", "（天", "気）"])
        #expect(lines("a中文b", 3) == ["a中", "文b"])
        #expect(lines("한국어 문장", 7) == ["한국어", "문장"])
    }

    @Test("breaks anywhere and keeps blanks when asked to")
    func anywhere() {
        #expect(lines("let x = 1", 4, .anywhere) == ["let ", "x = ", "1"])
        #expect(lines("a中文", 2, .anywhere) == ["a", "中", "文"])
    }

    @Test("expands tabs to stops")
    func tabs() {
        #expect(lines("a\tb\tc", 20) == ["a   b   c"])
        #expect(lines("\tx", 20) == ["    x"])
        #expect(lines("abcde\tf", 6) == ["abcde", "f"])
    }

    @Test("hangs lines under a prefix")
    func prefix() {
        let layout = TextLayout(width: 8, firstPrefix: "• ", nextPrefix: "  ")

        let lines = layout.lines(of: "one two three\nfour")

        #expect(lines.map(\.plain) == ["• one", "  two", "  three", "  four"])
        #expect(lines.allSatisfy { $0.indent == 2 })
        #expect(TextLayout(width: 3, firstPrefix: "long").lines(of: "abc").map(\.plain) == ["abc"])
    }

    @Test("keeps styles across breaks")
    func styles() {
        let bold = Style(attributes: .bold)
        var text = StyledText("plain ")
        text.append("bold bold", style: bold)

        let lines = TextLayout(width: 10).lines(of: text)

        #expect(
            lines.map(\.runs) == [
                [StyledRun("plain "), StyledRun("bold", style: bold)], [StyledRun("bold", style: bold)],
            ])
    }

    @Test("keeps every character and no line too wide, whatever the text and the width", arguments: 0..<40)
    func property(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        for breaking in [TextLayout.Breaking.words, .anywhere] {
            var text = StyledText()
            for index in 0..<5 {
                text.append(
                    random.scalars(count: Int.random(in: 0..<40, using: &random)),
                    style: Style(foreground: .palette(UInt8(index))))
            }
            let width = Int.random(in: 2..<30, using: &random)
            let layout = TextLayout(width: width, firstPrefix: "> ", nextPrefix: "  ", breaking: breaking)
            let plain = text.plain

            let lines = layout.lines(of: text)

            var offset = 0
            for line in lines {
                #expect(line.columns <= layout.width)
                #expect(line.columns == line.runs.reduce(0) { $0 + DisplayWidth.columns(of: $1.text) })
                #expect(line.source.lowerBound == offset)
                offset = line.source.upperBound
                let source = Array(plain.utf8)[line.source]
                let drawn = String(line.plain.unicodeScalars.dropFirst(line.indent))
                #expect(visible(String(decoding: source, as: UTF8.self)) == visible(drawn))
            }
            #expect(offset == plain.utf8.count)
        }
    }

    // Blanks, tabs and line breaks may be dropped or changed; nothing else may.
    private func visible(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter { !" \t\n\r".unicodeScalars.contains($0) }))
    }

    @Test("finds the cursor's place and back")
    func places() {
        let text = "hello wörld\n中文\tx\n"
        let layout = TextLayout(width: 8, firstPrefix: "> ", nextPrefix: "  ", breaking: .anywhere)
        let lines = layout.lines(of: text)

        var offset = 0
        for character in text {
            let place = layout.place(of: offset, in: text, lines: lines)
            #expect(layout.offset(at: place, in: text, lines: lines) == offset)
            offset += character.utf8.count
        }
        #expect(layout.place(of: 0, in: text, lines: lines) == Point(column: 2, row: 0))
        #expect(layout.place(of: 6, in: text, lines: lines) == Point(column: 2, row: 1))
        #expect(layout.place(of: text.utf8.count, in: text, lines: lines) == Point(column: 2, row: lines.count - 1))
        #expect(layout.offset(at: Point(column: 50, row: 50), in: text, lines: lines) == text.utf8.count)
        #expect(layout.offset(at: Point(column: 0, row: -1), in: text, lines: lines) == 0)
        #expect(layout.place(of: 0, in: "", lines: layout.lines(of: "")) == Point(column: 2, row: 0))
    }

    @Test("takes time in proportion to the text")
    func linear() {
        let clock = ContinuousClock()
        let word = "word \u{301}\u{301}中 wide👍🏽-text\t"
        func time(_ count: Int) -> Duration {
            let text = StyledText(String(repeating: word, count: count))
            return clock.measure { _ = TextLayout(width: 80).lines(of: text) }
        }
        _ = time(10)

        let small = time(200)
        let large = time(2_000)

        // Ten times the text; a quadratic layout would take a hundred times as long.
        #expect(large < small * 40)
    }
}
