import Conversation
import Foundation
import GRDB
import Glibc
import TestSupport
import Testing

@testable import History

/// What `scry doctor` finds, and what it puts right.
@Suite struct IntegrityTests {
    let directory = TemporaryDirectory()

    func chat(_ count: Int = 3) -> Conversation {
        Conversation(title: "chat", createdAt: moment(), messages: (0..<count).map { question("words \($0)") })
    }

    @Test("finds nothing wrong with a history that is well") func well() async throws {
        let history = try directory.history()
        let shot = try history.media.store([1], mediaType: "image/png", width: 1, height: 1)
        var chat = chat()
        chat.messages.append(question("look", attachments: [picture(shot)]))
        try await history.save(chat)

        #expect(try await kinds(history) == [])
        #expect(try await History(inMemoryWith: directory.media).check(now: Date()).isEmpty)
    }

    @Test("finds and mends an index that lost rows, or has ones that were never said") func index() async throws {
        let history = try directory.history()
        try await history.save(chat())
        try await history.write { db in
            try db.execute(sql: "INSERT INTO search (search) VALUES ('delete-all')")
            try db.execute(sql: "INSERT INTO search (rowid, said) VALUES (99, 'ghost')")
        }
        #expect(try await kinds(history) == [.staleIndex])

        #expect(try await history.repair(now: Date()).isEmpty)

        #expect(try await history.search("words", now: moment()).count == 3)
        #expect(try await history.search("ghost", now: moment()).isEmpty)
    }

    @Test("mends what belongs to nothing, and loses nothing of it") func orphans() async throws {
        let history = try directory.history()
        let kept = chat()
        let torn = chat(4)
        try await history.save(kept)
        try await history.save(torn)
        try await history.outsideTransaction { db in
            try db.execute(sql: "PRAGMA foreign_keys = OFF")
            try db.execute(sql: "DELETE FROM conversation WHERE id = ?", arguments: [torn.id])
            try db.execute(
                sql: "DELETE FROM message WHERE id IN (?, ?)", arguments: [torn.messages[1].id, kept.messages[2].id])
            try db.execute(sql: "PRAGMA foreign_keys = ON")
        }
        #expect(try await kinds(history).contains(.brokenReferences))

        #expect(try await history.repair(now: Date()).isEmpty)

        let recovered = try #require(try await history.conversation(id: torn.id))
        #expect(recovered.messages.map(\.text) == ["words 0", "words 2", "words 3"])
        #expect(try await history.search("words", now: moment()).count == 7)
        #expect(try await history.conversations(limit: 9).filter { $0.title == "Recovered" }.count == 2)
    }

    @Test("finds and mends a conversation whose end is lost") func branches() async throws {
        let history = try directory.history()
        let chat = chat()
        try await history.save(chat)
        try await history.write { try $0.execute(sql: "UPDATE conversation SET activeLeaf = 'gone'") }
        #expect(try await kinds(history) == [.brokenBranches])

        #expect(try await history.repair(now: Date()).isEmpty)

        #expect(try await history.conversation(id: chat.id) == chat)
    }

    @Test("gives messages whose words alone were found to the chat that still has them") func takenBack() async throws {
        let history = try directory.history()
        let chat = chat(4)
        let other = self.chat(2)
        try await history.save(chat)
        try await history.save(other)
        try await history.outsideTransaction { [chat] db in
            try db.execute(sql: "PRAGMA foreign_keys = OFF")
            for message in chat.messages[1...2] {
                try db.execute(sql: "DELETE FROM message WHERE id = ?", arguments: [message.id])
            }
            try db.execute(sql: "PRAGMA foreign_keys = ON")
        }
        try await history.repair(now: Date())
        let recovered = try #require(try await history.conversations(limit: 9).first { $0.title == "Recovered" })
        #expect(try await history.conversation(id: recovered.id)?.messages.map(\.text) == ["words 1", "words 2"])

        try await history.save(chat.messages[2].id, of: chat)
        #expect(try await history.conversation(id: recovered.id)?.messages.map(\.text) == ["words 1"])
        try await history.save(chat)

        #expect(try await history.conversation(id: chat.id) == chat)
        #expect(try await history.conversation(id: other.id) == other)
        #expect(try await !history.conversations(limit: 9).contains { $0.title == "Recovered" })
        #expect(try await history.search("words", now: moment()).count == 6)
        #expect(try await kinds(history) == [])
    }

    @Test("finds and opens messages that follow each other in a ring", .timeLimit(.minutes(1))) func ring()
        async throws
    {
        let history = try directory.history()
        // Questions that waited behind an answer: it was made after them, and stands before them.
        var chat = Conversation(title: "chat", createdAt: moment())
        for text in ["a", "b", "c"] { chat.messages.append(question(text)) }
        try await history.save(chat)
        chat.messages.insert(answer("a!"), at: 1)
        try await history.save(chat)
        let ids = chat.messages.map(\.id)
        try await history.outsideTransaction { db in
            try db.execute(sql: "PRAGMA foreign_keys = OFF")
            try db.execute(sql: "DELETE FROM message WHERE id = ?", arguments: [ids[0]])
            try db.execute(sql: "PRAGMA foreign_keys = ON")
        }
        #expect(try await history.repair(now: Date()).isEmpty)
        #expect(try await history.conversation(id: chat.id)?.messages.map(\.text) == ["a!", "b", "c"])

        try await history.write { db in
            try db.execute(sql: "UPDATE message SET parentID = ? WHERE id = ?", arguments: [ids[3], ids[1]])
        }
        #expect(try await kinds(history) == [.brokenBranches])
        #expect(try await history.repair(now: Date()).isEmpty)

        try await history.save(chat)
        #expect(try await history.conversation(id: chat.id)?.messages.map(\.text) == ["a", "a!", "b", "c"])
        #expect(try await kinds(history) == [])
    }

