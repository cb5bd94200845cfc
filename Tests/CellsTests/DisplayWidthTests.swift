import TestSupport
import Testing

@testable import Cells

@Suite struct DisplayWidthTests {
    @Test(
        "gives graphemes the columns that terminals give them",
        arguments: [
            ("a", 1), (" ", 1), ("é", 1), ("e\u{301}", 1), ("ß", 1), ("Ж", 1), ("λ", 1), ("א", 1), ("ع", 1),
            ("中", 2), ("か", 2), ("が", 2), ("か\u{3099}", 2), ("ｶ", 1), ("Ａ", 2), ("한", 2), ("、", 2),
            ("\u{1112}\u{1161}\u{11AB}", 2), ("─", 1), ("█", 1), ("…", 1), ("–", 1), ("•", 1), ("→", 1), ("✓", 1),
            ("👍", 2), ("👍🏽", 2), ("🇫🇷", 2), ("🇫", 1), ("👨‍👩‍👧", 2), ("👩🏽‍💻", 2), ("🏳️‍🌈", 2), ("❤️‍🔥", 2),
            ("1️⃣", 2), ("#️⃣", 2), ("☺", 1), ("☺\u{FE0E}", 1), ("☺️", 2), ("⌚", 2), ("❤️", 2), ("©", 1), ("©️", 2),
            ("🀄", 2), ("🈚", 2), ("🥑", 2), ("\u{20000}", 2), ("\u{E0B0}", 1),
            ("क", 1), ("कि", 2), ("क्षि", 3), ("ก", 1), ("กำ", 2), ("กั", 1),
            ("\u{0}", 0), ("\u{1B}", 0), ("\u{7F}", 0), ("\u{9B}", 0), ("\u{200B}", 0), ("\u{202E}", 0),
            ("\u{FEFF}", 0), ("\u{301}", 0), ("\u{200D}", 0), ("\u{AD}", 0), ("\u{2028}", 0),
        ] as [(String, Int)])
    func columns(text: String, expected: Int) {
        #expect(DisplayWidth.columns(of: text) == expected)
    }

    @Test("adds up a line, with blanks for tabs and line breaks")
    func line() {
        #expect(DisplayWidth.columns(of: "") == 0)
        #expect(DisplayWidth.columns(of: "plain text") == 10)
        #expect(DisplayWidth.columns(of: "a中👍🏽\té\r\nb") == 1 + 2 + 2 + 1 + 1 + 1 + 1)
        #expect(DisplayWidth.columns(of: "abc中def".dropFirst(2)) == 6)
    }

    @Test("agrees with what a grid draws, whatever the text")
    func agreesWithGrid() {
        var random = SeededRandom(seed: 1)
        for _ in 0..<300 {
            let text = random.scalars(count: 40)
            var grid = Grid(size: Size(columns: 200, rows: 1))

            let used = grid.put(text, at: Point(column: 0, row: 0))

            #expect(used == DisplayWidth.columns(of: text))
        }
    }
}
