public import Conversation
import FoundationEssentials
import GRDB

extension History {
    // MARK: - Saving

    /// Saves a conversation's identity and title, without its messages.
    public func saveHeader(of conversation: Conversation) async throws(HistoryFailure) {
        try await write { db in try Self.saveHeader(of: conversation, db) }
    }

    /// Saves a message over what is stored of it, after another one of a conversation whose header was saved.
    ///
    /// Cheap enough to be called a few times a second with an answer that grows. A message that is `.streaming` or
    /// `.queued` counts as interrupted as soon as this program is gone; any other can be searched from now on. A new
    /// message beside one that is stored already is a variant of it, and becomes part of the conversation in its place.
    ///
    /// - Parameters:
    ///   - parent: The message before it; nil for the first. Where it is not stored, the end of the conversation.
    /// - Throws: `.missing` when the conversation was never saved, or was deleted by another program.
    public func save(_ message: Message, after parent: Message.ID?, in conversation: Conversation.ID)
        async throws(HistoryFailure)
    {
        try await save(message, .after(parent), in: conversation)
    }

    /// Saves a message over what is stored of it, at its index in a conversation whose header was saved.
    ///
    /// For a program that alone writes the conversation: the index says after which message of the stored path a new one
    /// comes, and is not looked at again.
    public func save(_ message: Message, at position: Int, in conversation: Conversation.ID)
        async throws(HistoryFailure)
    {
        try await save(message, .at(position), in: conversation)
    }

    /// Saves one message of a conversation together with the conversation's header, in one transaction.
    ///
    /// A message that the conversation does not have is not saved.
    public func save(_ message: Message.ID, of conversation: Conversation) async throws(HistoryFailure) {
        guard let position = conversation.messages.lastIndex(where: { $0.id == message }) else { return }
        let parent = position > 0 ? conversation.messages[position - 1].id : nil
        var header = conversation
        // The closure waits in a queue; holding all the messages there would copy them when the next piece is appended.
        header.messages = []
        try await save(conversation.messages[position], after: parent, of: header)
    }

    /// Saves a message after another one, and the header of its conversation, in one transaction.
    public func save(_ message: Message, after parent: Message.ID?, of header: Conversation)
        async throws(HistoryFailure)
    {
        let owner = owner
        try await write { db in
            try Self.saveHeader(of: header, db)
            try MessageRow.save(message, .after(parent), in: header.id, owner: owner, db)
            try Self.touch(header.id, message.createdAt, db)
        }
    }

    /// Removes a message, so that what followed it follows what was before it.
    ///
    /// One that was never saved is no failure.
    public func forget(_ message: Message.ID) async throws(HistoryFailure) {
        try await write { db in try MessageTree.remove(message, db) }
    }

    /// Saves a whole conversation in one transaction.
    ///
    /// Messages that it no longer has stay in the history as a branch of it; `forget` removes one.
    public func save(_ conversation: Conversation) async throws(HistoryFailure) {
        let owner = owner
        try await write { db in
            try Self.saveHeader(of: conversation, db)
            var parent: Message.ID?
            for message in conversation.messages {
                try MessageRow.save(message, .after(parent), in: conversation.id, owner: owner, db)
                parent = message.id
            }
            if let parent, try MessageTree.leaf(of: conversation.id, db) != parent {
                try MessageTree.end(conversation.id, with: parent, db)
            }
            if let last = conversation.messages.map(\.createdAt).max() { try Self.touch(conversation.id, last, db) }
        }
    }

    /// Gives a conversation another title, which then stays whatever its first question suggests.
    ///
    /// - Throws: `.missing` when there is no such conversation.
    public func rename(_ id: Conversation.ID, to title: String) async throws(HistoryFailure) {
        try await write { db in
            try db.execute(
                sql: "UPDATE conversation SET title = ?, isRenamed = 1 WHERE id = ?",
                arguments: [title.storable, id])
            guard db.changesCount > 0 else { throw Self.missing(id) }
        }
    }

    // MARK: - Reading

    /// Lists the conversations in which something was said, the last one first.
    ///
    /// - Parameters:
    ///   - last: The last conversation of the page before; nil for the first page.
    public func conversations(limit: Int, after last: ChatSummary? = nil) async throws(HistoryFailure) -> [ChatSummary]
    {
        let page = last == nil ? "" : "AND (updatedAt, id) < (?, ?)"
        var arguments: StatementArguments = []
        if let last { arguments += [last.updatedAt.timeIntervalSince1970, last.id] }
        return try await read { [arguments] db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT id, title, createdAt, updatedAt,
                        (SELECT count(*) FROM message WHERE conversationID = conversation.id) AS messageCount
                    FROM conversation WHERE EXISTS (SELECT 1 FROM message WHERE conversationID = conversation.id) \(page)
                    ORDER BY updatedAt DESC, id DESC LIMIT ?
                    """, arguments: arguments + [limit]
            ).map { row in
                ChatSummary(
                    id: row[0], title: row[1], createdAt: Date(timeIntervalSince1970: row[2]),
                    updatedAt: Date(timeIntervalSince1970: row[3]), messageCount: row[4])
            }
        }
    }

    /// Reads a conversation with the messages of the branch that was last shown, or nil when there is none of this name.
    ///
    /// Unfinished messages whose program is gone come back as interrupted, and are stored so.
    public func conversation(id: Conversation.ID) async throws(HistoryFailure) -> Conversation? {
        let isAlive: @Sendable (Int64) -> Bool = { self.isAlive($0) }
        let hasAbandoned = try await read { db in
            try Int64.fetchAll(db, sql: "SELECT DISTINCT owner FROM message WHERE owner IS NOT NULL")
                .contains { !isAlive($0) }
        }
        if hasAbandoned { try await write { db in try Self.markInterrupted(db, unless: isAlive) } }
        return try await read { db -> Conversation? in
            guard
                let row = try Row.fetchOne(
                    db, sql: "SELECT title, createdAt FROM conversation WHERE id = ?", arguments: [id])
            else { return nil }
            return Conversation(
                id: id, title: row[0], createdAt: Date(timeIntervalSince1970: row[1]),
                messages: try MessageRow.messages(of: id, .activePath, db))
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

    // MARK: - Private

    static func saveHeader(of conversation: Conversation, _ db: Database) throws {
        let createdAt = conversation.createdAt.timeIntervalSince1970
        let upsert = """
            INSERT INTO conversation (id, title, createdAt, updatedAt, number)
            VALUES (?, ?, ?, ?, (SELECT coalesce(max(number), 0) + 1 FROM conversation))
            ON CONFLICT (id) DO UPDATE SET title = excluded.title
            WHERE title IS NOT excluded.title AND NOT isRenamed
            """
        try db.cachedStatement(sql: upsert)
            .execute(arguments: [conversation.id, conversation.title.storable, createdAt, createdAt])
    }

    static func touch(_ id: Conversation.ID, _ time: Date, _ db: Database) throws {
        try db.cachedStatement(sql: "UPDATE conversation SET updatedAt = max(updatedAt, ?) WHERE id = ?")
            .execute(arguments: [time.timeIntervalSince1970, id])
    }

    private func save(_ message: Message, _ place: MessageRow.Place, in conversation: Conversation.ID)
        async throws(HistoryFailure)
    {
        let owner = owner
        try await write { db in
            try MessageRow.save(message, place, in: conversation, owner: owner, db)
            try Self.touch(conversation, message.createdAt, db)
        }
    }

    static func missing(_ id: Conversation.ID) -> HistoryFailure {
        HistoryFailure(.missing, "There is no chat \(id); `scry chats list` shows those that there are.")
    }
}
