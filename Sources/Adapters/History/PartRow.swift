import Conversation
import GRDB

/// How a part of a message lies in its table.
struct PartRow: Equatable {
    var kind: String
    var text: String?
    var seconds: Double?
    var attachment: String?

    /// Makes the row of a part.
    init(_ part: Part) throws {
        switch part {
        case .text(let text):
            (kind, self.text) = ("text", text.storable)
        case .reasoning(let reasoning):
            (kind, text, seconds) = ("reasoning", reasoning.text.storable, reasoning.seconds)
            // Thoughts have no attachment: its column keeps where they were cut.
            attachment = reasoning.cutAt.map(String.init)
        case .attachment(let attachment):
            (kind, self.attachment) = ("attachment", try StoredJSON.text(of: attachment))
        }
    }

    /// Reads a row whose columns are the message's id, kind, text, seconds and attachment.
    init(_ row: Row) {
        (kind, text, seconds, attachment) = (row[1], row[2], row[3], row[4])
    }

    /// The part.
    var part: Part {
        switch kind {
        case "reasoning":
            return .reasoning(Reasoning(text: text ?? "", seconds: seconds, cutAt: attachment.flatMap { Int($0) }))
        case "attachment":
            let stored = StoredJSON.value(Attachment.self, from: attachment ?? "")
            return stored.map(Part.attachment) ?? .text("(an attachment that this version of Scry cannot read)")
        default:
            return .text(text ?? "")
        }
    }

    /// Reads the rows of a message in their order.
    static func fetchAll(of message: Message.ID, _ db: Database) throws -> [PartRow] {
        try Row.fetchAll(
            db.cachedStatement(
                sql: "SELECT messageID, kind, text, seconds, attachment FROM part WHERE messageID = ? ORDER BY ordinal"),
            arguments: [message]
        ).map(PartRow.init)
    }

    /// Writes the row, if that changes anything.
    func save(_ ordinal: Int, of message: Message.ID, _ db: Database) throws {
        try db.cachedStatement(sql: Self.upsert)
            .execute(arguments: [message, ordinal, kind, text, seconds, attachment])
    }

    private static let upsert = """
        INSERT INTO part (messageID, ordinal, kind, text, seconds, attachment) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (messageID, ordinal) DO UPDATE SET
            kind = excluded.kind, text = excluded.text, seconds = excluded.seconds, attachment = excluded.attachment
        WHERE kind IS NOT excluded.kind OR text IS NOT excluded.text OR seconds IS NOT excluded.seconds
            OR attachment IS NOT excluded.attachment
        """
}
