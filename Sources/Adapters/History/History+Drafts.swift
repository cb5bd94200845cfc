import Conversation
public import FoundationEssentials
import GRDB

extension History {
    /// Keeps what stands in this program's composer, in place of what stood there; an empty draft removes it.
    public func saveDraft(_ draft: Draft, at time: Date) async throws(HistoryFailure) {
        let owner = owner
        try await write { db in
            guard !draft.isEmpty else {
                try db.execute(sql: "DELETE FROM draft WHERE owner = ?", arguments: [owner])
                return
            }
            try db.execute(
                sql: """
                    INSERT INTO draft (owner, conversationID, text, attachments, savedAt) VALUES (?, ?, ?, ?, ?)
                    ON CONFLICT (owner) DO UPDATE SET conversationID = excluded.conversationID, text = excluded.text,
                        attachments = excluded.attachments, savedAt = excluded.savedAt
                    """,
                arguments: [
                    owner, draft.conversation, draft.text.storable, try StoredJSON.text(of: draft.attachments),
                    time.timeIntervalSince1970,
                ])
            try MediaUse.replace(with: draft.attachments.flatMap(\.media), for: .draft(owner: owner), db)
        }
    }

    /// Takes over the newest draft whose program is gone, for the composer of this one; nil when there is none.
    ///
    /// It belongs to this program from then on: no other gets it, and it is kept until `saveDraft` replaces it.
    public func takeAbandonedDraft() async throws(HistoryFailure) -> Draft? {
        let owner = owner
        let isAlive: @Sendable (Int64) -> Bool = { self.isAlive($0) }
        return try await write { db in
            let rows = try Row.fetchAll(
                db, sql: "SELECT owner, conversationID, text, attachments FROM draft ORDER BY savedAt DESC")
            guard let row = rows.first(where: { !isAlive($0[0]) }) else { return nil }
            let abandoned: Int64 = row[0]
            try db.execute(sql: "DELETE FROM draft WHERE owner = ?", arguments: [owner])
            try db.execute(sql: "UPDATE draft SET owner = ? WHERE owner = ?", arguments: [owner, abandoned])
            return Draft(
                conversation: row[1], text: row[2],
                attachments: StoredJSON.value([Attachment].self, from: row[3]) ?? [])
        }
    }
}
