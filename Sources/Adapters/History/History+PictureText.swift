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

    /// What a picture says.
    public struct PictureText: Sendable, Equatable {
        /// The picture.
        public var picture: MediaReference
        /// Its words, in lines.
        public var text: String

        /// Makes it of a picture and its words.
        public init(_ picture: MediaReference, says text: String) {
            self.picture = picture
            self.text = text
        }
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
                            AND NOT EXISTS (SELECT 1 FROM pictureWords WHERE pictureWords.messageID = message.id)
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
    ///
    /// - Parameter texts: What each of them says; pictures without words may be missing.
    public func keep(_ texts: [PictureText], of message: Message.ID) async throws(HistoryFailure) {
        try await write { db in
            let isSearchable = try Bool.fetchOne(
                db.cachedStatement(sql: "SELECT isSearchable FROM message WHERE id = ?"), arguments: [message])
            guard isSearchable == true else { return }
            // The index is told what a row was before, and then what it is.
            try MessageRow.setSearchable(false, message, db)
            try db.cachedStatement(sql: "DELETE FROM pictureWords WHERE messageID = ?").execute(arguments: [message])
            let insertion = try db.cachedStatement(
                sql: "INSERT INTO pictureWords (messageID, sha256, text) VALUES (?, ?, ?)")
            for text in texts {
                try insertion.execute(arguments: [message, text.picture.sha256, text.text.storable])
            }
            if texts.isEmpty { try insertion.execute(arguments: [message, nil, ""]) }
            try MessageRow.setSearchable(true, message, db)
        }
    }
}
