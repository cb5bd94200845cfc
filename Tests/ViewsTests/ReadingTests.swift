import Cells
import Conversation
import FoundationEssentials
import Session
import TestSupport
import Testing
import Views

/// The transcript with its own keys, typed and drawn.
@Suite struct ReadingTests {
    private static let answer = """
        Try this:

        ```swift
        let first = 1
        ```

        or, better:

        ```swift
        let second = 2
        let third = 3
        ```

        That is all.
        """

    private func answered(_ columns: Int = 70, _ rows: Int = 30) -> ScriptedSession {
        var session = session(columns, rows)
        session.type("How?<enter>")
        session.reply(.reasoning("hm"), .answer(Self.answer), .finished(.stop))
        session.type("And why?<enter>")
        session.reply(.answer("Because."), .finished(.stop))
        return session
    }

    private static func empty() -> ScriptedSession { session(80, 24) }

    private func copied(_ session: ScriptedSession) -> String? {
        for case .copy(let text) in session.effects.reversed() { return text }
        return nil
    }

    private func barRows(_ session: inout ScriptedSession) -> [String] {
        session.rows().filter { $0.hasPrefix("▎") }
    }

    @Test("Tab goes into the transcript, j and k choose a message, which has a bar, and Tab goes back")
    func choosing() {
        var session = answered()
        session.type("<tab>")
        #expect(barRows(&session) == ["▎Because."])
        #expect(session.screen().contains("j k message · y copy · Tab back"))
        #expect(session.draw().cursor == nil)
        session.type("k")
        #expect(barRows(&session) == ["▎▌ And why?"])
        session.type("kkkk")
        #expect(barRows(&session) == ["▎▌ How?"])
        session.type("Gg<down>")
        #expect(barRows(&session).first == "▎▸ thought for 0 s · Ctrl+O unfolds" || barRows(&session).count > 5)
        session.type("<tab>")
        #expect(barRows(&session).isEmpty)
        #expect(session.state.reading == nil)
        #expect(session.draw().cursor != nil)
        session.type("<tab>x")
        #expect(session.state.composer.text == "x")
        #expect(session.state.reading == nil)
        session.type("<tab><escape>j")
        #expect(session.state.composer.text == "xj")
    }

    @Test(
        "the chosen message can be told in every theme",
        arguments: [Theme.monochrome, Theme.dark, Theme.light])
    func themes(_ theme: Theme) {
        var session = answered()
        session.theme = theme
        session.type("<tab>k")
        #expect(barRows(&session) == ["▎▌ And why?"])
    }

    @Test("y copies the message, Y its blocks of code from the last one on")
    func copying() {
        var session = answered()
        session.type("<tab>y")
        #expect(copied(session) == "Because.")
        #expect(session.screen().contains("• Copied the answer: 1 line."))
        session.type("Y")
        #expect(session.screen().contains("There is no block of code"))
        session.type("kkY")
        #expect(copied(session) == "let second = 2\nlet third = 3")
        #expect(session.screen().contains("• Copied 2 lines of code (block 2 of 2)."))
        session.type("Y")
        #expect(copied(session) == "let first = 1")
        session.type("Y")
        #expect(copied(session) == "let second = 2\nlet third = 3")
        session.type("y")
        #expect(copied(session) == Self.answer)
    }