    @Test("finds media that are gone, half-written or unused, and removes what is for nothing") func media()
        async throws
    {
        let history = try directory.history()
        let gone = try history.media.store([1], mediaType: "image/png", width: 1, height: 1)
        let half = try history.media.store([2, 2, 2], mediaType: "image/png", width: 1, height: 1)
        let unused = try history.media.store([3], mediaType: "image/png", width: 1, height: 1)
        try await history.save(
            Conversation(createdAt: moment(), messages: [question("x", attachments: [picture(gone), picture(half)])]))
        unlink(try #require(history.media.path(of: gone)))
        truncate(try #require(history.media.path(of: half)), 1)
        let tomorrow = Date().addingTimeInterval(100_000)

        let findings = try await history.check(now: tomorrow)
        #expect(findings.map(\.kind) == [.missingMedia, .damagedMedia, .unusedMedia])
        #expect(findings.map(\.isRepairable) == [false, true, true])

        let left = try await history.repair(now: tomorrow)

        #expect(left.map(\.kind) == [.missingMedia])
        #expect(left.first?.message.contains("2 pictures") == true)
        #expect(!history.media.keeps(unused))
        #expect(!history.media.keeps(half))
    }

    @Test("finds files that others can read, and takes that from them") func openPermissions() async throws {
        let history = try directory.history()
        let shot = try history.media.store([1], mediaType: "image/png", width: 1, height: 1)
        try await history.save(
            Conversation(createdAt: moment(), messages: [question("x", attachments: [picture(shot)])]))
        let file = try #require(history.media.path(of: shot))
        chmod(directory.historyPath, 0o644)
        chmod(directory.path + "/data", 0o755)
        chmod(file, 0o604)
        #expect(try await kinds(history) == [.openPermissions])

        #expect(try await history.repair(now: Date()).isEmpty)

        #expect(directory.mode("data") == 0o700)
        #expect(directory.mode("data/history.sqlite") == 0o600)
        #expect(permissions(file) == 0o600)
    }

    @Test("finds files of another user", .enabled(if: geteuid() == 0, "only root can give files away"))
    func owner() async throws {
        let history = try directory.history()
        try await history.save(chat())
        chown(directory.historyPath + ".lock", 12345, 12345)

        let findings = try await history.check(now: Date())

        #expect(findings.map(\.kind) == [.wrongOwner])
        #expect(findings.first?.message.contains("chown") == true)
    }

    // MARK: - Places

    @Test("keeps no write-ahead log on a network file system") func network() async throws {
        do {
            let local = try directory.history()
            try await local.save(chat())
        }
        func shared() throws -> History {
            try History(path: directory.historyPath, media: directory.media, patience: 5) { _ in true }
        }
        do {
            let history = try shared()
            #expect(try await history.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") } == "truncate")
            #expect(try await history.latest()?.messages.count == 3)
            try await history.save(chat(4))
            let other = try shared()
            try await other.save(chat(5))
            #expect(try await history.conversations(limit: 9).count == 3)
            #expect(try await kinds(history) == [])
        }
        #expect(PrivateFile.status(directory.historyPath + "-wal") == nil)
        #expect(try await directory.history().conversations(limit: 9).count == 3)
    }

    @Test("knows file systems by the kernel's table") func mounts() {
        let table = """
            25 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
            99 25 0:47 / /home/a\\040b rw - nfs4 server:/home rw
            101 25 0:48 / /mnt rw shared:2 master:1 - fuse.sshfs me@host:/ rw
            102 25 0:49 / /x rw -
            """
        let types = ["8:1", "0:47", "0:48", "0:49", "9:9"].map { NetworkFileSystem.type(ofDevice: $0, in: table) }
        #expect(types == ["ext4", "nfs4", "fuse.sshfs", nil, nil])
        #expect(types.compactMap(\.self).map(NetworkFileSystem.isShared) == [false, true, true])
        #expect(!NetworkFileSystem.holds("/tmp/"))
        #expect(!NetworkFileSystem.holds("/nowhere"))
    }

    @Test("says that another program has it locked") func locked() async throws {
        do { _ = try directory.history() }
        var configuration = History.configuration
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: directory.historyPath, configuration: configuration)
        try other.inDatabase { try $0.execute(sql: "BEGIN EXCLUSIVE") }

        let failure = #expect(throws: HistoryFailure.self) {
            try History(path: directory.historyPath, media: directory.media, patience: 0.05) { _ in false }
        }

        #expect(failure?.kind == .busy)
        #expect(failure?.message.contains("locked by another program") == true)
        try other.inDatabase { try $0.execute(sql: "ROLLBACK") }
        _ = try directory.history()
    }

    @Test("loses nothing when the clock is set back") func clock() async throws {
        let history = try directory.history()
        let shot = try history.media.store([1], mediaType: "image/png", width: 1, height: 1)
        var chat = Conversation(createdAt: moment(), messages: [question("a"), answer("b")])
        try await history.save(chat)
        chat.messages.append(question("c", at: -90_000, attachments: [picture(shot)]))
        try await history.save(chat.messages[2].id, of: chat)

        #expect(try await history.conversation(id: chat.id) == chat)
        #expect(try await history.latest()?.updatedAt(in: history) == moment(1))
        try await history.sweep(now: moment(-1_000_000), keepDays: 3)
        #expect(history.media.keeps(shot))
        #expect(try await history.search("c", now: moment(-1_000_000)).count == 1)
    }
}

extension Conversation {
    fileprivate func updatedAt(in history: History) async throws -> Date? {
        try await history.conversations(limit: 9).first { $0.id == id }?.updatedAt
    }
}
