import Conversation
import FoundationEssentials
import GRDB

/// Which messages and drafts show which stored files, so that a file goes with the last of them.
enum MediaUse {
    /// What shows a file.
    enum User {
        case message(Message.ID)
        case draft(owner: Int64)

        fileprivate var column: String { if case .message = self { "messageID" } else { "draftOwner" } }

        fileprivate var value: any DatabaseValueConvertible {
            switch self {
            case .message(let id): id
            case .draft(let owner): owner
            }
        }
    }

    /// A file that nothing shows any more.
    struct Orphan: Sendable {
        let sha256: String
        let mediaType: String
    }

    /// Notes the files that something shows now, in place of those that it showed.
    static func replace(with media: [MediaReference], for user: User, _ db: Database) throws {
        let stored = try String.fetchAll(
            db.cachedStatement(sql: "SELECT sha256 FROM mediaUse WHERE \(user.column) = ? ORDER BY id"),
            arguments: [user.value])
        // Nearly always nothing changed: a stream is saved ten times a second.
        guard stored != media.map(\.sha256) else { return }
        try db.execute(sql: "DELETE FROM mediaUse WHERE \(user.column) = ?", arguments: [user.value])
        for one in media {
            try db.cachedStatement(sql: "INSERT INTO mediaUse (sha256, mediaType, \(user.column)) VALUES (?, ?, ?)")
                .execute(arguments: [one.sha256, one.mediaType, user.value])
        }
    }

    /// The files that a conversation shows.
    static func files(of conversation: Conversation.ID, _ db: Database) throws -> [Orphan] {
        try orphans(
            Row.fetchAll(
                db,
                sql: """
                    SELECT DISTINCT sha256, mediaType FROM mediaUse
                    WHERE messageID IN (SELECT id FROM message WHERE conversationID = ?)
                    """, arguments: [conversation]))
    }

    /// Those of the files that nothing shows.
    static func unused(_ files: [Orphan], _ db: Database) throws -> [Orphan] {
        try files.filter { file in
            try Bool.fetchOne(
                db, sql: "SELECT NOT EXISTS (SELECT 1 FROM mediaUse WHERE sha256 = ?)", arguments: [file.sha256])
                ?? false
        }
    }

    /// The hashes of all files that are shown, by a draft or by a message said after a time.
    static func wanted(since limit: Date?, _ db: Database) throws -> Set<String> {
        try String.fetchSet(
            db,
            sql: """
                SELECT sha256 FROM mediaUse LEFT JOIN message ON message.id = messageID
                WHERE draftOwner IS NOT NULL OR message.createdAt >= ?
                """, arguments: [limit?.timeIntervalSince1970 ?? -Double.greatestFiniteMagnitude])
    }

    private static func orphans(_ rows: [Row]) -> [Orphan] {
        rows.map { Orphan(sha256: $0[0], mediaType: $0[1]) }
    }
}
