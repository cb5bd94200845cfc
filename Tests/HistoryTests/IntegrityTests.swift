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

    func kinds(_ history: History) async throws -> [HistoryFinding.Kind] {
        let findings = try await history.check(now: Date())
        for finding in findings { #expect(finding.message.hasSuffix("."), "\(finding)") }
        return findings.map(\.kind)
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

    // MARK: - Salvage

    @Test("saves what can be read of a damaged file, and keeps the damaged one", arguments: 1...12)
    func salvage(seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        // Names of their own, so that a seed damages the same rows whenever it is run.
        let chats = (0..<20).map { _ in
            Conversation(
                id: random.name(), title: "chat", createdAt: moment(),
                messages: (0..<20).map { place in
                    let text = "\(seed) words " + String(repeating: "more ", count: place * 9)
                    return Message(id: random.name(), role: .user, parts: [.text(text)], createdAt: moment())
                })
        }
        do {
            let history = try directory.history()
            for chat in chats { try await history.save(chat) }
            try await history.compact()
        }
        var bytes = Array(try #require(FileManager.default.contents(atPath: directory.historyPath)))
        // Without the pages that say what the tables are, nothing can be read.
        let pages = (1..<bytes.count / 4096).filter {
            !String(decoding: bytes[$0 * 4096..<$0 * 4096 + 4096], as: UTF8.self).contains("CREATE ")
        }
        for _ in 0..<3 {
            let start = (pages.randomElement(using: &random) ?? 0) * 4096
            for index in start..<start + 4096 { bytes[index] = UInt8.random(in: 0...255, using: &random) }
        }
        #expect(FileManager.default.createFile(atPath: directory.historyPath, contents: Data(bytes)))
        chmod(directory.historyPath, 0o600)

        let salvage = try History.salvage(path: directory.historyPath, now: moment())

        #expect(FileManager.default.contents(atPath: salvage.keptAt) == Data(bytes))
        let history = try directory.history()
        #expect(try await kinds(history) == [])
        #expect(salvage.messages >= 100, "\(salvage)")
        let said = Set(chats.flatMap(\.messages).map(\.text))
        var found = 0
        for summary in try await history.conversations(limit: 100) {
            for message in try await history.tree(of: summary.id) where said.contains(message.message.text) {
                found += 1
            }
        }
        #expect(found >= 100, "\(salvage)")
        #expect(try await history.search("words", now: moment()).count == 30)
        // Who has a chat still open and saves it once more has it whole again, wherever its messages were put meanwhile.
        for chat in [chats[3], chats[11], chats[19]] {
            try await history.save(chat)
            let saved = try #require(try await history.conversation(id: chat.id))
            #expect(saved.messages.map(\.text) == chat.messages.map(\.text))
        }
        #expect(try await kinds(history) == [])
    }

    /// The place of a table's first page in the file, or of the file's head.
    private func root(of table: String?) throws -> Int {
        guard let table else { return 0 }
        let queue = try DatabaseQueue(path: directory.historyPath)
        let page = try queue.read {
            try Int.fetchOne($0, sql: "SELECT rootpage FROM sqlite_master WHERE name = ?", arguments: [table])
        }
        try queue.close()
        return (try #require(page) - 1) * 4096
    }

    @Test(
        "finds words to which nothing in the file leads any more, long ones too",
        arguments: ["part", "message", nil] as [String?])
    func lostRoot(_ table: String?) async throws {
        let texts = (0..<300).map { "word\($0) " + String(repeating: "更多 more ", count: $0 % 40) }
        let long = String(repeating: "A very long answer. ", count: 3000)
        let chat = Conversation(
            title: "chat", createdAt: moment(), messages: (texts + [long]).map { question($0) })
        do {
            let history = try directory.history()
            try await history.save(chat)
            try await history.compact()
        }
        let start = try root(of: table)
        var bytes = Array(try #require(FileManager.default.contents(atPath: directory.historyPath)))
        for index in start..<start + 4096 { bytes[index] = 0xA5 }
        #expect(FileManager.default.createFile(atPath: directory.historyPath, contents: Data(bytes)))
        chmod(directory.historyPath, 0o600)

        let salvage = try History.salvage(path: directory.historyPath, now: moment())

        #expect(salvage.isPartial)
        let history = try directory.history()
        #expect(try await kinds(history) == [])
        var found: Set<String> = []
        for summary in try await history.conversations(limit: 10) {
            for node in try await history.tree(of: summary.id) { found.insert(node.message.text) }
        }
        #expect(found.isSuperset(of: texts + [long]), "\(found.count) of \(texts.count + 1)")
    }

    @Test("finds no rows in what is none, and does not stumble over it", arguments: 1...20)
    func hostilePages(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var bytes = random.bytes(4096 * 12)
        for page in 0..<12 {
            let start = page * 4096 + (page == 0 ? 100 : 0)
            bytes[start] = 0x0D
            bytes[start + 3] = 0
            // Cells that lie inside of their page, with small numbers, get further than others.
            for cell in 0..<Int(bytes[start + 4]) { bytes[start + 8 + cell * 2] &= 0x0F }
            for index in start + 520..<(page + 1) * 4096 where Bool.random(using: &random) { bytes[index] &= 0x0F }
        }
        if seed.isMultiple(of: 2) { (bytes[16], bytes[17], bytes[20]) = (0x10, 0, 0) }
        let path = directory.path + "/pages"
        #expect(FileManager.default.createFile(atPath: path, contents: Data(bytes)))
        for columns in 0..<9 {
            LeafPages(path: path)?.forEachRow(columns: columns) { _, values in #expect(values.count == columns) }
        }
    }

    @Test("begins a new history where nothing can be read") func hopeless() async throws {
        try PrivateFile.makeDirectory(directory.path + "/data")
        try PrivateFile.write(Array(repeating: 7, count: 50_000), to: directory.historyPath)

        let salvage = try History.salvage(path: directory.historyPath, now: moment())

        #expect(salvage.messages == 0 && salvage.isPartial)
        #expect(PrivateFile.status(salvage.keptAt)?.byteCount == 50_000)
        #expect(try await kinds(directory.history()) == [])
    }

    @Test("loses nothing of a file that is not damaged, of any version") func undamaged() async throws {
        let migration = MigrationTests()
        try migration.make(MigrationTests.v1, migrations: ["v1"])

        let salvage = try History.salvage(path: migration.directory.historyPath, now: moment())

        #expect(salvage.messages == 5 && !salvage.isPartial)
        let history = try migration.directory.history()
        #expect(try await history.conversation(id: "c1")?.messages.map(\.id) == ["m1", "m2", "m3", "m4"])
        #expect(try await history.takeAbandonedDraft()?.text == "unsent")
    }

    @Test("leaves a history alone that is open") func busy() async throws {
        let history = try directory.history()
        try await history.save(chat())

        let failure = #expect(throws: HistoryFailure.self) {
            try History.salvage(path: directory.historyPath, now: moment())
        }

        #expect(failure?.kind == .busy)
        #expect(try await kinds(history) == [])
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

extension SeededRandom {
    /// A name as conversations and messages have them.
    fileprivate mutating func name() -> String {
        String(format: "%016llx-%016llx", next(), next())
    }
}

extension Conversation {
    fileprivate func updatedAt(in history: History) async throws -> Date? {
        try await history.conversations(limit: 9).first { $0.id == id }?.updatedAt
    }
}
