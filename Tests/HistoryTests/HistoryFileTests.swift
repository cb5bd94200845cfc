import Conversation
import FoundationEssentials
import GRDB
import Glibc
import TestSupport
import Testing

@testable import History

/// What can be wrong with the file, and who else has it open.
@Suite struct HistoryFileTests {
    let directory = TemporaryDirectory()

    @Test("keeps its files from the eyes of others") func modes() async throws {
        let history = try directory.history()
        try await history.save(Conversation(createdAt: moment(), messages: [question("secret")]))

        #expect(directory.mode("data") == 0o700)
        for name in ["history.sqlite", "history.sqlite-wal", "history.sqlite-shm", "history.sqlite.lock"] {
            #expect(directory.mode("data/" + name) == 0o600, "\(name)")
        }
    }

    @Test("leaves a history of a later version alone") func newer() async throws {
        let conversation = Conversation(createdAt: moment(), messages: [question("x")])
        do {
            let history = try directory.history()
            try await history.save(conversation)
            try await history.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('v99')") }
        }

        let failure = #expect(throws: HistoryFailure.self) { try directory.history() }

        #expect(failure?.kind == .newerVersion)
        #expect(failure?.message.contains("update Scry") == true)
    }

    @Test("says that a file is no history") func noHistory() throws {
        try PrivateFile.makeDirectory(directory.path + "/data")
        var random = SeededRandom(seed: 3)
        #expect(FileManager.default.createFile(atPath: directory.historyPath, contents: Data(random.bytes(9000))))

        let failure = #expect(throws: HistoryFailure.self) { try directory.history() }

        #expect(failure?.kind == .damaged)
        #expect(failure?.message.contains(directory.historyPath) == true)
    }

    @Test("survives a file that is damaged anywhere, with a sentence", arguments: 1...20)
    func damaged(seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        let conversation = Conversation(
            createdAt: moment(),
            messages: (0..<200).map { question(String(repeating: "words ", count: $0), at: Double($0)) })
        do {
            let history = try directory.history()
            try await history.save(conversation)
            try await history.writer.barrierWriteWithoutTransaction { _ = try $0.checkpoint(.truncate) }
        }
        var bytes = Array(try #require(FileManager.default.contents(atPath: directory.historyPath)))
        for _ in 0..<8 {
            let start = Int.random(in: 0..<bytes.count, using: &random)
            for index in start..<min(start + 300, bytes.count) {
                bytes[index] = UInt8.random(in: 0...255, using: &random)
            }
        }
        if seed.isMultiple(of: 5) { bytes.removeLast(bytes.count / 3) }
        #expect(FileManager.default.createFile(atPath: directory.historyPath, contents: Data(bytes)))

        do {
            let history = try directory.history()
            _ = try await history.conversations(limit: 10)
            _ = try await history.conversation(id: conversation.id)
            try await history.save(question("more"), at: 200, in: conversation.id)
        } catch let error as HistoryFailure {
            #expect(error.message.contains(directory.historyPath), "\(error)")
        }
    }

    @Test("says that the disk is full, and goes on when it is not any more") func full() async throws {
        let history = try directory.history()
        let conversation = Conversation(createdAt: moment())
        try await history.saveHeader(of: conversation)
        try await history.write { db in
            let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            _ = try Int.fetchOne(db, sql: "PRAGMA max_page_count = \(pages + 2)")
        }

        let long = question(String(repeating: "long ", count: 20_000))
        let failure = await #expect(throws: HistoryFailure.self) {
            try await history.save(long, at: 0, in: conversation.id)
        }
        #expect(failure?.kind == .diskFull)
        #expect(failure?.message.contains("free some space") == true)

        try await history.write { _ = try Int.fetchOne($0, sql: "PRAGMA max_page_count = 100000") }
        try await history.save(long, at: 0, in: conversation.id)
        #expect(try await history.conversation(id: conversation.id)?.messages == [long])
    }

    @Test("says that it may not write") func readOnly() async throws {
        let history = try directory.history()
        try await history.write { try $0.execute(sql: "PRAGMA query_only = 1") }

        let failure = await #expect(throws: HistoryFailure.self) {
            try await history.saveHeader(of: Conversation(createdAt: moment()))
        }

