import Conversation
import FoundationEssentials
import Session
import Testing

@testable import scry

@Suite struct PlainTests {
    @Test("text that streams is cut into lines at its breaks, and at sentences once there is enough")
    func lines() {
        let text =
            "Short. Still the same line, since these sentences are few and brief. And here the next one begins.\n"
            + "```\na. b. c. d. e. f. g. h. i. j. k. l. m. n. o. p. q. r. s. t. u. v. w. x. y. z.\n```\nend"
        let expected = [
            "Short. Still the same line, since these sentences are few and brief.", "And here the next one begins.",
            "```",
            "a. b. c. d. e. f. g. h. i. j. k. l. m. n. o. p. q. r. s. t. u. v. w. x. y. z.", "```", "end",
        ]
        for size in [1, 3, 7, 1_000] {
            var lines = PlainLines()
            var got: [String] = []
            var rest = text[...]
            while !rest.isEmpty {
                got += lines.append(String(rest.prefix(size)))
                rest = rest.dropFirst(size)
            }
            #expect(got + lines.finish() == expected, "\(size)")
        }
    }

    @Test("controls never come through, and a line without end is cut")
    func hostile() {
        var lines = PlainLines()
        #expect(lines.append("a\u{1B}[2Jb\u{7}\n") == ["a[2Jb"])
        let long = lines.append(String(repeating: "word ", count: 2_000))
        #expect(long.count == 2 && long.allSatisfy { $0.utf8.count <= 4_010 })
    }

    @Test("what is found is said by its lines, each once, with whose it is, and no controls")
    func finds() {
        var state = SessionState(settings: SessionSettings(), now: .now)
        #expect(PlainFinds.lines(state) == ["Write /find and the words to look for."])
        var chat = Conversation(createdAt: Date())
        let texts: [(Message.Role, String)] = [
            (.user, "Where is the linker?"),
            (.assistant, "First.\r\nThe Linker is a linker.\n\u{1B}[2Jlinker"), (.user, "thanks"),
            (.assistant, (1...40).map { "linker \($0)" }.joined(separator: "\n")),
        ]
        for (role, text) in texts { chat.messages.append(Message(role: role, parts: [.text(text)], createdAt: Date())) }
        _ = state.handle(.chatOpened(chat), at: .now)
        _ = state.handle(.typed("/find LINKER"), at: .now)
        _ = state.handle(.command(.send), at: .now)
        let lines = PlainFinds.lines(state)
        #expect(
            lines.prefix(5) == [
                "43 lines have it:", "Question 1: Where is the linker?", "Answer 1: The Linker is a linker.",
                "Answer 1: [2Jlinker", "Answer 2: linker 1",
            ])
        #expect(lines.count == 32 && lines.last == "And 13 more.")
        _ = state.handle(.command(.cancel), at: .now)
        _ = state.handle(.typed("/find nowhere"), at: .now)
        _ = state.handle(.command(.send), at: .now)
        #expect(PlainFinds.lines(state) == ["Nothing has “nowhere” in it."])
    }

    @Test("it is wanted by ACCESSIBLE and by terminals that can only print")
    func wanted() {
        #expect(PlainChat.isWanted(["TERM": "dumb"]))
        #expect(PlainChat.isWanted([:]))
        #expect(PlainChat.isWanted(["TERM": "xterm", "ACCESSIBLE": "1"]))
        #expect(!PlainChat.isWanted(["TERM": "xterm", "ACCESSIBLE": "0"]))
        #expect(!PlainChat.isWanted(["TERM": "xterm"]))
    }
}
