import Conversation
import GRDB

/// How a person's mark on an answer lies in its table.
enum MarkRow {
    /// Writes a mark over the one that is there; one that says nothing removes it.
    static func save(_ mark: Mark, of message: Message.ID, _ db: Database) throws {
        guard !mark.isEmpty else {
            return try db.cachedStatement(sql: "DELETE FROM mark WHERE messageID = ?").execute(arguments: [message])
        }
        try db.cachedStatement(
            sql: """
                INSERT INTO mark (messageID, verdict, correction) VALUES (?, ?, ?)
                ON CONFLICT (messageID) DO UPDATE SET verdict = excluded.verdict, correction = excluded.correction
                """
        ).execute(arguments: [message, mark.verdict?.rawValue, mark.correction?.storable])
    }

    /// Makes a mark of its columns; nil where there is none.
    static func mark(_ verdict: String?, correction: String?) -> Mark? {
        let mark = Mark(verdict.flatMap(Mark.Verdict.init), correction: correction)
        return mark.isEmpty ? nil : mark
    }
}
