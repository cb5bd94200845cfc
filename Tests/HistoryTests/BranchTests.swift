import Conversation
import FoundationEssentials
import TestSupport
import Testing

@testable import History

@Suite struct BranchTests {
    let directory = TemporaryDirectory()

    /// A history with one conversation of these messages.
    func conversation(_ messages: Message...) async throws -> (History, Conversation) {
        let history = try directory.history()
        let conversation = Conversation(createdAt: moment(), messages: messages)
        try await history.save(conversation)
        return (history, conversation)
    }

    func texts(_ history: History, _ conversation: Conversation) async throws -> [String] {
        try #require(try await history.conversation(id: conversation.id)).messages.map(\.text)
    }

    @Test("makes a question that is put in other words a variant, and keeps the old branch") func edit() async throws {
        var (history, chat) = try await conversation(
            question("q1"), answer("a1"), question("q2"), answer("a2"), question("q3"))
        let old = chat.messages

        let left = chat.goBack(before: old[2].id)
        chat.messages.append(question("q2, better", at: 9))
        try await history.save(chat.messages[2].id, of: chat)

        #expect(left.map(\.text) == ["q2", "a2", "q3"])
        #expect(try await texts(history, chat) == ["q1", "a1", "q2, better"])
        let variants = try await history.variants(in: chat.id)
        #expect(variants == [chat.messages[2].id: Variants(messages: [old[2].id, chat.messages[2].id], active: 1)])
        #expect(try await history.variants(of: old[2].id)?.map(\.text) == ["q2", "q2, better"])
        #expect(try await history.activate(old[2].id).messages == old)
        #expect(try await history.activate(chat.messages[2].id).messages == chat.messages)
    }

    @Test("comes back to the end at which a branch was left") func returns() async throws {
        var (history, chat) = try await conversation(question("q"), answer("a"), question("more"), answer("more a"))
        let first = chat.messages
        chat.goBack(before: first[3].id)
        chat.messages.append(answer("another"))
        try await history.save(chat.messages[3].id, of: chat)
        chat.goBack(before: first[1].id)
        chat.messages.append(answer("b"))
        try await history.save(chat.messages[1].id, of: chat)
        #expect(try await texts(history, chat) == ["q", "b"])

        let back = try await history.activate(first[1].id)

        #expect(back.messages.map(\.text) == ["q", "a", "more", "another"])
        #expect(try await history.activate(first[3].id).messages.last?.text == "more a")
        let step = try await history.variants(in: chat.id)[first[3].id]
        #expect(step?.previous == nil)
        #expect(step?.next != nil)
    }

    @Test("puts an answer between its question and those that wait behind it") func queued() async throws {
        let waiting = ["q2", "q3"].map {
            Message(role: .user, parts: [.text($0)], createdAt: moment(), outcome: .queued)
        }
        var (history, chat) = try await conversation(question("q1"), waiting[0], waiting[1])

        chat.messages.insert(answer("a1", outcome: .streaming), at: 1)
        try await history.save(chat.messages[1].id, of: chat)

        #expect(try await texts(history, chat) == ["q1", "a1", "q2", "q3"])
        for message in chat.messages { try await history.save(message.id, of: chat) }
        #expect(try await history.conversation(id: chat.id) == chat)
        #expect(try await history.variants(in: chat.id).isEmpty)
    }

    @Test("keeps what two programs say at once in one chat on branches of their own") func twoPrograms() async throws {
        let (history, chat) = try await conversation(question("q1"), answer("a1"))
        let other = try directory.history()
        var (mine, theirs) = (chat, chat)

        mine.messages.append(question("mine"))
        try await history.save(mine.messages[2].id, of: mine)
        theirs.messages.append(question("theirs"))
        try await other.save(theirs.messages[2].id, of: theirs)
        mine.messages.append(answer("to mine"))
        try await history.save(mine.messages[3].id, of: mine)
        theirs.messages.append(answer("to theirs"))
        try await other.save(theirs.messages[3].id, of: theirs)

        #expect(try await history.conversation(id: chat.id) == theirs)
        #expect(try await history.activate(mine.messages[3].id) == mine)
        #expect(try await history.tree(of: chat.id).count == 6)
    }

    @Test("saves what is said after a message that is not stored") func unknownParent() async throws {
        let (history, chat) = try await conversation(question("q1"), answer("a1"))

        try await history.save(question("q2"), after: "never saved", in: chat.id)

        #expect(try await texts(history, chat) == ["q1", "a1", "q2"])
    }

    @Test("joins what was around a message that is forgotten") func forget() async throws {
        let (history, chat) = try await conversation(question("q1"), answer("a1"), question("q2"))

        try await history.forget(chat.messages[1].id)
        #expect(try await texts(history, chat) == ["q1", "q2"])
        try await history.forget(chat.messages[2].id)
        #expect(try await texts(history, chat) == ["q1"])
        try await history.forget(chat.messages[0].id)
        #expect(try await texts(history, chat) == [])
    }

