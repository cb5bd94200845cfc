import Conversation
import Foundation
import GRDB
import Glibc
import TestSupport
import Testing

@testable import History

/// What is saved of a history that is damaged.
@Suite struct SalvageTests {
    let directory = TemporaryDirectory()

    func chat(_ count: Int = 3) -> Conversation {
        Conversation(title: "chat", createdAt: moment(), messages: (0..<count).map { question("words \($0)") })
    }

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
}

extension SeededRandom {
    /// A name as conversations and messages have them.
    fileprivate mutating func name() -> String {
        String(format: "%016llx-%016llx", next(), next())
    }
}
