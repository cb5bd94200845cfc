public import Conversation
public import FoundationEssentials
import GRDB

extension History {
    /// A message with pictures whose words are not known yet.
    public struct UnreadMessage: Sendable, Equatable {
        /// The message.
        public var message: Message.ID
        /// What is attached to it.
        public var attachments: [Attachment]
    }

    /// The newest message whose pictures were not read, if there is one.
    ///
    /// - Parameter date: Messages that were said before are left alone; nil for none.
    public func unreadMessage(saidSince date: Date? = nil) async throws(HistoryFailure) -> UnreadMessage? {
        try await read { db in
            let message = try String.fetchOne(
                db.cachedStatement(
                    sql: """
                        SELECT messageID FROM mediaUse JOIN message ON message.id = messageID
                        WHERE mediaType LIKE 'image/%' AND isSearchable AND createdAt >= ?
                            AND NOT EXISTS (SELECT 1 FROM pictureText WHERE pictureText.messageID = message.id)
                        ORDER BY mediaUse.id DESC LIMIT 1
                        """), arguments: [date?.timeIntervalSince1970 ?? -Double.greatestFiniteMagnitude])
            guard let message else { return nil }
            let parts = try PartRow.fetchAll(of: message, db).map(\.part)
            return UnreadMessage(
                message: message,
                attachments: parts.compactMap { if case .attachment(let attachment) = $0 { attachment } else { nil } })
        }
    }

    /// Keeps what the pictures of a message say, so that it is found; one that is gone or changing is let be.
    public func keep(pictureText text: String, of message: Message.ID) async throws(HistoryFailure) {
        try await write { db in
            let isSearchable = try Bool.fetchOne(
                db.cachedStatement(sql: "SELECT isSearchable FROM message WHERE id = ?"), arguments: [message])
            guard isSearchable == true else { return }
            // The index is told what a row was before, and then what it is.
            try MessageRow.setSearchable(false, message, db)
            try db.cachedStatement(
                sql: """
                    INSERT INTO pictureText (messageID, text) VALUES (?, ?)
                    ON CONFLICT (messageID) DO UPDATE SET text = excluded.text
                    """
            ).execute(arguments: [message, text.storable])
            try MessageRow.setSearchable(true, message, db)
        }
    }
}
