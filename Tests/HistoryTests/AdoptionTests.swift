import Conversation
import FoundationEssentials
import TestSupport
import Testing

@testable import History

@Suite struct AdoptionTests {
    /// There as long as the test.
    private let directory = TemporaryDirectory()

    private func line(_ messages: [Message]) -> [BranchedMessage] {
        zip(messages, [nil] + messages.map(\.id)).map { BranchedMessage(message: $0, parent: $1, isShown: true) }
    }

    private func texts(_ history: History, _ id: Conversation.ID) async throws -> [String] {
        try await history.conversation(id: id)?.messages.map(\.text) ?? []
    }

    private func made(_ messages: Message..., id: String = UUID().uuidString.lowercased()) -> Conversation {
        Conversation(id: id, title: "Icons", createdAt: moment(), messages: messages)
    }

    private func changed(_ message: Message, _ text: String) -> Message {
        Message(id: message.id, role: message.role, parts: [.text(text)], createdAt: message.createdAt)
    }

    @Test("takes a chat in once, with its branches, and adds what has been said since")
    func growing() async throws {
        let history = try directory.history()
        let (asked, old, new) = (question("q1"), answer("old"), answer("new"))
        let chat = made(asked, new)
        let nodes = [
            BranchedMessage(message: asked, parent: nil, isShown: true),
            BranchedMessage(message: old, parent: asked.id, isShown: false),
            BranchedMessage(message: new, parent: asked.id, isShown: true),
        ]
        #expect(try await history.adopt(chat, nodes) == Adoption(kind: .added, chat: chat.id, messages: 3))
        #expect(try await texts(history, chat.id) == ["q1", "new"])
        #expect(try await history.tree(of: chat.id) == nodes)
        #expect(try await history.adopt(chat, nodes) == Adoption(kind: .known, chat: chat.id, messages: 0))

        let more = question("q2", at: 5)
        let grown = nodes + [BranchedMessage(message: more, parent: new.id, isShown: true)]
        #expect(try await history.adopt(chat, grown) == Adoption(kind: .continued, chat: chat.id, messages: 1))
        #expect(try await texts(history, chat.id) == ["q1", "new", "q2"])
        // An export of before is no news.
        #expect(try await history.adopt(chat, nodes).kind == .known)
        #expect(try await texts(history, chat.id) == ["q1", "new", "q2"])
        #expect(try await history.check(now: moment()).isEmpty)
    }

    @Test("leaves marks, titles and what was said here as they are")
    func untouched() async throws {
        let history = try directory.history()
        let chat = made(question("q1"), answer("a1"))
        _ = try await history.adopt(chat, line(chat.messages))
        try await history.mark(chat.messages[1].id, as: Mark(.good))
        try await history.rename(chat.id, to: "Mine")
        let own = question("only here", at: 9)
        try await history.save(own, after: chat.messages[1].id, in: chat.id)

        let elsewhere = line(chat.messages + [question("only there", at: 8)])
        #expect(try await history.adopt(chat, elsewhere).kind == .continued)
        let stored = try #require(try await history.conversation(id: chat.id))
        #expect(stored.title == "Mine" && stored.messages.map(\.text) == ["q1", "a1", "only here"])
        #expect(stored.messages[1].mark == Mark(.good))
        #expect(try await history.tree(of: chat.id).count == 4)
    }

    @Test("a chat whose words were changed becomes another one, once, and the first stays")
    func edited() async throws {
        let history = try directory.history()
        let chat = made(question("q1"), answer("a1"))
        _ = try await history.adopt(chat, line(chat.messages))
        let edited = made(chat.messages[0], changed(chat.messages[1], "a1, by hand"), id: chat.id)
        for kind in [Adoption.Kind.renamed, .known] {
            let adoption = try await history.adopt(edited, line(edited.messages))
            #expect(adoption.kind == kind)
            #expect(adoption.chat != chat.id)
            #expect(try await texts(history, adoption.chat) == ["q1", "a1, by hand"])
        }
        #expect(try await texts(history, chat.id) == ["q1", "a1"])
        #expect(try await history.conversations(limit: 10).count == 2)
        #expect(try await history.check(now: moment()).isEmpty)
    }

    @Test("neither a chat nor a message can be taken over by its name")
    func stolenNames() async throws {
        let history = try directory.history()
        let mine = made(question("mine"), answer("secret"))
        _ = try await history.adopt(mine, line(mine.messages))
        // Another chat with a message of mine; a chat of my chat's name; one with the same message twice.
        let thief = made(question("theirs"), changed(mine.messages[1], "theirs"))
        #expect(try await history.adopt(thief, line(thief.messages)).kind == .renamed)
        let namesake = made(question("theirs"), answer("secret"), id: mine.id)
        #expect(try await history.adopt(namesake, line(namesake.messages)).kind == .renamed)
        let twice = question("once")
        let double = made(twice, changed(twice, "again"))
        let adoption = try await history.adopt(double, line(double.messages))
        #expect(try await texts(history, adoption.chat) == ["once"])

        #expect(try await texts(history, mine.id) == ["mine", "secret"])
        #expect(try await history.conversations(limit: 10).count == 4)
        #expect(try await history.check(now: moment()).isEmpty)
    }

    @Test("whatever is done to an export by hand, nothing that is here changes", arguments: 1...20)
    func randomEdits(seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        let history = try directory.history()
        var all: [(Conversation, [BranchedMessage])] = []
        for number in 0..<4 {
            var nodes: [BranchedMessage] = []
            for index in 0..<6 {
                let message = index.isMultiple(of: 2) ? question("q\(number) \(index)") : answer("a\(number) \(index)")
                let parent = nodes.randomElement(using: &random)?.message.id
                nodes.append(BranchedMessage(message: message, parent: parent, isShown: false))
            }
            let chat = made()
            _ = try await history.adopt(chat, nodes)
            all.append((chat, nodes))
        }
        var before: [Conversation.ID: [BranchedMessage]] = [:]
        for (chat, _) in all { before[chat.id] = try await history.tree(of: chat.id) }
        for _ in 0..<12 {
            var (chat, nodes) = try #require(all.randomElement(using: &random))
            let other = try #require(all.randomElement(using: &random))
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0..<nodes.count, using: &random)
                switch Int.random(in: 0..<5, using: &random) {
                case 0: nodes[place].message = changed(nodes[place].message, "edited")
                case 1: nodes[place] = try #require(other.1.randomElement(using: &random))
                case 2: nodes[place].parent = other.1.randomElement(using: &random)?.message.id
                case 3: chat = Conversation(id: other.0.id, title: "Other", createdAt: moment())
                default: nodes.append(nodes[place])
                }
            }
            _ = try await history.adopt(chat, nodes)
        }
        for (id, nodes) in before {
            let after = try await history.tree(of: id)
            for node in nodes {
                #expect(after.first { $0.message.id == node.message.id }?.message == node.message)
                #expect(after.first { $0.message.id == node.message.id }?.parent == node.parent)
            }
        }
        #expect(try await history.check(now: moment()).isEmpty)
    }
}
