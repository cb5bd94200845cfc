import Conversation
import FoundationEssentials
import Session
import TestSupport
import Testing

@Suite("What is written")
struct ComposerTests {
    // MARK: - Undoing

    @Test("undo takes back a word at a time, a paste at once, and redo makes it again")
    func undo() {
        var driver = Driver()
        for letter in "one two" { driver.feed(.typed(String(letter))) }
        driver.feed(.pasted("pasted words here"))
        driver.press(.deleteWord)
        #expect(driver.state.composer.text == "one twopasted words ")
        var seen: [String] = []
        for _ in 0..<5 {
            driver.press(.undo)
            seen.append(driver.state.composer.text)
        }
        #expect(seen == ["one twopasted words here", "one two", "one ", "", ""])
        #expect(driver.state.notice?.text == "There is nothing to take back.")
        for _ in 0..<4 { driver.press(.redo) }
        #expect(driver.state.composer.text == "one twopasted words ")
    }

    @Test("characters that are deleted one after another come back together, and a move begins a new step")
    func undoDeletions() {
        var driver = Driver()
        driver.feed(.typed("abc"))
        driver.press(.deleteBackward, .deleteBackward)
        driver.press(.moveLeft)
        driver.feed(.typed("x"))
        #expect(driver.state.composer.text == "xa")
        driver.press(.undo)
        #expect(driver.state.composer.text == "a")
        driver.press(.undo)
        #expect(driver.state.composer.text == "abc")
        driver.press(.interrupt, .undo)
        #expect(driver.state.composer.text == "abc", "what Ctrl+C has cleared comes back")
    }

    // MARK: - Selecting

    @Test("what is selected is copied, cut, replaced by what is typed, and let go of by moving")
    func selection() {
        var driver = Driver()
        driver.feed(.typed("one 世界 👨‍👩‍👧"))
        driver.press(.selectLeft, .selectLeft, .selectLeft)
        #expect(driver.press(.interrupt).contains(.copy("界 👨‍👩‍👧")))
        #expect(driver.state.composer.selection == nil)
        driver.press(.selectWordLeft)
        driver.feed(.typed("two"))
        #expect(driver.state.composer.text == "one two界 👨‍👩‍👧")
        driver.press(.moveToLineStart, .selectWordRight)
        #expect(driver.press(.cut).contains(.copy("one")))
        #expect(driver.state.composer.before.isEmpty)
        driver.press(.selectToLineEnd, .moveLeft)
        #expect(driver.state.composer.before.isEmpty)
        driver.press(.selectToLineEnd, .deleteBackward)
        #expect(driver.state.composer.isEmpty)
    }

    // MARK: - Chips

