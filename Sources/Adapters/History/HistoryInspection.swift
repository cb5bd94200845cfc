import Conversation
import GRDB

/// Looks into the tables for what should not be there, and puts it right.
enum HistoryInspection {
    /// What is wrong with the tables.
    static func findings(_ db: Database, at path: String) throws -> [HistoryFinding] {
        var findings: [HistoryFinding] = []
        let reports = try String.fetchAll(db, sql: "PRAGMA integrity_check (5)").filter { $0 != "ok" }
        if let first = reports.first {
            findings.append(
                HistoryFinding(
                    kind: .damagedFile,
                    message:
                        "The history at \(path) is damaged (\(first)); `scry doctor --repair` saves what can be read.",
                    isRepairable: false))
        }
        let references = try Row.fetchAll(db, sql: "PRAGMA foreign_key_check").count
        if references > 0 {
            findings.append(
                HistoryFinding(
                    kind: .brokenReferences, message: "\(references) rows of the history belong to nothing.",
                    isRepairable: true))
        }
        let chats =
            try Int.fetchOne(db, sql: "SELECT count(*) FROM (\(lostLeaves) UNION \(strayParents) UNION \(rings))") ?? 0
        if chats > 0 {
            findings.append(
                HistoryFinding(
                    kind: .brokenBranches, message: "The messages of \(chats) chats do not hang together.",
                    isRepairable: true))
        }
        if try !isIndexWhole(db) {
            findings.append(
                HistoryFinding(
                    kind: .staleIndex, message: "The search index does not hold everything that was said.",
                    isRepairable: true))
        }
        return findings
    }

    /// Puts right what can be: nothing that somebody said is removed.
    static func mend(_ db: Database) throws {
        try adoptOrphans(db)
        for row in try Row.fetchAll(db, sql: strayMessages) { try putBehindPrevious(row[0], db) }
        while let cut = try String.fetchOne(db, sql: ringMessages + " ORDER BY number LIMIT 1") {
            try putBehindPrevious(cut, db)
        }
        for id in try String.fetchAll(db, sql: lostLeaves) { try MessageTree.activateLatest(in: id, db) }
        try db.execute(
            sql: """
                UPDATE conversation SET activeLeaf = NULL
                WHERE NOT EXISTS (SELECT 1 FROM message WHERE conversationID = conversation.id)
                """)
        try rebuildIndex(db)
    }

    /// The time of a message of which the words alone were found.
    static let unknownTime = 0.0

    // MARK: - Private

    /// Lets what hangs in the air follow what was said before it, though not what follows it itself.
    private static func putBehindPrevious(_ message: Message.ID, _ db: Database) throws {
        try db.execute(
            sql: """
                WITH RECURSIVE below (id) AS (
                    SELECT ?1 UNION SELECT message.id FROM below JOIN message ON parentID = below.id
                )
                UPDATE message SET parentID = (
                    SELECT id FROM message AS previous WHERE previous.conversationID = message.conversationID
                        AND previous.number < message.number AND id NOT IN below ORDER BY number DESC LIMIT 1
                ) WHERE id = ?1
                """, arguments: [message])
    }

    /// Conversations of which no end is known although something was said in them.
    private static let lostLeaves = """
        SELECT id FROM conversation WHERE NOT EXISTS (
            SELECT 1 FROM message WHERE message.id = activeLeaf AND conversationID = conversation.id
        ) AND EXISTS (SELECT 1 FROM message WHERE conversationID = conversation.id)
        """

    /// Messages that follow one of another conversation, or none that there is.
    private static let strayMessages = """
        SELECT message.id, message.conversationID FROM message
        LEFT JOIN message AS parent ON parent.id = message.parentID
        WHERE message.parentID IS NOT NULL AND parent.conversationID IS NOT message.conversationID
        """

    private static let strayParents = "SELECT conversationID FROM (\(strayMessages))"

    /// Messages that no beginning leads to although what they follow is there: each follows another in a ring.
    private static let ringMessages = """
        WITH RECURSIVE reached (id) AS (
            SELECT id FROM message WHERE parentID IS NULL OR parentID NOT IN (SELECT id FROM message)
            UNION SELECT message.id FROM reached JOIN message ON parentID = reached.id
        )
        SELECT id, conversationID FROM message WHERE id NOT IN reached
        """

    private static let rings = "SELECT conversationID FROM (\(ringMessages))"

    private static func isIndexWhole(_ db: Database) throws -> Bool {
        let isMissing = "SELECT EXISTS (SELECT 1 FROM message WHERE owner IS NULL AND NOT isSearchable)"
        if try Bool.fetchOne(db, sql: isMissing) == true { return false }
        do {
            try db.execute(sql: "INSERT INTO search (search, rank) VALUES ('integrity-check', 1)")
            return true
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT {
            return false
        }
    }

    private static func rebuildIndex(_ db: Database) throws {
        // An index that does not agree with the tables cannot be changed row by row: the triggers would fail.
        try db.execute(sql: "INSERT INTO search (search) VALUES ('rebuild')")
        try db.execute(sql: "UPDATE message SET isSearchable = 1 WHERE owner IS NULL AND NOT isSearchable")
    }

    /// Gives rows whose owner was lost a new one.
    private static func adoptOrphans(_ db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO conversation (id, title, createdAt, updatedAt, number)
                SELECT conversationID, 'Recovered', min(createdAt), max(createdAt),
                    (SELECT coalesce(max(number), 0) FROM conversation) + row_number() OVER (ORDER BY conversationID)
                FROM message WHERE conversationID NOT IN (SELECT id FROM conversation) GROUP BY conversationID;

                INSERT INTO conversation (id, title, createdAt, updatedAt, number)
                SELECT lower(hex(randomblob(16))), 'Recovered', 0, 0, (SELECT coalesce(max(number), 0) + 1 FROM conversation)
                WHERE EXISTS (SELECT 1 FROM part WHERE messageID NOT IN (SELECT id FROM message));
                INSERT INTO message (id, conversationID, role, createdAt, outcome, number)
                SELECT messageID,
                    (SELECT id FROM conversation ORDER BY number DESC LIMIT 1),
                    iif(max(kind = 'attachment'), 'user', 'assistant'), 0, 'interrupted',
                    (SELECT coalesce(max(number), 0) FROM message) + row_number() OVER (ORDER BY min(part.id))
                FROM part WHERE messageID NOT IN (SELECT id FROM message) GROUP BY messageID;
                UPDATE message SET parentID = (
                    SELECT id FROM message AS previous WHERE previous.conversationID = message.conversationID
                        AND previous.number < message.number ORDER BY number DESC LIMIT 1
                )
                WHERE createdAt = 0 AND parentID IS NULL
                    AND conversationID = (SELECT id FROM conversation ORDER BY number DESC LIMIT 1);

                DELETE FROM mark WHERE messageID NOT IN (SELECT id FROM message);
                DELETE FROM mediaUse WHERE messageID NOT IN (SELECT id FROM message);
                DELETE FROM mediaUse WHERE draftOwner NOT IN (SELECT owner FROM draft);
                """)
    }
}
