import Cells
import Conversation
import FoundationEssentials
import Session
import TestSupport
import Testing
import Views

extension ScriptedSession {
    /// Does what the program's loop does with the mouse.
    @discardableResult
    mutating func mouse(_ action: PointerAction, _ column: Int, _ row: Int) -> [SessionEffect] {
        let events = renderer.events(
            for: action, at: Point(column: column, row: row), in: state, size: size)
        return events.flatMap { feed($0) }
    }

    /// Drags from one place to another; what was copied.
    mutating func drag(_ start: (Int, Int), _ end: (Int, Int)) -> String? {
        mouse(.press(clicks: 1), start.0, start.1)
        mouse(.drag, end.0, end.1)
        return copied(mouse(.release, end.0, end.1))
    }

    func copied(_ effects: [SessionEffect]) -> String? {
        for case .copy(let text) in effects { return text }
        return nil
    }

    /// Where a text is on the screen.
    mutating func find(_ text: String) throws -> (column: Int, row: Int) {
        for (row, line) in rows().enumerated() {
            if let range = line.firstRange(of: text) {
                return (DisplayWidth.columns(of: line[..<range.lowerBound]), row)
            }
        }
        throw NotOnScreen(text: text)
    }
}

private struct NotOnScreen: Error { var text: String }

@Suite("The mouse")
struct MouseTests {
    private func chat(_ answer: String, question: String = "why?", _ columns: Int = 60, _ rows: Int = 24)
        -> ScriptedSession
    {
        var session = session(columns, rows)
        session.feed(.typed(question))
        session.type("<enter>")
        session.reply(.answer(answer), .finished(.stop))
        return session
    }

