import Conversation
import FoundationEssentials
import GRDB

/// How a message lies in the tables: a row of `message`, one of `part` for each part, one of `mediaUse` for each picture.
enum MessageRow {
    /// Where a message is saved.
    enum Place {
        /// After a message, or at the beginning.
        case after(Message.ID?)
        /// At an index of the path that is shown.
        case at(Int)
    }

    /// Writes a message over what is stored of it, and as little as possible: it is called with every piece of a stream.
    static func save(
        _ message: Message, _ place: Place, in conversation: Conversation.ID, owner: Int64, _ db: Database
    ) throws {
        let stored = try stored(message.id, in: conversation, db)
        let parent = try parent(for: place, stored, in: conversation, db)
        let isUnfinished = message.outcome == .streaming || message.outcome == .queued
        let wasSearchable: Bool = stored?[2] ?? false
        let parts = try message.parts.map(PartRow.init)
        let isSame = try wasSearchable && parts == PartRow.fetchAll(of: message.id, db)
        // Its words leave the index before they change, and come back when they are final.
        if wasSearchable, isUnfinished || !isSame { try setSearchable(false, message.id, db) }

        try write(message, parent: parent, in: conversation, owner: isUnfinished ? owner : nil, db)
        if !isSame {
            for (ordinal, part) in parts.enumerated() { try part.save(ordinal, of: message.id, db) }
            try db.cachedStatement(sql: "DELETE FROM part WHERE messageID = ? AND ordinal >= ?")
                .execute(arguments: [message.id, parts.count])
        }
        if let mark = message.mark { try MarkRow.save(mark, of: message.id, db) }
        try MediaUse.replace(with: message.attachments.flatMap(\.media), for: .message(message.id), db)

        if !isUnfinished, !wasSearchable || !isSame { try setSearchable(true, message.id, db) }
        guard let stored else { return try MessageTree.link(message.id, db) }
        if stored[0] == conversation, stored[1] != parent { try MessageTree.move(message.id, after: parent, db) }
    }

    // MARK: - Private

    /// What is stored of a message: its conversation, what it follows, whether it can be searched.
    private static func stored(_ message: Message.ID, in conversation: Conversation.ID, _ db: Database) throws -> Row? {
        let row = try Row.fetchOne(
            db.cachedStatement(
                sql: "SELECT conversationID, parentID, isSearchable, createdAt FROM message WHERE id = ?"),
            arguments: [message])
        guard let row, row[0] != conversation, row[3] == HistoryInspection.unknownTime else { return row }
        // Of a damaged file its words alone were found, and put where no message comes from by itself. Now it is known where
        // it belongs, and more of it than was found.
        try MessageTree.remove(message, db)
        return nil
    }

    private static let upsert = """
        INSERT INTO message (
            id, conversationID, parentID, role, createdAt, outcome, failure, owner, engine, model, promptTokens,
            completionTokens, cachedTokens, reasoningTokens, tokensPerSecond, prefillSeconds, firstToken, total, number
        ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT coalesce(max(number), 0) + 1 FROM message))
        ON CONFLICT (id) DO UPDATE SET
            outcome = excluded.outcome, failure = excluded.failure, owner = excluded.owner, engine = excluded.engine,
            model = excluded.model, promptTokens = excluded.promptTokens, completionTokens = excluded.completionTokens,
            cachedTokens = excluded.cachedTokens, reasoningTokens = excluded.reasoningTokens,
            tokensPerSecond = excluded.tokensPerSecond, prefillSeconds = excluded.prefillSeconds,
            firstToken = excluded.firstToken, total = excluded.total
        """

    private static func write(
        _ message: Message, parent: Message.ID?, in conversation: Conversation.ID, owner: Int64?, _ db: Database
    ) throws {
        let (outcome, failure) = words(for: message.outcome)
        let usage = message.usage
        try db.cachedStatement(sql: upsert).execute(arguments: [
            message.id, conversation, parent, message.role.rawValue, message.createdAt.timeIntervalSince1970, outcome,
            failure, owner, message.engine, message.model, usage?.promptTokens, usage?.completionTokens,
            usage?.cachedTokens, usage?.reasoningTokens, usage?.tokensPerSecond, usage?.prefillSeconds,
            message.timing?.firstToken, message.timing?.total,
        ])
    }

    private static func parent(
        for place: Place, _ stored: Row?, in conversation: Conversation.ID, _ db: Database
    ) throws -> Message.ID? {
        switch place {
        case .after(let parent):
            if let stored, stored[1] == parent { return parent }
            return try MessageTree.parent(parent, in: conversation, db)
        case .at(let index):
            if let stored { return stored[1] }
            let path = try String.fetchAll(
                db, sql: MessageTree.activePath + "SELECT id FROM path ORDER BY height DESC LIMIT ?2",
                arguments: [conversation, index])
            return path.last
        }
    }

    /// Puts a message into the search index as it is now, or takes it out as it is.
    static func setSearchable(_ isSearchable: Bool, _ message: Message.ID, _ db: Database) throws {
        try db.cachedStatement(sql: "UPDATE message SET isSearchable = ? WHERE id = ?")
            .execute(arguments: [isSearchable, message])
    }

    private static func words(for outcome: Message.Outcome) -> (outcome: String, failure: String?) {
        switch outcome {
        case .complete: ("complete", nil)
        case .streaming: ("streaming", nil)
        case .queued: ("queued", nil)
        case .stopped: ("stopped", nil)
        case .cutByLength: ("cut", nil)
        case .interrupted: ("interrupted", nil)
        case .failed(let sentence): ("failed", sentence)
        }
    }
}
