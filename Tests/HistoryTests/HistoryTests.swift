import Conversation
import FoundationEssentials
import Glibc
import Testing

@testable import History

@Suite struct HistoryTests {
    let directory = TemporaryDirectory()

    /// A conversation with everything in it that can be stored.
    func everything(_ history: History) throws -> Conversation {
        let still = try history.media.store([1, 2, 3], mediaType: "image/png", width: 4, height: 5)
        let video = try history.media.store([4, 5], mediaType: "video/x-matroska", width: 6, height: 7)
        let frames = [TimedPicture(time: 0.5, why: "first", picture: still)]
        let attachments = [
            Attachment(label: "screen", takenAt: moment(), content: .picture(still), recognizedText: ["words", ""]),
            Attachment(
                label: "recording", takenAt: moment(3),
                content: .recording(Recording(frames: frames, video: video, seconds: 9.25))),
            Attachment(label: "a.txt", takenAt: moment(), content: .text("line\n\"quoted\" \\ 漢字 👍🏽 \u{1B}[31m")),
        ]
        let outcomes: [Message.Outcome] = [
            .complete, .stopped, .cutByLength, .interrupted, .failed("The engine left."),
        ]
        let answers = outcomes.enumerated().map { index, outcome in
            Message(
                role: .assistant,
                parts: [
                    .reasoning(Reasoning(text: "hm \(index)", seconds: index == 0 ? nil : Double(index))),
                    .text("**answer** \(index)"),
                ], createdAt: moment(Double(index) + 0.125), outcome: outcome, engine: "lab", model: "glm-4.5v",
                usage: Usage(
                    promptTokens: 1, completionTokens: 2, cachedTokens: 3, reasoningTokens: nil, tokensPerSecond: 99.5),
                timing: index == 1 ? nil : Timing(firstToken: 0.25, total: index == 2 ? nil : 1.5))
        }
        return Conversation(
            title: "What is \"this\"?", createdAt: moment(),
            messages: [question("look", attachments: attachments)] + answers)
    }

    @Test("gives back exactly what was saved, also after it was closed") func roundTrip() async throws {
        let conversation: Conversation
        do {
            let history = try directory.history()
            conversation = try everything(history)
            try await history.save(conversation)
            #expect(try await history.conversation(id: conversation.id) == conversation)
        }

        #expect(try await directory.history().conversation(id: conversation.id) == conversation)
    }

    @Test("does the same in memory") func inMemory() async throws {
        let history = try History(inMemoryWith: directory.media)
        let conversation = try everything(history)

        try await history.save(conversation)

        #expect(try await history.conversation(id: conversation.id) == conversation)
        #expect(!history.isKept)
    }

    @Test("keeps an answer as it grows, and what it finally is") func streaming() async throws {
        let history = try directory.history()
        let conversation = Conversation(createdAt: moment())
        try await history.saveHeader(of: conversation)
        try await history.save(question("hi"), at: 0, in: conversation.id)
        var message = Message(role: .assistant, parts: [], createdAt: moment(1), outcome: .streaming)
        let deltas: [ReplyDelta] = [
            .reasoning("let me "), .reasoning("see"), .answer("He"), .answer("llo"),
            .usage(Usage(promptTokens: 5, completionTokens: 6)), .finished(.stop),
        ]

        for (index, delta) in deltas.enumerated() {
            message.append(delta, elapsed: Double(index))
            try await history.save(message, at: 1, in: conversation.id)
            #expect(try await history.conversation(id: conversation.id)?.messages.last == message)
        }

        #expect(message.outcome == .complete)
    }

    @Test("drops the parts that a message no longer has") func fewerParts() async throws {
        let history = try directory.history()
        var conversation = Conversation(createdAt: moment(), messages: [question("one")])
        conversation.messages[0].parts = [.text("a"), .text("b"), .text("c")]
        try await history.save(conversation)

        conversation.messages[0].parts = [.reasoning(Reasoning(text: "b"))]
        try await history.save(conversation.messages[0], at: 0, in: conversation.id)

        #expect(try await history.conversation(id: conversation.id) == conversation)
    }

