import Conversation
import FoundationEssentials
import GRDB

/// How a message lies in the tables: one row of `message`, one of `part` a part, one of `mediaUse` a picture.
enum MessageRow {
    /// Writes a message over what is stored of it, and as little as possible: it is called with every piece of a stream.
    static func save(
        _ message: Message, at position: Int, in conversation: Conversation.ID, owner: Int64, _ db: Database
    ) throws {
        let (outcome, failure) = words(for: message.outcome)
        let isUnfinished = message.outcome == .streaming || message.outcome == .queued
        try db.cachedStatement(sql: upsert).execute(arguments: [
            message.id, conversation, position, message.role.rawValue, message.createdAt.timeIntervalSince1970, outcome,
            failure, isUnfinished ? owner : nil, message.engine, message.model, message.usage?.promptTokens,
            message.usage?.completionTokens, message.usage?.cachedTokens, message.usage?.reasoningTokens,
            message.usage?.tokensPerSecond, message.timing?.firstToken, message.timing?.total,
        ])
        for (ordinal, part) in message.parts.enumerated() { try save(part, ordinal, of: message.id, db) }
        try db.cachedStatement(sql: "DELETE FROM part WHERE messageID = ? AND ordinal >= ?")
            .execute(arguments: [message.id, message.parts.count])
        try MediaUse.replace(with: message.attachments.flatMap(\.media), for: .message(message.id), db)
    }

    /// Reads the messages of a conversation in their order.
    static func messages(of conversation: Conversation.ID, _ db: Database) throws -> [Message] {
        var parts: [Message.ID: [Part]] = [:]
        let partRows = try Row.fetchCursor(
            db,
            sql: """
                SELECT messageID, kind, text, seconds, attachment FROM part
                WHERE messageID IN (SELECT id FROM message WHERE conversationID = ?) ORDER BY messageID, ordinal
                """, arguments: [conversation])
        while let row = try partRows.next() { parts[row[0], default: []].append(part(from: row)) }

        var messages: [Message] = []
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT id, role, createdAt, outcome, failure, engine, model, promptTokens, completionTokens, cachedTokens,
                    reasoningTokens, tokensPerSecond, firstToken, total
                FROM message WHERE conversationID = ? ORDER BY position, createdAt, rowid
                """, arguments: [conversation])
        while let row = try rows.next() {
            let id: String = row[0]
            messages.append(
                Message(
                    id: id, role: Message.Role(rawValue: row[1]) ?? .assistant, parts: parts[id] ?? [],
                    createdAt: Date(timeIntervalSince1970: row[2]), outcome: outcome(row[3], failure: row[4]),
                    engine: row[5], model: row[6], usage: usage(from: row), timing: timing(from: row)))
        }
        return messages
    }

    // MARK: - Private

    private static let upsert = """
        INSERT INTO message (
            id, conversationID, position, role, createdAt, outcome, failure, owner, engine, model, promptTokens,
            completionTokens, cachedTokens, reasoningTokens, tokensPerSecond, firstToken, total
        ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET
            conversationID = excluded.conversationID, position = excluded.position, outcome = excluded.outcome,
            failure = excluded.failure, owner = excluded.owner, engine = excluded.engine, model = excluded.model,
            promptTokens = excluded.promptTokens, completionTokens = excluded.completionTokens,
            cachedTokens = excluded.cachedTokens, reasoningTokens = excluded.reasoningTokens,
            tokensPerSecond = excluded.tokensPerSecond, firstToken = excluded.firstToken, total = excluded.total
        """

    private static let upsertPart = """
        INSERT INTO part (messageID, ordinal, kind, text, seconds, attachment) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (messageID, ordinal) DO UPDATE SET
            kind = excluded.kind, text = excluded.text, seconds = excluded.seconds, attachment = excluded.attachment
        WHERE kind IS NOT excluded.kind OR text IS NOT excluded.text OR seconds IS NOT excluded.seconds
            OR attachment IS NOT excluded.attachment
        """

    private static func save(_ part: Part, _ ordinal: Int, of message: Message.ID, _ db: Database) throws {
        let statement = try db.cachedStatement(sql: upsertPart)
        switch part {
        case .text(let text):
            try statement.execute(arguments: [message, ordinal, "text", text.storable, nil, nil])
        case .reasoning(let reasoning):
            try statement.execute(
                arguments: [message, ordinal, "reasoning", reasoning.text.storable, reasoning.seconds, nil])
        case .attachment(let attachment):
            try statement.execute(arguments: [
                message, ordinal, "attachment", nil, nil, StoredJSON.text(of: attachment),
            ])
        }
    }

    private static func part(from row: Row) -> Part {
        let kind: String = row[1]
        switch kind {
        case "reasoning":
            return .reasoning(Reasoning(text: row[2] ?? "", seconds: row[3]))
        case "attachment":
            let attachment = StoredJSON.value(Attachment.self, from: row[4] ?? "")
            return attachment.map(Part.attachment) ?? .text("(an attachment that this version of Scry cannot read)")
        default:
            return .text(row[2] ?? "")
        }
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

    private static func outcome(_ word: String, failure: String?) -> Message.Outcome {
        switch word {
        case "streaming": .streaming
        case "queued": .queued
        case "stopped": .stopped
        case "cut": .cutByLength
        case "interrupted": .interrupted
        case "failed": .failed(failure ?? "")
        default: .complete
        }
    }

    private static func usage(from row: Row) -> Usage? {
        guard let prompt: Int = row[7], let completion: Int = row[8] else { return nil }
        return Usage(
            promptTokens: prompt, completionTokens: completion, cachedTokens: row[9], reasoningTokens: row[10],
            tokensPerSecond: row[11])
    }

    private static func timing(from row: Row) -> Timing? {
        let firstToken: Double? = row[12]
        let total: Double? = row[13]
        return firstToken == nil && total == nil ? nil : Timing(firstToken: firstToken, total: total)
    }
}
