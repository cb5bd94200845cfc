import Conversation
import FoundationEssentials
import GRDB
import TestSupport
import Testing

@testable import History

/// A history of every version that there ever was becomes today's, with everything in it.
@Suite struct MigrationTests {
    let directory = TemporaryDirectory()

    /// Makes a file as a version of the program left it.
    func make(_ sql: String, migrations: [String]) throws {
        try PrivateFile.makeDirectory(directory.path + "/data")
        try PrivateFile.make(directory.historyPath)
        let queue = try DatabaseQueue(path: directory.historyPath)
        try queue.writeWithoutTransaction { db in
            try db.execute(sql: sql)
            try db.execute(sql: "CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
            for name in migrations {
                try db.execute(sql: "INSERT INTO grdb_migrations VALUES (?)", arguments: [name])
            }
        }
        try queue.close()
    }

    @Test("takes over a history of version 1") func v1() async throws {
        try make(Self.v1, migrations: ["v1"])

        let history = try directory.history()

        let chats = try await history.conversations(limit: 10)
        #expect(chats.map(\.title) == ["Second", "The first 屏幕截图"])
        let first = try #require(try await history.conversation(id: "c1"))
        #expect(first.messages.map(\.id) == ["m1", "m2", "m3", "m4"])
        #expect(first.messages.map(\.outcome) == [.complete, .complete, .failed("The engine left."), .interrupted])
        #expect(first.messages[0].attachments.first?.recognizedText == ["kernel panic"])
        #expect(first.messages[1].reasoning == Reasoning(text: "hm", seconds: 1.5))
        #expect(
            first.messages[1].usage
                == Usage(promptTokens: 10, completionTokens: 20, cachedTokens: 5, tokensPerSecond: 40))
        #expect(first.messages[1].timing == Timing(firstToken: 0.25, total: 2))
        #expect(first.messages[1].model == "glm-4.5v")
        #expect(try await history.variants(in: "c1").isEmpty)
        #expect(try await history.takeAbandonedDraft()?.text == "unsent")
        for (query, count) in [("panic", 1), ("hm", 1), ("answer", 2), ("截图", 1), ("half", 1), ("second", 1)] {
            #expect(try await history.search(query, now: moment()).count == count, "\(query)")
        }
        let findings = try await history.check(now: moment())
        // The pictures were never there in this test.
        #expect(findings.map(\.kind) == [.missingMedia])

        try await history.save(question("next", at: 99), after: "m4", in: "c1")
        #expect(try await history.conversation(id: "c1")?.messages.count == 5)
        try await history.compact()
        #expect(try await history.read { try Int.fetchOne($0, sql: "PRAGMA auto_vacuum") } == 2)
        #expect(try await history.conversation(id: "c1")?.messages.count == 5)
        #expect(try await history.search("截图", now: moment()).count == 1)
        #expect(try await history.check(now: moment()).map(\.kind) == [.missingMedia])
    }

    @Test("takes over an empty history of version 1") func emptyV1() async throws {
        try make(Self.v1.split(separator: "-- rows")[0].description, migrations: ["v1"])

        let history = try directory.history()

        #expect(try await history.latest() == nil)
        #expect(try await history.check(now: moment()).isEmpty)
    }

    @Test("takes over a long history of version 1 in little time") func longV1() async throws {
        try make(
            Self.v1 + """
                WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
                INSERT INTO message (id, conversationID, position, role, createdAt, outcome)
                SELECT 'l' || i, 'c2', i, iif(i % 2, 'user', 'assistant'), i, 'complete' FROM n;
                INSERT INTO part (messageID, ordinal, kind, text) SELECT id, 0, 'text', 'words of ' || id FROM message
                WHERE id LIKE 'l%';
                """, migrations: ["v1"])

        let history = try directory.history()

        let chat = try #require(try await history.conversation(id: "c2"))
        #expect(chat.messages.map(\.id) == ["n1"] + (1...5000).map { "l\($0)" })
        #expect(try await history.search("l4711", now: moment()).count == 1)
    }

