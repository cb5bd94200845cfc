import Cells
import Conversation
import FoundationEssentials
import Session
import TestSupport
import Testing
import Views

@Suite struct TranscriptTests {
    private func streaming(lines: Int) -> ScriptedSession {
        var session = session(60, 14)
        session.type("Count<enter>")
        session.reply(.answer((1...lines).map { "line \($0)\n\n" }.joined()))
        return session
    }

    @Test("the line at the top stays while text streams below")
    func topStays() {
        var session = streaming(lines: 30)
        session.type("<pageup>")
        let top = Array(session.rows().prefix(10))
        expect(
            &session,
            shows: """

                line 21

                line 22

                line 23

                line 24

                line 25
                                                  ↓ 10 new lines · Ctrl+End
                ────────────────────────────────────────────────────────────
                › Write a question …
                 vllm · GLM-4.5V · thinking on · answering        Esc stops
                """)
        for index in 31...60 {
            session.reply(.answer("line \(index)\n\nmore of it and still more, so that it takes several lines "))
            #expect(Array(session.rows().prefix(10)) == top)
        }
        #expect(session.rows()[10].hasSuffix("new lines · Ctrl+End"))
        session.type("<ctrl-end>")
        #expect(session.state.scroll == .following)
        #expect(!session.screen().contains("new lines"))
    }

    @Test("scrolling forward to the end follows again")
    func followsAgain() {
        var session = streaming(lines: 30)
        session.type("<pageup><pageup><shift-up>")
        #expect(session.state.scroll != .following)
        session.type("<pagedown><pagedown><shift-down>")
        #expect(session.state.scroll == .following)
    }

    @Test("scrolling back ends at the first line")
    func firstLine() {
        var session = streaming(lines: 30)
        for _ in 0..<30 { session.type("<pageup>") }
        #expect(session.rows()[0] == "▌ Count")
        let id = session.state.conversation.messages[0].id
        #expect(session.state.scroll == .anchored(message: id, place: MessagePoint(.words, line: 0)))
    }

    @Test("scrolling goes back and forth over messages line by line")
    func lineByLine() {
        var session = session(50, 12)
        session.feed(.chatOpened(Self.chat(of: 40)))
        var seen: [String] = []
        var renderer = session.renderer
        for _ in 0..<1_000 {
            seen.append(session.rows()[0])
            let position = renderer.position(of: session.state, scrolledBy: -1, size: session.size)
            guard position != session.state.scroll else { break }
            session.feed(.scrolled(position))
        }
        #expect(seen.last == "▌ question 1")
        #expect(Set(seen.filter { $0.hasPrefix("▌") }).count >= 37)
        for expected in seen.dropLast().reversed() {
            session.feed(.scrolled(renderer.position(of: session.state, scrolledBy: 1, size: session.size)))
            #expect(session.rows()[0] == expected)
        }
        #expect(session.state.scroll == .following)
    }

    @Test("a resized screen shows the same message and every word of it")
    func resize() {
        var session = session(80, 20)
        session.type("Say something long<enter>")
        session.reply(.answer((1...60).map { "word\($0)" }.joined(separator: " ")), .finished(.stop))
        for columns in [80, 40, 61, 120, 43, 80] {
            session.size = Size(columns: columns, rows: 30)
            let words = session.screen().split(whereSeparator: \.isWhitespace).filter { $0.hasPrefix("word") }
            #expect(words.map(String.init) == (1...60).map { "word\($0)" })
        }
    }

    @Test("an anchor that is gone shows the end")
    func lostAnchor() {
        var session = streaming(lines: 30)
        let end = session.rows()
        session.feed(.scrolled(.anchored(message: "gone", place: MessagePoint(.words, line: 7))))
        #expect(session.rows()[0] == end[0])
        let id = session.state.conversation.messages[1].id
        session.feed(.scrolled(.anchored(message: id, place: MessagePoint(.end, line: 1_000_000))))
        #expect(session.rows()[0] == end[0])
    }

    @Test("a chat of five thousand messages is opened at once")
    func longChat() {
        var session = session(100, 40)
        session.feed(.chatOpened(Self.chat(of: 2_500)))
        let opening = ThreadTime.least(of: 1) { _ = session.draw() }
        let paging = ThreadTime.least(of: 1) {
            for _ in 0..<20 { session.type("<pageup>") }
            _ = session.draw()
        }
        print("5,000 messages: opened in \(opening) s, 20 pages back in \(paging) s")
        #expect(session.screen().contains("999+ lines") || session.screen().contains("new lines"))
        // Laying out all of them would take minutes.
        #expect(opening < 5)
    }

    static func chat(of exchanges: Int) -> Conversation {
        let date = Date(timeIntervalSince1970: 0)
        let messages = (1...exchanges).flatMap { number in
            [
                Message(role: .user, parts: [.text("question \(number)")], createdAt: date),
                Message(
                    role: .assistant,
                    parts: [
                        .text("answer \(number)\n\n- with a list\n- and `code`\n\n```swift\nlet x = \(number)\n```")
                    ],
                    createdAt: date),
            ]
        }
        return Conversation(title: "Long", createdAt: date, messages: messages)
    }
}