    @Test("v selects what is seen as lines, and y copies just these")
    func selecting() {
        var session = answered()
        session.type("<tab>kkv")
        let top = session.rows().firstIndex { $0.contains("Try this:") } ?? 0
        #expect(session.attributes(row: top).contains("r"))
        session.type("y")
        #expect(copied(session) == "Try this:")
        #expect(session.state.reading?.selection == nil)
        // The label of the code is its fence; the code, then, has its fence below too.
        session.type("vjjy")
        #expect(copied(session) == "Try this:\n\n```swift\nlet first = 1\n```")
        session.type("vjjjkkjy")
        #expect(copied(session) == "Try this:\n\n```swift\nlet first = 1\n```")
        session.type("v<escape>")
        #expect(session.state.reading?.selection == nil)
        session.type("v" + String(repeating: "j", count: 30) + "y")
        #expect(copied(session) == Self.answer)
        #expect(
            session.screen().contains(
                "Copied \(Self.answer.split(separator: "\n", omittingEmptySubsequences: false).count) lines."))
    }

    @Test("an earlier question is asked in other words as a new branch, and what was being written comes back")
    func editing() {
        var session = answered()
        session.type("draft<tab>kkke")
        #expect(session.screen().contains("› How?"))
        #expect(session.screen().contains("✎ asking in other words · Enter sends it as a new branch"))
        session.type("<escape>")
        #expect(session.state.composer.text == "draft")
        #expect(session.state.conversation.messages.count == 4)
        let first = session.state.conversation.messages[0].id
        session.type("<tab>ge<backspace> now?")
        let effects = session.type("<enter>")
        #expect(session.state.conversation.messages.map(\.text) == ["How now?", ""])
        #expect(session.state.conversation.messages[0].id != first)
        #expect(effects.contains(.listVariants(session.state.conversation.id)))
        #expect(session.state.composer.text == "draft")
        guard case .save(_, let place)? = effects.first else {
            Issue.record("nothing was stored")
            return
        }
        #expect(place.parent == nil)
    }

    @Test("an answer is corrected, marked and unmarked")
    func marking() {
        var session = answered()
        let id = session.state.conversation.messages[3].id
        #expect(session.type("<tab>+") == [.mark(id, Mark(.good))])
        #expect(session.screen().contains("▎+ good"))
        #expect(session.type("-") == [.mark(id, Mark(.bad))])
        #expect(session.screen().contains("▎− bad"))
        #expect(session.type("-") == [.mark(id, nil)])
        #expect(!session.screen().contains("bad"))
        session.type("e")
        #expect(session.screen().contains("✎ correcting the answer"))
        session.type(" It is so.")
        #expect(session.type("<enter>").contains(.mark(id, Mark(correction: "Because. It is so."))))
        #expect(session.screen().contains("✎ corrected"))
        #expect(session.state.composer.isEmpty)
        #expect(session.state.conversation.messages[3].text == "Because.")
        // Left as it is, the answer stands again.
        session.type("<tab>e<ctrl-u>Because.")
        #expect(session.type("<enter>").contains(.mark(id, nil)))
        #expect(session.type("<tab>k+").isEmpty)
    }

    @Test("a correction that is being written is neither kept as a draft nor counted")
    func unfinishedCorrection() {
        var session = answered()
        session.type("draft<tab>")
        let effects = session.type("e more")
        #expect(!effects.contains(.saveDraft))
        #expect(!session.screen().contains("tokens"))
        session.feed(.command(.quit))
        #expect(session.state.composer.text == "draft")
    }

    @Test("r asks again, and [ ] go from version to version")
    func versions() {
        var session = answered()
        let old = session.state.conversation
        session.type("<tab>r")
        session.reply(.answer("Just so."), .finished(.stop))
        let new = session.state.conversation
        #expect(new.messages.map(\.text).suffix(2) == ["And why?", "Just so."])
        #expect(new.messages[2].id == old.messages[2].id)
        let ids = [old.messages[3].id, new.messages[3].id]
        session.feed(.variantsListed(new.id, [ids[1]: Variants(messages: ids, active: 1)]))
        session.type("<tab>")
        #expect(session.screen().contains("▎version 2 of 2"))
        #expect(session.screen().contains("[ ] version"))
        #expect(session.type("]").isEmpty)
        #expect(session.type("[") == [.showVariant(ids[0])])
        session.feed(.variantsListed(old.id, [ids[0]: Variants(messages: ids, active: 0)]))
        session.feed(.branchShown(old, at: ids[0]))
        #expect(barRows(&session) == ["▎version 1 of 2", "▎Because."])
    }

    @Test("f goes on from the chosen message in a chat of its own, and /fork from the last one")
    func forking() {
        var session = answered()
        let chat = session.state.conversation
        #expect(session.type("<tab>kkf") == [.forkChat(chat.id, upTo: chat.messages[1].id)])
        #expect(session.type("<escape>/fork<enter>").contains(.forkChat(chat.id, upTo: chat.messages[3].id)))
        #expect(session.state.conversation == chat)

        session.type("more<enter>")
        session.reply(.answer("Wait"))
        #expect(!session.type("<tab>f<escape>").contains { if case .forkChat = $0 { true } else { false } })
        #expect(session.screen().contains("still under way"))

        var empty = Self.empty()
        #expect(empty.type("/fork<enter>").contains { if case .forkChat = $0 { true } else { false } } == false)
        #expect(empty.screen().contains("nothing in this chat yet"))
    }

    @Test("a chat that another program has open can be gone on with as a copy")
    func forkingElsewhere() {
        var session = answered()
        let chat = session.state.conversation
        session.feed(.chatOpenedElsewhere(chat))
        #expect(session.type("<tab>f") == [.forkChat(chat.id, upTo: chat.messages[3].id)])
        let copy = Conversation(title: chat.title, createdAt: chat.createdAt, messages: chat.messages)
        session.feed(.chatOpened(copy))
        #expect(session.state.conversation.id == copy.id && !session.state.isOpenElsewhere)
    }

    @Test("D deletes only when it is said twice")
    func deleting() {
        var session = answered()
        session.type("<tab>D")
        #expect(session.screen().contains("Delete this answer for good?"))
        session.type("n")
        #expect(session.state.conversation.messages.count == 4)
        session.type("kD")
        let gone = session.state.conversation.messages.suffix(2).map(\.id)
        let effects = session.type("y")
        #expect(session.state.conversation.messages.count == 2)
        for id in gone { #expect(effects.contains(.forget(id, in: session.state.conversation.id))) }
        #expect(session.state.reading?.message == session.state.conversation.messages[1].id)
    }

    @Test("nothing is changed under an answer that is under way")
    func busy() {
        var session = answered()
        session.type("more<enter>")
        session.reply(.answer("Wait"))
        let before = session.state.conversation
        for keys in ["r", "e", "D", "[", "+"] { session.type("<tab>G" + keys + "<escape>") }
        #expect(session.state.conversation == before)
        #expect(session.state.reply != nil)
    }

    @Test("half pages move the choice along, on every size", arguments: [(40, 10), (80, 24), (160, 48)])
    func halfPages(_ columns: Int, _ rows: Int) {
        var session = session(columns, rows)
        session.feed(.chatOpened(TranscriptTests.chat(of: 30)))
        session.type("<tab>")
        for _ in 0..<300 {
            session.type("u")
            #expect(!barRows(&session).isEmpty)
        }
        #expect(session.rows()[0].contains("question 1"))
        for _ in 0..<300 { session.type("d") }
        #expect(session.state.scroll == .following)
        #expect(!barRows(&session).isEmpty)
        session.type("g")
        #expect(session.rows()[0].hasPrefix("▎▌ question 1"))
        session.type("G")
        #expect(session.state.scroll == .following)
        for number in 0..<59 {
            session.type("k")
            #expect(!barRows(&session).isEmpty, "after \(number)")
        }
        #expect(session.rows()[0].hasPrefix("▎▌ question 1"))
    }

    @Test("words are found as they are typed, and stepped through")
    func finding() {
        var session = session(70, 16)
        session.feed(.chatOpened(TranscriptTests.chat(of: 12)))
        session.type("<ctrl-f>ANSWER 1")
        #expect(session.screen().contains("find: ANSWER 1   4 of 4"))
        let row = session.rows().firstIndex { $0.hasPrefix("answer 12") } ?? 0
        #expect(session.attributes(row: row).hasPrefix("******.*.") || session.attributes(row: row).hasPrefix("******"))
        session.type("<enter>")
        #expect(session.screen().contains("1 of 4"))
        #expect(session.screen().contains("answer 1\n"))
        session.type("<alt-enter>")
        #expect(session.screen().contains("4 of 4"))
        session.type("<backspace><backspace> 7")
        #expect(session.screen().contains("find: ANSWER 7   1 of 1"))
        #expect(session.screen().contains("answer 7"))
        session.type("xyz")
        #expect(session.screen().contains("not found"))
        session.type("<ctrl-w>answer<tab>nN")
        #expect(session.state.reading != nil)
        #expect(session.state.find?.query == "answer")
        session.type("<escape>")
        #expect(session.state.find == nil)
        session.type("<escape><ctrl-f><escape>")
        #expect(session.state.find == nil)
        #expect(session.state.composer.isEmpty)
    }

    @Test("what is found across the end of a line is marked on both")
    func wrappedHit() {
        var session = session(41, 16)
        session.type("x<enter>")
        session.reply(.answer("These are words of some length **break apart** here, 打印机错误."), .finished(.stop))
        session.type("<ctrl-f>break apart")
        let rows = session.rows()
        let marked = rows.indices.filter { session.attributes(row: $0).contains("*") && $0 < 8 }
        #expect(marked.count == 2, "\(rows)")
        session.type("<ctrl-u>机错")
        #expect(session.screen().contains("1 of 1"))
    }
}