    @Test("takes over a history of version 2, with its branches and marks") func v2() async throws {
        try PrivateFile.makeDirectory(directory.path + "/data")
        try PrivateFile.make(directory.historyPath)
        let queue = try DatabaseQueue(path: directory.historyPath, configuration: History.configuration)
        try HistorySchema.migrator.migrate(queue, upTo: "v2")
        try await queue.write { db in
            try db.execute(
                sql: """
                    INSERT INTO conversation (id, title, createdAt, updatedAt, number, activeLeaf, isRenamed)
                    VALUES ('c1', 'Old 屏幕', 1, 3, 1, 'm3', 1);
                    INSERT INTO message (id, conversationID, role, createdAt, outcome, number, parentID, activeChild)
                    VALUES ('m1', 'c1', 'user', 1, 'complete', 1, NULL, 'm3'),
                        ('m2', 'c1', 'assistant', 2, 'complete', 2, 'm1', NULL),
                        ('m3', 'c1', 'assistant', 3, 'complete', 3, 'm1', NULL);
                    INSERT INTO part (messageID, ordinal, kind, text) VALUES
                        ('m1', 0, 'text', 'why'), ('m2', 0, 'text', 'because'), ('m3', 0, 'text', 'therefore');
                    INSERT INTO mark VALUES ('m3', 'good', 'hence');
                    INSERT INTO thumbnail VALUES ('\(Self.hash)', 'image/jpeg', x'09');
                    UPDATE message SET isSearchable = 1;
                    """)
        }
        try queue.close()

        let history = try directory.history()

        let chat = try #require(try await history.conversation(id: "c1"))
        #expect(chat.title == "Old 屏幕" && chat.messages.map(\.text) == ["why", "therefore"])
        #expect(chat.messages[1].mark == Mark(.good, correction: "hence"))
        #expect(try await history.variants(in: "c1")["m3"]?.messages == ["m2", "m3"])
        #expect(try await history.search("because", now: moment()).count == 1)
        #expect(try await history.check(now: moment()).isEmpty)
    }

    @Test("what was read of pictures in version 4 is found as before") func v4() async throws {
        try PrivateFile.makeDirectory(directory.path + "/data")
        try PrivateFile.make(directory.historyPath)
        let queue = try DatabaseQueue(path: directory.historyPath, configuration: History.configuration)
        try HistorySchema.migrator.migrate(queue, upTo: "v4")
        try await queue.write { db in
            try db.execute(
                sql: """
                    INSERT INTO conversation (id, title, createdAt, updatedAt, number, activeLeaf, isRenamed)
                    VALUES ('c1', 'Old', 1, 3, 1, 'm1', 1);
                    INSERT INTO message (id, conversationID, role, createdAt, outcome, number, parentID, activeChild)
                    VALUES ('m1', 'c1', 'user', 1, 'complete', 1, NULL, NULL);
                    INSERT INTO part (messageID, ordinal, kind, attachment) VALUES ('m1', 0, 'attachment',
                        '{"id":"a1","label":"screen","takenAt":0,"content":{"picture":{"_0":{"sha256":"\(Self.hash)",'
                            || '"mediaType":"image/png","byteCount":3,"width":1,"height":1}}}}');
                    INSERT INTO mediaUse (sha256, mediaType, messageID) VALUES ('\(Self.hash)', 'image/png', 'm1');
                    INSERT INTO pictureText VALUES ('m1', 'segfault');
                    UPDATE message SET isSearchable = 1;
                    """)
        }
        try queue.close()

        let history = try directory.history()

        #expect(try await history.search("segfault", now: moment()).map(\.message) == ["m1"])
        #expect(try await history.unreadMessage() == nil)
        // The picture itself was never there.
        #expect(try await history.check(now: moment()).map(\.kind) == [.missingMedia])
        try await history.delete("c1")
        #expect(try await history.check(now: moment()).isEmpty)
    }

