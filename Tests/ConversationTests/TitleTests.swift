import Conversation
import FoundationEssentials
import Testing

@Suite struct TitleTests {
    let now = Date(timeIntervalSince1970: 1_790_000_000)

    func title(_ text: String, attachments: [Part] = [], answer: String = "") -> String {
        let question = Message(role: .user, parts: attachments + [.text(text)], createdAt: now)
        let reply = Message(role: .assistant, parts: [.text(answer)], createdAt: now)
        return Conversation(createdAt: now, messages: [question, reply]).suggestedTitle
    }

    @Test(
        "leaves out greetings, Markdown and folders",
        arguments: [
            ("What is this?", "What is this?"), ("hi, what is this?", "What is this?"),
            ("Hello there! Please explain `ls -l`", "Explain ls -l"), ("# Heading\nmore", "Heading"),
            ("> **Why** is *this*?", "Why is this?"), ("1. first step", "first step"),
            ("open /home/me/work/notes.txt now", "open notes.txt now"), ("~/a/b.swift fails", "b.swift fails"),
            ("see https://example.org/a/b?c=d", "see example.org"), ("\n\n  \n- item", "item"),
            ("```\nlet x = 1\n```\nwhat does it do?", "what does it do?"), ("good morning, which tool?", "Which tool?"),
            ("good tools?", "good tools?"), ("请问，这是什么？", "这是什么？"), ("hello", "hello"), ("thanks", "thanks"),
            ("please_me() fails", "please_me() fails"), ("and / or", "and / or"), ("3 apples", "3 apples"),
            ("keep_media_days?", "keep_media_days?"), ("__init__ fails", "init fails"), ("???\nwhy?", "why?"),
        ])
    func cleans(text: String, expected: String) { #expect(title(text) == expected) }

    @Test("calls a question without words by its window, its attachment or its answer") func noWords() {
        let window = Part.attachment(
            .init(label: "screen", takenAt: now, content: .text(""), windowTitle: "Inbox - Thunderbird"))
        let file = Part.attachment(.init(label: "report.txt", takenAt: now, content: .text("")))
        #expect(title("", attachments: [window]) == "Inbox - Thunderbird")
        #expect(title(" ?! ", attachments: [file]) == "report.txt")
        #expect(title("```\nx\n```", answer: "## A loop\nIt counts.") == "A loop")
        #expect(title("?!") == "?!")
        #expect(Conversation(createdAt: now).suggestedTitle == "")
    }

    @Test("is at most 60 characters, cut between words, and quick with a pasted log") func length() {
        let words = title(String(repeating: "several words ", count: 20))
        #expect(words.count <= 60 && words.hasSuffix("words…") || words.hasSuffix("several…"))
        #expect(title(String(repeating: "字", count: 90)).count == 60)
        #expect(title(String(repeating: "x", count: 5_000_000)).count == 60)
    }
}