        #expect(failure?.kind == .readOnly)
    }

    @Test(
        "says where it cannot be made, and a history in memory goes on",
        arguments: ["/dev/null/x/h.sqlite", "/dev/null/h.sqlite"])
    func nowhere(path: String) async throws {
        let failure = #expect(throws: HistoryFailure.self) { try History(path: path, media: directory.media) }
        #expect(failure?.message.contains("/dev/null") == true)

        let history = try History(inMemoryWith: directory.media)
        try await history.save(Conversation(createdAt: moment(), messages: [question("x")]))
        #expect(try await history.conversations(limit: 5).count == 1)
    }

    @Test("opens many times at once, and loses nothing that any of them writes") func together() async throws {
        let ids = try await withThrowingTaskGroup(of: Conversation.ID.self) { group in
            for program in 0..<6 {
                group.addTask {
                    let history = try directory.history()
                    let conversation = Conversation(title: "\(program)", createdAt: moment())
                    try await history.saveHeader(of: conversation)
                    for position in 0..<40 {
                        try await history.save(
                            question("\(program) says \(position)"), at: position, in: conversation.id)
                    }
                    return conversation.id
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }

        let history = try directory.history()
        for id in ids {
            let conversation = try #require(try await history.conversation(id: id))
            #expect(conversation.messages.map(\.text) == (0..<40).map { "\(conversation.title) says \($0)" })
        }
    }

    // MARK: - Programs that die

    @Test("marks what a closed history left unfinished, and only that") func interrupted() async throws {
        let alive = try directory.history()
        let mine = Conversation(createdAt: moment(), messages: [answer("I go on", outcome: .streaming)])
        try await alive.save(mine)
        var dead: History? = try directory.history()
        let left = Conversation(
            createdAt: moment(),
            messages: [answer("so far", outcome: .streaming), question("and this"), answer("done", outcome: .stopped)])
        try await dead?.save(left)
        let waiting = Message(role: .user, parts: [.text("waiting")], createdAt: moment(2), outcome: .queued)
        try await dead?.save(waiting, at: 3, in: left.id)
        #expect(try await alive.conversation(id: left.id)?.messages[0].outcome == .streaming)

        dead = nil

        for history in [alive, try directory.history()] {
            let outcomes = try await history.conversation(id: left.id)?.messages.map(\.outcome)
            #expect(outcomes == [.interrupted, .complete, .stopped, .interrupted])
            #expect(try await history.conversation(id: mine.id)?.messages[0].outcome == .streaming)
        }
        #expect(try await alive.conversation(id: left.id)?.messages[0].text == "so far")
    }

    @Test("shows what a program said until kill -9, marked") func killed() async throws {
        let path = directory.path
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            let history = try History(
                path: path + "/data/history.sqlite", media: MediaStore(directory: path + "/data/media"))
            let shot = try history.media.store([7], mediaType: "image/png", width: 1, height: 1)
            let conversation = Conversation(id: "killed", title: "t", createdAt: moment())
            try await history.saveHeader(of: conversation)
            try await history.save(question("hello?"), at: 0, in: conversation.id)
            try await history.save(answer("half an ans", outcome: .streaming), at: 1, in: conversation.id)
            try await history.saveDraft(Draft(text: "unsent", attachments: [picture(shot)]), at: moment())
            kill(getpid(), SIGKILL)
        }

        let history = try directory.history()

        let conversation = try #require(try await history.latest())
        #expect(conversation.id == "killed")
        #expect(conversation.messages.map(\.text) == ["hello?", "half an ans"])
        #expect(conversation.messages.map(\.outcome) == [.complete, .interrupted])
        let draft = try #require(try await history.takeAbandonedDraft())
        #expect(draft.text == "unsent")
        #expect(try history.media.bytes(of: draft.attachments[0].media[0]) == [7])
    }

    @Test("hands a draft to one program only, when its own is gone") func drafts() async throws {
        var dead: History? = try directory.history()
        let first = try directory.history()
        let second = try directory.history()
        let draft = Draft(conversation: "c", text: "not yet", attachments: [])
        try await dead?.saveDraft(draft, at: moment())
        #expect(try await first.takeAbandonedDraft() == nil)

        dead = nil

        #expect(try await first.takeAbandonedDraft() == draft)
        #expect(try await second.takeAbandonedDraft() == nil)
        #expect(try await first.takeAbandonedDraft() == nil)
    }

    @Test("forgets a draft that was emptied, and takes the newest first") func newestDraft() async throws {
        for (index, text) in ["old", "new", ""].enumerated() {
            let history = try directory.history()
            try await history.saveDraft(Draft(text: "typed", attachments: []), at: moment(Double(index)))
            try await history.saveDraft(Draft(text: text, attachments: []), at: moment(Double(index)))
        }

        #expect(try await directory.history().takeAbandonedDraft()?.text == "new")
    }
}