    @Test("keeps messages that a conversation saved as a whole no longer has, on another branch")
    func fewerMessages() async throws {
        let history = try directory.history()
        var conversation = Conversation(
            createdAt: moment(), messages: [question("one"), answer("two"), question("three")])
        try await history.save(conversation)

        let removed = conversation.messages.removeLast()
        try await history.save(conversation)

        #expect(try await history.conversation(id: conversation.id) == conversation)
        #expect(try await history.tree(of: conversation.id).map(\.message.id).contains(removed.id))
    }

    @Test("saves one message with the header of its conversation, and forgets it again") func oneOf() async throws {
        let history = try directory.history()
        var conversation = Conversation(title: "t", createdAt: moment(), messages: [question("one"), answer("two")])

        for message in conversation.messages { try await history.save(message.id, of: conversation) }
        try await history.save("another's", of: conversation)

        #expect(try await history.conversation(id: conversation.id) == conversation)
        try await history.forget(conversation.messages.removeLast().id)
        #expect(try await history.conversation(id: conversation.id) == conversation)
        try await history.forget("nothing")
    }

    @Test("survives NUL, escapes and other bytes that engines send") func hostileText() async throws {
        let history = try directory.history()
        let text = "a\0b\u{1B}]0;x\u{7}\u{202E}\u{FFFF}'; DROP TABLE message; --\r\n"
        let conversation = Conversation(title: "t\0t", createdAt: moment(), messages: [answer(text)])

        try await history.save(conversation)
        try await history.saveDraft(Draft(text: "d\0d", attachments: []), at: moment())

        let stored = try #require(try await history.conversation(id: conversation.id))
        #expect(stored.messages[0].text == text.replacing("\0", with: "\u{FFFD}"))
        #expect(stored.title == "t\u{FFFD}t")
    }

    @Test("lists conversations with the last one first, without empty ones") func list() async throws {
        let history = try directory.history()
        let old = Conversation(title: "old", createdAt: moment(), messages: [question("a", at: 5)])
        let new = Conversation(
            title: "new", createdAt: moment(1), messages: [question("b", at: 2), answer("c", at: 3)])
        for conversation in [old, new, Conversation(title: "empty", createdAt: moment(9))] {
            try await history.save(conversation)
        }

        let list = try await history.conversations(limit: 10)

        #expect(list.map(\.title) == ["old", "new"])
        #expect(list.map(\.messageCount) == [1, 2])
        #expect(list.map(\.updatedAt) == [moment(5), moment(3)])
        #expect(list.map(\.createdAt) == [moment(), moment(1)])
        #expect(try await history.conversations(limit: 1).map(\.id) == [old.id])
        #expect(try await history.latest() == old)
    }

    @Test("has no latest conversation at first") func none() async throws {
        let history = try directory.history()

        #expect(try await history.latest() == nil)
        #expect(try await history.conversation(id: "nothing") == nil)
        #expect(try await history.takeAbandonedDraft() == nil)
    }

    @Test("finds conversations by the beginning of their names") func prefix() async throws {
        let history = try directory.history()
        for id in ["abc1", "abc2", "abd", "a%c"] {
            try await history.save(Conversation(id: id, createdAt: moment(), messages: [question("x")]))
        }

        #expect(try await history.conversationIDs(startingWith: "ABC") == ["abc1", "abc2"])
        #expect(try await history.conversationIDs(startingWith: "a%") == ["a%c"])
        #expect(try await history.conversationIDs(startingWith: "a", limit: 2).count == 2)
        #expect(try await history.conversationIDs(startingWith: "_") == [])
    }

    @Test("renames, and says when there is nothing to rename") func rename() async throws {
        let history = try directory.history()
        let conversation = Conversation(title: "before", createdAt: moment(), messages: [question("x")])
        try await history.save(conversation)

        try await history.rename(conversation.id, to: "after")

        #expect(try await history.conversation(id: conversation.id)?.title == "after")
        let failure = await #expect(throws: HistoryFailure.self) { try await history.rename("nothing", to: "x") }
        #expect(failure?.kind == .missing)
    }