    /// What version 1 wrote.
    static let v1 = """
        CREATE TABLE conversation (
            id TEXT NOT NULL PRIMARY KEY, title TEXT NOT NULL, createdAt REAL NOT NULL, updatedAt REAL NOT NULL
        ) STRICT;
        CREATE INDEX conversationByUpdate ON conversation (updatedAt);
        CREATE TABLE message (
            id TEXT NOT NULL PRIMARY KEY,
            conversationID TEXT NOT NULL REFERENCES conversation ON DELETE CASCADE,
            position INTEGER NOT NULL,
            role TEXT NOT NULL CHECK (role IN ('user', 'assistant')),
            createdAt REAL NOT NULL, outcome TEXT NOT NULL, failure TEXT, owner INTEGER, engine TEXT, model TEXT,
            promptTokens INTEGER, completionTokens INTEGER, cachedTokens INTEGER, reasoningTokens INTEGER,
            tokensPerSecond REAL, firstToken REAL, total REAL
        ) STRICT;
        CREATE INDEX messageByPosition ON message (conversationID, position);
        CREATE INDEX messageByOwner ON message (owner) WHERE owner IS NOT NULL;
        CREATE TABLE part (
            id INTEGER PRIMARY KEY,
            messageID TEXT NOT NULL REFERENCES message ON DELETE CASCADE,
            ordinal INTEGER NOT NULL, kind TEXT NOT NULL CHECK (kind IN ('text', 'reasoning', 'attachment')),
            text TEXT, seconds REAL, attachment TEXT, UNIQUE (messageID, ordinal)
        ) STRICT;
        CREATE TABLE draft (
            owner INTEGER NOT NULL PRIMARY KEY, conversationID TEXT, text TEXT NOT NULL, attachments TEXT NOT NULL,
            savedAt REAL NOT NULL
        ) STRICT;
        CREATE TABLE mediaUse (
            id INTEGER PRIMARY KEY, sha256 TEXT NOT NULL, mediaType TEXT NOT NULL,
            messageID TEXT REFERENCES message ON DELETE CASCADE,
            draftOwner INTEGER REFERENCES draft ON DELETE CASCADE ON UPDATE CASCADE,
            CHECK ((messageID IS NULL) <> (draftOwner IS NULL))
        ) STRICT;
        CREATE INDEX mediaUseByHash ON mediaUse (sha256);
        CREATE INDEX mediaUseByMessage ON mediaUse (messageID) WHERE messageID IS NOT NULL;
        CREATE INDEX mediaUseByDraft ON mediaUse (draftOwner) WHERE draftOwner IS NOT NULL;
        -- rows
        INSERT INTO conversation VALUES ('c1', 'The first 屏幕截图', 100, 104), ('c2', 'Second', 200, 200);
        INSERT INTO message (id, conversationID, position, role, createdAt, outcome, failure, owner, engine, model,
            promptTokens, completionTokens, cachedTokens, tokensPerSecond, firstToken, total)
        VALUES
            ('m3', 'c1', 2, 'assistant', 102, 'failed', 'The engine left.', NULL, 'lab', NULL,
                NULL, NULL, NULL, NULL, NULL, NULL),
            ('m1', 'c1', 0, 'user', 100, 'complete', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
            ('m2', 'c1', 1, 'assistant', 101, 'complete', NULL, NULL, 'lab', 'glm-4.5v', 10, 20, 5, 40, 0.25, 2),
            ('m4', 'c1', 2, 'assistant', 103, 'streaming', NULL, 4711, 'lab', NULL,
                NULL, NULL, NULL, NULL, NULL, NULL),
            ('n1', 'c2', 0, 'user', 1, 'complete', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
        INSERT INTO part (messageID, ordinal, kind, text, seconds, attachment) VALUES
            ('m1', 0, 'attachment', NULL, NULL, '{"id":"a1","label":"screen","takenAt":0,"recognizedText":["kernel panic"],'
                || '"content":{"picture":{"_0":{"sha256":"\(hash)","mediaType":"image/png","byteCount":3,"width":1,"height":1}}}}'),
            ('m1', 1, 'text', 'what is this?', NULL, NULL),
            ('m2', 0, 'reasoning', 'hm', 1.5, NULL), ('m2', 1, 'text', 'an answer', NULL, NULL),
            ('m3', 0, 'text', 'another answer', NULL, NULL), ('m4', 0, 'text', 'half', NULL, NULL),
            ('n1', 0, 'text', 'a question', NULL, NULL);
        INSERT INTO draft VALUES (4711, NULL, 'unsent', '[]', 105);
        INSERT INTO mediaUse (sha256, mediaType, messageID) VALUES ('\(hash)', 'image/png', 'm1');

        """

    static let hash = String(repeating: "ab", count: 32)
}