    @Test(
        "numbers copies of copies",
        arguments: [
            ("", ""), ("Icons", "Icons (fork)"), ("Icons (fork)", "Icons (fork 2)"),
            ("Icons (fork 9)", "Icons (fork 10)"),
            ("(fork)", "(fork) (fork)"), ("a (fork x)", "a (fork x) (fork)"),
        ])
    func forkTitles(_ title: String, _ expected: String) {
        #expect(History.forkTitle(title) == expected)
    }

    @Test("forks a conversation into one of its own, of its own title") func fork() async throws {
        let (history, chat) = try await conversation(question("q1"), answer("a1"), question("q2"))

        let fork = try await history.fork(chat.id, upTo: chat.messages[1].id, at: moment(50))

        #expect(fork.id != chat.id)
        #expect(fork.title == chat.title)
        #expect(fork.messages.map(\.text) == ["q1", "a1"])
        #expect(Set(fork.messages.map(\.id)).isDisjoint(with: chat.messages.map(\.id)))
        #expect(try await history.conversation(id: fork.id) == fork)
        #expect(try await history.conversation(id: chat.id) == chat)
        #expect(try await history.latest()?.id == fork.id)
        let failure = await #expect(throws: HistoryFailure.self) {
            try await history.fork(chat.id, upTo: "nothing", at: moment())
        }
        #expect(failure?.kind == .missing)
        try await history.rename(chat.id, to: "Icons")
        for title in ["Icons (fork)", "Icons (fork 2)"] {
            let other = try await history.fork(chat.id, upTo: chat.messages[1].id, at: moment(49))
            #expect(other.title == title)
        }
    }

    @Test("survives any order of saving, stepping and forgetting", arguments: 1...6) func random(seed: UInt64)
        async throws
    {
        var random = SeededRandom(seed: seed)
        let history = try directory.history()
        var chat = Conversation(createdAt: moment())
        try await history.saveHeader(of: chat)
        var said: [Message.ID] = []
        for step in 0..<120 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<5:
                let role = chat.messages.last?.role == .user ? Message.Role.assistant : .user
                let message = Message(role: role, parts: [.text("\(step)")], createdAt: moment(Double(step)))
                chat.messages.append(message)
                said.append(message.id)
                try await history.save(message.id, of: chat)
            case 5..<7:
                guard let place = chat.messages.indices.randomElement(using: &random) else { continue }
                chat.goBack(before: chat.messages[place].id)
            case 7..<9:
                guard let message = said.randomElement(using: &random) else { continue }
                chat = try await history.activate(message)
                #expect(chat.messages.contains { $0.id == message })
            default:
                guard let message = said.randomElement(using: &random) else { continue }
                said.removeAll { $0 == message }
                try await history.forget(message)
                chat = try #require(try await history.conversation(id: chat.id))
            }
        }

        let tree = try await history.tree(of: chat.id)
        #expect(Set(tree.map(\.message.id)) == Set(said))
        #expect(try await history.check(now: moment()).isEmpty)
        for message in said { #expect(try await history.activate(message).messages.contains { $0.id == message }) }
    }

    @Test("keeps what a person thinks of an answer, whatever is saved over it") func marks() async throws {
        let (history, chat) = try await conversation(question("q"), answer("a"))
        let id = chat.messages[1].id

        try await history.mark(id, as: Mark(.good, correction: "b"))
        try await history.save(id, of: chat)

        #expect(try await history.conversation(id: chat.id)?.messages[1].mark == Mark(.good, correction: "b"))
        try await history.mark(id, as: Mark(.bad))
        #expect(try await history.conversation(id: chat.id)?.messages[1].mark == Mark(.bad))
        try await history.mark(id, as: nil)
        #expect(try await history.conversation(id: chat.id) == chat)
        let failure = await #expect(throws: HistoryFailure.self) { try await history.mark("nothing", as: Mark(.bad)) }
        #expect(failure?.kind == .missing)
    }

    @Test("keeps a title that a person gave") func renamed() async throws {
        var (history, chat) = try await conversation(question("q"))
        chat.title = "suggested"
        try await history.saveHeader(of: chat)
        #expect(try await history.conversation(id: chat.id)?.title == "suggested")

        try await history.rename(chat.id, to: "mine")
        try await history.saveHeader(of: chat)

        #expect(try await history.conversation(id: chat.id)?.title == "mine")
    }

    @Test("lists page after page, each conversation once") func pages() async throws {
        let history = try directory.history()
        for number in 0..<25 {
            // Many at the same moment.
            let message = question("\(number)", at: Double(number / 7))
            try await history.save(Conversation(createdAt: moment(), messages: [message]))
        }

        var listed: [ChatSummary] = []
        while true {
            let page = try await history.conversations(limit: 4, after: listed.last)
            if page.isEmpty { break }
            listed += page
        }

        #expect(listed == (try await history.conversations(limit: 100)))
        #expect(Set(listed.map(\.id)).count == 25)
    }
}