    @Test("deletes a conversation with its pictures, but not those that others show") func delete() async throws {
        let history = try directory.history()
        let own = try history.media.store([1], mediaType: "image/png", width: 1, height: 1)
        let shared = try history.media.store([2], mediaType: "image/png", width: 1, height: 1)
        let drafted = try history.media.store([3], mediaType: "image/png", width: 1, height: 1)
        let going = Conversation(
            createdAt: moment(), messages: [question("x", attachments: [own, shared, drafted].map { picture($0) })])
        let staying = Conversation(createdAt: moment(), messages: [question("y", attachments: [picture(shared)])])
        try await history.save(going)
        try await history.save(staying)
        try await history.saveDraft(Draft(text: "", attachments: [picture(drafted)]), at: moment())

        try await history.delete(going.id)

        #expect(try await history.conversation(id: going.id) == nil)
        #expect(try await history.conversation(id: staying.id) == staying)
        #expect(throws: ReplyFailure.self) { try history.media.bytes(of: own) }
        #expect(try history.media.bytes(of: shared) == [2])
        #expect(try history.media.bytes(of: drafted) == [3])
        let failure = await #expect(throws: HistoryFailure.self) { try await history.delete(going.id) }
        #expect(failure?.kind == .missing)
    }

    @Test("says that a chat is gone which another program deleted") func deletedMeanwhile() async throws {
        let history = try directory.history()

        let failure = await #expect(throws: HistoryFailure.self) {
            try await history.save(question("x"), at: 0, in: "nothing")
        }

        #expect(failure?.kind == .missing)
    }

    @Test("sweeps what nothing shows, once it is a day old") func sweep() async throws {
        let history = try directory.history()
        let shown = try history.media.store([1], mediaType: "image/png", width: 1, height: 1)
        let unshown = try history.media.store([2], mediaType: "image/png", width: 1, height: 1)
        let incoming = try history.media.incomingPath(for: "video/x-matroska")
        #expect(FileManager.default.createFile(atPath: incoming, contents: Data([9])))
        try await history.save(
            Conversation(createdAt: moment(), messages: [question("x", attachments: [picture(shown)])]))
        let now = Date()

        #expect(try await history.sweepMedia(keepDays: 0, now: now) == 0)
        #expect(try history.media.bytes(of: unshown) == [2])
        #expect(try await history.sweepMedia(keepDays: 0, now: now.addingTimeInterval(90_000)) == 2)

        #expect(throws: ReplyFailure.self) { try history.media.bytes(of: unshown) }
        #expect(permissions(incoming) == nil)
        #expect(try history.media.bytes(of: shown) == [1])
    }

    @Test("sweeps pictures of messages that are older than they are to be kept") func sweepOld() async throws {
        let history = try directory.history()
        let old = try history.media.store([1], mediaType: "image/png", width: 1, height: 1)
        let recent = try history.media.store([2], mediaType: "image/png", width: 1, height: 1)
        let now = Date().addingTimeInterval(10 * 86_400)
        func said(_ media: MediaReference, daysAgo: Double) -> Message {
            Message(
                role: .user, parts: [.attachment(picture(media))], createdAt: now.addingTimeInterval(-86_400 * daysAgo))
        }
        let messages = [said(old, daysAgo: 8), said(recent, daysAgo: 8), said(recent, daysAgo: 6)]
        try await history.save(Conversation(createdAt: now, messages: messages))

        #expect(try await history.sweepMedia(keepDays: 7, now: now) == 1)

        #expect(throws: ReplyFailure.self) { try history.media.bytes(of: old) }
        #expect(try history.media.bytes(of: recent) == [2])
    }

    @Test("saves although the task was cancelled") func cancelled() async throws {
        let history = try directory.history()
        let conversation = Conversation(createdAt: moment(), messages: [answer("last words", outcome: .stopped)])

        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            try await history.save(conversation)
        }
        task.cancel()
        try await task.value

        #expect(try await history.conversation(id: conversation.id) == conversation)
    }
}