    @Test("a drag selects and copies, and says what; wrapped lines are whole, bars stay out")
    func drag() throws {
        var session = chat(
            "one two three four five six seven eight nine ten eleven twelve thirteen.\n\nNext **one**.",
            question: "why?", 40)
        let start = try session.find("two")
        let end = try session.find("Next one.")
        let text = session.drag(start, (end.column + 7, end.row))
        #expect(
            text == "two three four five six seven eight nine ten eleven twelve thirteen.\n\nNext one")
        #expect(session.state.notice?.text == "Copied 3 lines.")
        #expect(session.attributes(row: start.row).contains("r"))
        session.type("x")
        #expect(!session.attributes(row: start.row).contains("r"))
    }

    @Test("code comes with its tabs and without its bar, items with their marks")
    func code() throws {
        var session = chat("Do:\n\n- first\n- second\n\n```make\nall:\n\tcc -o  it\n```\n")
        let end = try session.find("cc -o")
        let text = session.drag((0, try session.find("Do:").row), (50, end.row))
        #expect(text?.contains("\n• first\n• second\n") == true, "\(text ?? "")")
        #expect(text?.hasSuffix("\nall:\n\tcc -o  it") == true, "\(text ?? "")")
    }

    @Test("code inside an item comes with its tabs, too")
    func codeInItem() throws {
        var session = chat("1. Do:\n\n   ```make\n   all:\n   \tcc -o  it\n\t  x\n   ```\n")
        let text = session.drag((0, try session.find("all:").row), (50, try session.find("x").row))
        #expect(text?.contains("all:\n\tcc -o  it\n   x") == true, "\(text ?? "")")
    }

    @Test("a double click copies a word, a triple click a paragraph")
    func clicks() throws {
        var session = chat(
            "see https://example.org/a_b-c for the whole of it and some more words to wrap.", question: "why?", 40)
        let place = try session.find("example")
        session.mouse(.press(clicks: 2), place.column, place.row)
        let word = session.mouse(.release, place.column, place.row)
        #expect(session.copied(word) == "https://example.org/a_b-c")
        session.mouse(.press(clicks: 3), place.column, place.row)
        let paragraph = session.mouse(.release, place.column, place.row)
        #expect(
            session.copied(paragraph)
                == "see https://example.org/a_b-c for the whole of it and some more words to wrap.")
    }

    @Test("at an edge a drag scrolls and goes on selecting")
    func edges() throws {
        var session = chat((1...60).map { "line \($0)  " }.joined(separator: "\n\n"))
        let start = try session.find("line 60")
        session.mouse(.press(clicks: 1), start.column, start.row)
        for _ in 0..<10 { session.mouse(.drag, 0, 0) }
        #expect(session.renderer.scrollsOn(at: Point(column: 0, row: 0), in: session.state, size: session.size))
        let text = session.copied(session.mouse(.release, 0, 0)) ?? ""
        #expect(text.hasSuffix("line 59\n\nl"))
        #expect(text.split(separator: "\n").count > 12)
    }

    @Test("a click folds reasoning, opens what is attached and links, and puts the cursor where it is")
    func targets() throws {
        var session = session(60, 24)
        session.type("<f2>")
        session.feed(.attached(.screenshot()))
        session.type("what?<enter>")
        let turn = session.state.reply?.turn ?? 0
        session.feed(.questionPrepared(turn: turn, attachments: session.state.conversation.messages[0].attachments))
        session.reply(.reasoning("Hm."), .answer("A [page](https://example.org/)."), .finished(.stop))
        let chip = try session.find("▣ screen")
        session.mouse(.press(clicks: 1), chip.column, chip.row)
        let opened = session.mouse(.release, chip.column, chip.row)
        #expect(opened == [.openMedia(.png(1920, 1080))])
        let link = try session.find("page")
        session.mouse(.press(clicks: 1), link.column, link.row)
        let followed = session.mouse(.release, link.column, link.row)
        #expect(followed == [.openLink("https://example.org/")])
        let heading = try session.find("thought")
        session.mouse(.press(clicks: 1), heading.column, heading.row)
        session.mouse(.release, heading.column, heading.row)
        #expect(session.state.reasoningFold == .open)
        session.type("hello world")
        session.mouse(.press(clicks: 1), 2 + 5, 22)
        #expect(session.state.composer.before == "hello")
        session.mouse(.drag, 2 + 8, 22)
        #expect(session.type("<ctrl-c>").contains(.copy(" wo")))
        session.mouse(.press(clicks: 2), 2, 22)
        session.type("<backspace>")
        #expect(session.state.composer.text == " world")
    }

    @Test("any text at any width is copied back as it was, not a character lost or in another place", arguments: 0..<60)
    func anything(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let pieces = [
            "word", "世界中文", "👨‍👩‍👧", "e\u{301}", "नमस्ते", "longwordwithoutanyblanksatallinit", "x", "한글", "🇫🇷", "a-b", "(c)",
            "…", "9,5",
        ]
        let blanks = [" ", " ", "  ", "   ", "\t"]
        let lines = (0..<Int.random(in: 1...6, using: &random)).map { _ -> String in
            (0..<Int.random(in: 1...25, using: &random)).map { _ in
                (pieces.randomElement(using: &random) ?? "")
                    + (Bool.random(using: &random) ? blanks.randomElement(using: &random) ?? "" : "")
            }.joined()
        }
        // The blanks at both ends of a message are not sent.
        let text = "A" + lines.joined(separator: "\n") + "Z"
        var session = chat("Yes.", question: text, Int.random(in: 40...100, using: &random), 120)
        #expect(session.state.conversation.messages[0].text == text)
        let rows = session.rows()
        let end = try #require(rows.firstIndex { $0.isEmpty })
        let said = session.drag((2, 0), (99, end - 1))
        #expect(said == text)

        // The same in an answer: as code it is exact; as prose, blanks are one, as Markdown has it.
        let code = lines.joined(separator: "\n")
        session = chat("```\n\(code)\n```", question: "why?", Int.random(in: 40...100, using: &random), 120)
        let codeRows = session.rows()
        let first = try #require(codeRows.firstIndex { $0.hasPrefix("▏") })
        let last = try #require(codeRows.lastIndex { $0.hasPrefix("▏") })
        let copiedCode = session.drag((0, first), (99, last))
        #expect(copiedCode == code)
        session = chat(
            lines.map { $0.filter { $0 != "\t" } }.joined(separator: "\n\n"), question: "why?",
            Int.random(in: 40...100, using: &random), 120)
        let prose = session.rows()
        let top = try #require(prose.firstIndex { $0.isEmpty }) + 1
        let bottom = try #require(prose.lastIndex { $0.hasPrefix("───") }) - 1
        let copied = session.drag((0, top), (99, bottom)) ?? ""
        #expect(copied.filter { !$0.isWhitespace } == lines.joined().filter { !$0.isWhitespace })
    }
}