    @Test("attachments are sent in the order in which they stand among the words")
    func order() {
        var driver = Driver()
        let (one, two) = (Attachment.picture("one"), Attachment.picture("two"))
        driver.feed(.typed("compare "))
        driver.press(.captureScreen)
        driver.feed(.typed(" with "))
        driver.press(.captureWindow)
        driver.feed(.attached(one))
        driver.feed(.attached(two))
        driver.feed(.typed("!"))
        driver.press(.send)
        let question = driver.state.conversation.messages[0]
        #expect(
            question.parts == [.text("compare "), .attachment(one), .text(" with "), .attachment(two), .text("!")])
        #expect(question.text == "compare  with !")
    }

    @Test("files that were dropped keep their places, whichever is read first")
    func drop() {
        var driver = Driver()
        let effects = driver.feed(.pasted("file:///tmp/a%20b.png '/tmp/c d.png' /tmp/e\\ f.png\n"))
        #expect(
            effects.first
                == .inspectPaste(
                    "file:///tmp/a%20b.png '/tmp/c d.png' /tmp/e\\ f.png\n",
                    paths: ["file:///tmp/a%20b.png", "/tmp/c d.png", "/tmp/e f.png"], tickets: [1, 2, 3]))
        let pictures = ["a", "b", "c"].map { Attachment.picture($0) }
        driver.feed(.attachmentReady(ticket: 3, pictures[2]))
        driver.say("not yet")
        #expect(driver.request == nil)
        driver.feed(.attachmentMissed(ticket: 2, "It is no picture."))
        driver.feed(.attachmentReady(ticket: 1, pictures[0]))
        #expect(driver.state.composer.attachments == [pictures[0], pictures[2]])
        #expect(driver.state.pendingAttachments == 0)
    }

    @Test("files of the command line keep their order, whichever is read first, and are waited for")
    func named() {
        var driver = Driver()
        #expect(driver.feed(.fileNamed("/before.png")).first == .attach(path: "/before.png", ticket: 1))
        #expect(driver.feed(.fileNamed("~/after.png")).first == .attach(path: "~/after.png", ticket: 2))
        let (before, after) = (Attachment.picture("before"), Attachment.picture("after"))
        driver.feed(.attachmentReady(ticket: 2, after))
        driver.say("what changed?")
        #expect(driver.request == nil)
        driver.feed(.attachmentReady(ticket: 1, before))
        #expect(driver.state.composer.attachments == [before, after])
    }

    @Test("a chip whose picture was deleted before it came does not come back")
    func deletedWhileWaiting() {
        var driver = Driver()
        driver.press(.captureScreen, .deleteBackward)
        driver.feed(.attached(.picture()))
        #expect(driver.state.composer.isEmpty)
        driver.press(.undo)
        #expect(driver.state.composer.attachments.count == 1, "undoing the deletion brings the picture")
    }

    @Test("a long paste is folded, is deleted as one, comes back, unfolds, and is sent unfolded")
    func foldedPaste() {
        var driver = Driver()
        let log = (1...120).map { "line \($0)" }.joined(separator: "\n")
        driver.feed(.typed("why: "))
        driver.feed(.pasted(log))
        #expect(driver.state.composer.before.count == 6)
        driver.feed(.typed(" ?"))
        #expect(driver.state.composer.text == "why: " + log + " ?")
        driver.press(.deleteWord)
        #expect(driver.state.composer.text == "why: ")
        driver.press(.undo)
        driver.press(.unfoldPaste)
        #expect(driver.state.composer.before == "why: " + log + " ?")
        driver.press(.undo)
        #expect(driver.state.composer.before.count == 8)
        driver.press(.send)
        #expect(driver.request?.messages.last?.parts == [.text("why: " + log + " ?")])
    }

    @Test("eight lines are shown, nine are folded; so is one line of a thousand characters")
    func foldingLimits() {
        func isFolded(_ text: String, lines: Int? = 8) -> Bool {
            var driver = Driver()
            driver.state.settings.foldedPasteLines = lines
            driver.feed(.pasted(text))
            return !driver.state.composer.chips.isEmpty
        }
        let line = "word\n"
        #expect(!isFolded(String(repeating: line, count: 8)))
        #expect(isFolded(String(repeating: line, count: 9)))
        #expect(!isFolded(String(repeating: "界", count: 1_000)))
        #expect(isFolded(String(repeating: "界", count: 1_001)))
        #expect(!isFolded(String(repeating: line, count: 9), lines: nil))
        #expect(isFolded(String(repeating: line, count: 2), lines: 1))
    }

    @Test("a draft keeps folds and the places of attachments")
    func stored() {
        var driver = Driver()
        let log = String(repeating: "a line\n", count: 20)
        driver.feed(.typed("a"))
        driver.press(.captureScreen)
        driver.feed(.attached(.picture("one")))
        driver.feed(.typed("b"))
        driver.feed(.pasted(log))
        driver.feed(.typed("c"))
        let (text, attachments) = (driver.state.composer.stored, driver.state.composer.attachments)
        var next = Driver()
        next.feed(.draftRestored(text: text, attachments: attachments))
        #expect(next.state.composer.parts == driver.state.composer.parts)
        #expect(next.state.composer.before.count == 5)
        var old = Driver()
        old.feed(.draftRestored(text: "words", attachments: attachments))
        #expect(old.state.composer.parts == attachments.map { .attachment($0) } + [.text("words")])
    }

    @Test("what an editor gives back keeps the attachments whose brackets are still there")
    func outside() throws {
        var driver = Driver()
        driver.feed(.typed("see "))
        driver.press(.captureScreen)
        driver.feed(.attached(.picture("one")))
        driver.press(.captureWindow)
        driver.feed(.attached(.picture("two")))
        let effects = driver.press(.editOutside)
        #expect(effects == [.editOutside("see ⟦1: one⟧⟦2: two⟧")])
        driver.feed(.writtenOutside("first ⟦2: two⟧, ⟦3: none⟧"))
        #expect(driver.state.composer.attachments.map(\.label) == ["two"])
        #expect(driver.state.composer.text == "first , ⟦3: none⟧")
        driver.press(.undo)
        #expect(driver.state.composer.attachments.map(\.label) == ["one", "two"])
    }

    @Test("pasted characters that would be chips are none")
    func foreignMarkers() {
        var driver = Driver()
        driver.press(.captureScreen)
        driver.feed(.attached(.picture("one")))
        driver.feed(.pasted("\u{10F000}\u{10FFFD}"))
        #expect(driver.state.composer.attachments.count == 1)
        #expect(driver.state.composer.text == "\u{FFFD}\u{FFFD}")
    }

    // MARK: - What was sent

    @Test("Up brings what waits back, and what was sent before, with the draft and its pictures kept")
    func recall() {
        var driver = Driver()
        driver.say("first")
        driver.say("waits")
        #expect(driver.state.conversation.messages.last?.outcome == .queued)
        driver.press(.moveUp)
        #expect(driver.state.composer.text == "waits")
        #expect(driver.state.conversation.messages.last?.outcome != .queued)
        driver.press(.interrupt)
        #expect(driver.state.reply == nil)
        driver.press(.interrupt)
        driver.press(.captureScreen)
        driver.feed(.attached(.picture("one")))
        driver.feed(.typed("draft"))
        driver.press(.moveUp)
        #expect(driver.state.composer.text == "waits")
        #expect(driver.state.composer.attachments.count == 1)
        driver.press(.moveDown)
        #expect(driver.state.composer.text == "draft")
    }

    // MARK: - Anything

    @Test(
        "whatever is done, undoing all of it gives the empty composer, and redoing gives the same text",
        arguments: 0..<40)
    func anything(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var driver = Driver()
        let commands: [Command] = [
            .deleteBackward, .deleteForward, .deleteWord, .deleteWordForward, .deleteToLineStart, .deleteToLineEnd,
            .moveLeft, .moveRight, .moveWordLeft, .moveWordRight, .moveToLineStart, .moveToLineEnd, .selectLeft,
            .selectRight, .selectWordLeft, .selectWordRight, .newLine, .cut, .undo, .redo, .unfoldPaste,
        ]
        let words = ["a", "b ", " ", "世", "👨‍👩‍👧", "e\u{301}", "\u{301}", "🇫🇷", "\u{200D}", "नी"]
        for _ in 0..<150 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0: driver.feed(.pasted(String(repeating: "line\n", count: Int.random(in: 1..<20, using: &random))))
            case 1:
                driver.press(.captureScreen)
                driver.feed(.attached(.picture()))
            case 2..<6: driver.feed(.typed(words.randomElement(using: &random) ?? "x"))
            default: driver.press(commands.randomElement(using: &random) ?? .moveLeft)
            }
            let composer = driver.state.composer
            if let selection = composer.selection {
                #expect(selection.upperBound <= composer.before.utf8.count + composer.after.utf8.count)
            }
        }
        let text = driver.state.composer.text
        let attachments = driver.state.composer.attachments
        var steps = 0
        while driver.state.notice?.text != "There is nothing to take back.", steps < 500 {
            driver.press(.undo)
            steps += 1
        }
        #expect(driver.state.composer.isEmpty)
        for _ in 0..<steps { driver.press(.redo) }
        #expect(driver.state.composer.text == text)
        #expect(driver.state.composer.attachments == attachments)
    }
}
