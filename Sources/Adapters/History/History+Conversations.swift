public import Conversation
public import FoundationEssentials
import GRDB

extension History {
    // MARK: - Saving

    /// Saves a conversation's identity and title, without its messages.
    public func saveHeader(of conversation: Conversation) async throws(HistoryFailure) {
        try await write { db in try Self.saveHeader(of: conversation, db) }
    }

    /// Saves a message over what is stored of it, at its place in a conversation whose header was saved.
    ///
    /// Cheap enough to be called a few times a second with an answer that grows. A message that is `.streaming` or
    /// `.queued` counts as interrupted as soon as this program is gone.
    ///
    /// - Throws: `.missing` when the conversation was never saved, or was deleted by another program.
    public func save(_ message: Message, at position: Int, in conversation: Conversation.ID)
        async throws(HistoryFailure)
    {
        let owner = owner
        try await write { db in
            try MessageRow.save(message, at: position, in: conversation, owner: owner, db)
            try Self.touch(conversation, message.createdAt, db)
        }
    }

    /// Saves one message of a conversation together with the conversation's header, in one transaction.
    ///
    /// A message that the conversation does not have is not saved.
    public func save(_ message: Message.ID, of conversation: Conversation) async throws(HistoryFailure) {
        guard let position = conversation.messages.lastIndex(where: { $0.id == message }) else { return }
        let message = conversation.messages[position]
        var header = conversation
        // The closure waits in a queue; holding all the messages there would copy them when the next piece is appended.
        header.messages = []
        let owner = owner
        try await write { [header] db in
            try Self.saveHeader(of: header, db)
            try MessageRow.save(message, at: position, in: header.id, owner: owner, db)
            try Self.touch(header.id, message.createdAt, db)
        }
    }

    /// Removes a message; one that was never saved is no failure.
    public func forget(_ message: Message.ID) async throws(HistoryFailure) {
        try await write { db in try db.execute(sql: "DELETE FROM message WHERE id = ?", arguments: [message]) }
    }

    /// Saves a whole conversation in one transaction; messages that it no longer has are removed.
    public func save(_ conversation: Conversation) async throws(HistoryFailure) {
        let owner = owner
        let orphans = try await write { db in
            let files = try MediaUse.files(of: conversation.id, db)
            try Self.saveHeader(of: conversation, db)
            for (position, message) in conversation.messages.enumerated() {
                try MessageRow.save(message, at: position, in: conversation.id, owner: owner, db)
            }
            let kept = Set(conversation.messages.map(\.id))
            let stored = try String.fetchAll(
                db, sql: "SELECT id FROM message WHERE conversationID = ?", arguments: [conversation.id])
            for id in stored where !kept.contains(id) {
                try db.execute(sql: "DELETE FROM message WHERE id = ?", arguments: [id])
            }
            if let last = conversation.messages.map(\.createdAt).max() { try Self.touch(conversation.id, last, db) }
            return try MediaUse.unused(files, db)
        }
        remove(orphans)
    }

    /// Gives a conversation another title.
    ///
    /// - Throws: `.missing` when there is no such conversation.
    public func rename(_ id: Conversation.ID, to title: String) async throws(HistoryFailure) {
        try await write { db in
            try db.execute(sql: "UPDATE conversation SET title = ? WHERE id = ?", arguments: [title.storable, id])
            guard db.changesCount > 0 else { throw Self.missing(id) }
        }
    }

    /// Deletes a conversation, and the pictures and recordings that nothing else shows.
    ///
    /// - Throws: `.missing` when there is no such conversation.
    public func delete(_ id: Conversation.ID) async throws(HistoryFailure) {
        let orphans = try await write { db in
            let files = try MediaUse.files(of: id, db)
            try db.execute(sql: "DELETE FROM conversation WHERE id = ?", arguments: [id])
            guard db.changesCount > 0 else { throw Self.missing(id) }
            return try MediaUse.unused(files, db)
        }
        remove(orphans)
    }

    // MARK: - Reading

