import Cells
import Conversation
import Session
import TestSupport
import Testing
import Views

@Suite struct MarkdownTests {
    /// The lines that an answer takes.
    static func lines(_ markdown: String, columns: Int = 44) -> [String] {
        // One column belongs to the bar of the message that is chosen.
        var session = session(columns + 1, 80)
        session.type("x<enter>")
        session.reply(.answer(markdown), .finished(.stop))
        var rows = Array(session.rows().dropFirst(2).prefix(75))
        while rows.last == "" { rows.removeLast() }
        return rows
    }

    private func expect(
        _ markdown: String, columns: Int = 44, _ expected: String, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let got = Self.lines(markdown, columns: columns).joined(separator: "\n")
        #expect(got == expected, "got:\n\(got)\nexpected:\n\(expected)", sourceLocation: sourceLocation)
    }

    static let everything = """
        # Title
        Some *text* with `code`, **bold**, ~~gone~~ and [a link](https://example.org/x).

        Setext
        ------
        1. one
        2. two
           - nested
             ```swift
             let x = 1
             ```
        3. three

        > quote
        > - item

        | name | value |
        |:-----|------:|
        | a    | 1     |
        | b, which is long | 22 |

        ***
        ```
        plain
        ```
        <b>html</b> ![picture](http://e.org/x.png) $a_1*b*c$
        """

    @Test("headings are set off")
    func headings() {
        expect(
            "# One\ntext\n## Two ##\n### Three\n\nFour\n====\nFive\n---",
            """
            One

            text

            Two

            Three

            Four

            Five
            """)
    }

    @Test("lists keep their order, depth and spacing")
    func lists() {
        expect(
            "Steps:\n1. one\n1. two\n   more\n\n   para\n10. three\n- a\n  - b\n    - c\n\n- d\n- [ ] todo\n- [x] done",
            """
            Steps:
            1. one
            2. two
               more

               para
            3. three
            • a
              ◦ b
                ▪ c

            • d
            ☐ todo
            ☑ done
            """)
    }

    @Test("long items hang under their text")
    func hangingItems() {
        expect(
            "- a list item that is longer than the screen is wide, 中文也可以换行的\n12. likewise a numbered item that wraps",
            columns: 40,
            """
            • a list item that is longer than the
              screen is wide, 中文也可以换行的
            12. likewise a numbered item that wraps
            """)
    }

    @Test("quotes have a bar, also around other blocks")
    func quotes() {
        expect(
            "> one\ntwo\n>\n> - item\n>   more\n>\n> ```\n> code\n> ```\n\nafter",
            """
            ▌ one
            ▌ two
            ▌
            ▌ • item
            ▌   more
            ▌
            ▌ ▏ code

            after
            """)
    }

    @Test("code keeps every character")
    func code() {
        expect(
            "```swift\nfunc f() {\n\treturn  1 // *not* [x](y) <b>\n\n}\n```\n~~~\n```\n~~~\n    indented\n\n      more\nafter",
            """
            ▏ swift
            ▏ func f() {
            ▏     return  1 // *not* [x](y) <b>
            ▏
            ▏ }

            ▏ ```

            ▏ indented
            ▏
            ▏   more

            after
            """)
    }

    @Test("long lines of code are wrapped and lose nothing")
    func longCode() {
        let code = (0..<30).map { "word\($0)" }.joined(separator: "  ")
        let rows = Self.lines("```\n\(code)\n```")
        #expect(rows.map { $0.dropFirst(2) }.joined().filter { $0 != " " } == code.filter { $0 != " " })
        #expect(rows.allSatisfy { $0.hasPrefix("▏ ") })
    }

    @Test("tables have borders and aligned columns")
    func tables() {
        expect(
            "| name | value | note |\n|:--|--:|:-:|\n| a | 1 | x |\n| **bb** | 22 | `a\\|b` |\n| short |\nafter",
            """
            ┌───────┬───────┬──────┐
            │ name  │ value │ note │
            ├───────┼───────┼──────┤
            │ a     │     1 │  x   │
            │ bb    │    22 │ a|b  │
            │ short │       │      │
            │ after │       │      │
            └───────┴───────┴──────┘
            """)
    }

    @Test("cells of a table that is too wide are wrapped")
    func wideTable() {
        expect(
            "| one | two |\n|---|---|\n| a cell with many words in it | another cell with many more words in it |",
            columns: 40,
            """
            ┌──────────────────┬───────────────────┐
            │ one              │ two               │
            ├──────────────────┼───────────────────┤
            │ a cell with many │ another cell with │
            │ words in it      │ many more words   │
            │                  │ in it             │
            └──────────────────┴───────────────────┘
            """)
    }

    @Test("a table with too many columns becomes records")
    func records() {
        expect(
            "|a|b|c|d|e|f|g|h|\n|-|-|-|-|-|-|-|-|\n|1|2|3|4|5|6|7|8|\n|1|2|3|4|5|6|7|8|", columns: 40,
            """
            ▪ a: 1
              b: 2
              c: 3
              d: 4
              e: 5
              f: 6
              g: 7
              h: 8
            ▪ a: 1
              b: 2
              c: 3
              d: 4
              e: 5
              f: 6
              g: 7
              h: 8
            """)
    }

    @Test("links show their address when the text does not, and only safe ones can be followed")
    func links() {
        expect(
            "[text](https://e.org/a) <https://e.org> www.e.org [mail](mailto:a@b.c) [bad](javascript:x) [same.org](http://same.org)",
            columns: 60,
            """
            text (https://e.org/a) https://e.org www.e.org mail
            (mailto:a@b.c) bad (javascript:x) same.org
            """)
        var session = session(60, 20)
        session.type("x<enter>")
        session.reply(.answer("[good](https://e.org/a) [bad](javascript:alert)"))
        let row = session.draw().grid.row(2)
        #expect(row.first?.style.link?.target == "https://e.org/a")
        #expect(Set(row.compactMap { $0.style.link?.target }) == ["https://e.org/a"])
    }

    @Test("rules, HTML, pictures and formulas")
    func others() {
        expect(
            "above\n\n***\n<div>\n*x*\n</div>\n\n![a **b**](http://e.org/x.png)\n\n$a*b*c_1_2$ and \\[x^2 \\cdot y\\] cost $5 and $6 *here*",
            """
            above

            ────────────────────────────────────────────

            <div>
            *x*
            </div>

            ▨ a b

            a∗b∗c₁₂ and x² · y cost $5 and $6 here
            """)
    }

    @Test("emphasis, code and struck text look different")
    func inlineStyles() {
        var session = session(60, 20)
        session.type("x<enter>")
        session.reply(.answer("**b** *i* ~~s~~ ***bi*** [l](http://l)"))
        #expect(session.attributes(row: 2) == "b.i.s.**.u")
    }

    @Test("nesting without end is cut off")
    func deepNesting() {
        let quotes = Self.lines(String(repeating: "> ", count: 5_000) + "deep")
        #expect(!quotes.isEmpty)
        let items = Self.lines((0..<400).map { String(repeating: "  ", count: $0) + "- x" }.joined(separator: "\n"))
        #expect(!items.isEmpty)
        for mark in ["*", "_", "[", "![", "`", "<", "$", "\\[", "~~", "|"] {
            #expect(!Self.lines(String(repeating: mark, count: 20_000)).isEmpty)
            #expect(!Self.lines(String(repeating: mark + "a ", count: 10_000)).isEmpty)
        }
    }
}