    /// Lists the conversations in which something was said, the last one first.
    public func conversations(limit: Int) async throws(HistoryFailure) -> [ChatSummary] {
        try await read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT id, title, createdAt, updatedAt,
                        (SELECT count(*) FROM message WHERE conversationID = conversation.id) AS messageCount
                    FROM conversation WHERE EXISTS (SELECT 1 FROM message WHERE conversationID = conversation.id)
                    ORDER BY updatedAt DESC, rowid DESC LIMIT ?
                    """, arguments: [limit]
            ).map { row in
                ChatSummary(
                    id: row[0], title: row[1], createdAt: Date(timeIntervalSince1970: row[2]),
                    updatedAt: Date(timeIntervalSince1970: row[3]), messageCount: row[4])
            }
        }
    }

    /// Reads a conversation with all its messages, or nil when there is none of this name.
    ///
    /// Unfinished messages whose program is gone come back as interrupted, and are stored so.
    public func conversation(id: Conversation.ID) async throws(HistoryFailure) -> Conversation? {
        let isAlive: @Sendable (Int64) -> Bool = { self.isAlive($0) }
        let hasAbandoned = try await read { db in
            try Int64.fetchAll(db, sql: "SELECT DISTINCT owner FROM message WHERE owner IS NOT NULL")
                .contains { !isAlive($0) }
        }
        if hasAbandoned { try await write { db in try Self.markInterrupted(db, unless: isAlive) } }
        return try await read { db in
            guard
                let row = try Row.fetchOne(
                    db, sql: "SELECT title, createdAt FROM conversation WHERE id = ?", arguments: [id])
            else { return nil }
            return Conversation(
                id: id, title: row[0], createdAt: Date(timeIntervalSince1970: row[1]),
                messages: try MessageRow.messages(of: id, db))
        }
    }

    /// Reads the conversation in which something was said last.
    public func latest() async throws(HistoryFailure) -> Conversation? {
        guard let last = try await conversations(limit: 1).first else { return nil }
        return try await conversation(id: last.id)
    }

    /// The names that begin so, as people type the first digits of one; at most a few, in order.
    public func conversationIDs(startingWith prefix: String, limit: Int = 10) async throws(HistoryFailure)
        -> [Conversation.ID]
    {
        try await read { db in
            try String.fetchAll(
                db, sql: "SELECT id FROM conversation WHERE substr(id, 1, length(?1)) = ?1 ORDER BY id LIMIT ?2",
                arguments: [prefix.lowercased(), limit])
        }
    }

    // MARK: - Sweeping

    /// Removes stored files that nothing shows: what was captured and never sent, what a dead program left.
    ///
    /// Files touched within a day before `now` are left alone; they may be in a composer that has not saved its draft yet.
    ///
    /// - Parameters:
    ///   - keepDays: Removes pictures and recordings of messages older than this as well; 0 keeps them.
    ///   - now: The time.
    /// - Returns: How many files were removed.
    @discardableResult
    public func sweepMedia(keepDays: Int, now: Date) async throws(HistoryFailure) -> Int {
        let day: TimeInterval = 86_400
        let limit = keepDays > 0 ? now.addingTimeInterval(-day * Double(keepDays)) : nil
        let wanted = try await read { db in try MediaUse.wanted(since: limit, db) }
        return media.removeAll(touchedBefore: now.addingTimeInterval(-day)) { wanted.contains($0) }
    }

    // MARK: - Private

    private static func saveHeader(of conversation: Conversation, _ db: Database) throws {
        let createdAt = conversation.createdAt.timeIntervalSince1970
        try db.execute(
            sql: """
                INSERT INTO conversation (id, title, createdAt, updatedAt) VALUES (?, ?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET title = excluded.title
                """, arguments: [conversation.id, conversation.title.storable, createdAt, createdAt])
    }

    private static func touch(_ id: Conversation.ID, _ time: Date, _ db: Database) throws {
        try db.cachedStatement(sql: "UPDATE conversation SET updatedAt = max(updatedAt, ?) WHERE id = ?")
            .execute(arguments: [time.timeIntervalSince1970, id])
    }

    private static func missing(_ id: Conversation.ID) -> HistoryFailure {
        HistoryFailure(.missing, "There is no chat \(id); `scry chats list` shows those that there are.")
    }

    private func remove(_ orphans: [MediaUse.Orphan]) {
        for orphan in orphans { media.remove(sha256: orphan.sha256, mediaType: orphan.mediaType) }
    }
}
