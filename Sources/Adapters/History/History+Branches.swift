public import Conversation
public import FoundationEssentials
import GRDB

extension History {
    /// The messages of a conversation that have variants, with their variants; by the id of the active one.
    ///
    /// Only messages on the path that is shown are listed.
    public func variants(in conversation: Conversation.ID) async throws(HistoryFailure) -> [Message.ID: Variants] {
        try await read { db in
            // Most chats have none, and then no path has to be followed.
            let hasSiblings = try Bool.fetchOne(
                db,
                sql: """
                    SELECT EXISTS (
                        SELECT 1 FROM message WHERE conversationID = ? GROUP BY parentID HAVING count(*) > 1
                    )
                    """, arguments: [conversation])
            guard hasSiblings == true else { return [:] }
            let rows = try Row.fetchAll(
                db,
                sql: MessageTree.activePath + """
                    SELECT path.id, sibling.id FROM path
                    JOIN message AS sibling ON sibling.conversationID = ?1 AND sibling.parentID IS path.parentID
                    ORDER BY height, sibling.number
                    """, arguments: [conversation])
            var siblings: [Message.ID: [Message.ID]] = [:]
            for row in rows { siblings[row[0], default: []].append(row[1]) }
            return siblings.filter { $0.value.count > 1 }.reduce(into: [:]) { variants, entry in
                let active = entry.value.firstIndex(of: entry.key) ?? 0
                variants[entry.key] = Variants(messages: entry.value, active: active)
            }
        }
    }

    /// The variants of a message, itself among them, oldest first; nil when there is no such message.
    public func variants(of message: Message.ID) async throws(HistoryFailure) -> [Message]? {
        try await read { db in
            guard let place = try MessageTree.place(of: message, db) else { return nil }
            let siblings = try String.fetchSet(
                db, sql: "SELECT id FROM message WHERE conversationID = ? AND parentID IS ?",
                arguments: [place.conversation, place.parent])
            return try MessageRow.messages(of: place.conversation, .all, db).filter { siblings.contains($0.id) }
        }
    }

    /// Makes the branch with a message the one that is shown, down to where it was left, and reads it.
    ///
    /// For stepping from one variant to the next, and for opening what a search has found.
    ///
    /// - Throws: `.missing` when there is no such message.
    public func activate(_ message: Message.ID) async throws(HistoryFailure) -> Conversation {
        let id = try await write { db in
            guard let place = try MessageTree.place(of: message, db) else {
                throw HistoryFailure(.missing, "The message is not in the history any more.")
            }
            try MessageTree.activate(message, db)
            return place.conversation
        }
        guard let conversation = try await conversation(id: id) else { throw Self.missing(id) }
        return conversation
    }

    /// The title of a copy, so that lists tell it from the chat that it comes from.
    static func forkTitle(_ title: String) -> String {
        guard !title.isEmpty else { return "" }
        guard let mark = title.wholeMatch(of: /(.*) \(fork(?: ([0-9]{1,6}))?\)/) else { return title + " (fork)" }
        return "\(mark.1) (fork \((mark.2.flatMap { Int($0) } ?? 1) + 1))"
    }

    /// Copies the branch that is shown, up to and with a message, into a conversation of its own.
    ///
    /// The copies have names of their own; pictures are shared. What is unfinished is copied as interrupted.
    ///
    /// - Throws: `.missing` when the conversation does not show such a message.
    public func fork(_ id: Conversation.ID, upTo message: Message.ID, at time: Date) async throws(HistoryFailure)
        -> Conversation
    {
        guard let original = try await conversation(id: id),
            let place = original.messages.firstIndex(where: { $0.id == message })
        else { throw HistoryFailure(.missing, "The message is not in the history any more.") }
        let copies = original.messages[...place].map { message in
            var outcome = message.outcome
            if outcome == .streaming || outcome == .queued { outcome = .interrupted }
            return Message(
                role: message.role, parts: message.parts, createdAt: message.createdAt, outcome: outcome,
                engine: message.engine, model: message.model, usage: message.usage, timing: message.timing,
                mark: message.mark)
        }
        let title = try await read { db in
            var title = Self.forkTitle(original.title)
            let taken = try String.fetchSet(db, sql: "SELECT title FROM conversation WHERE title LIKE '%(fork%)'")
            while taken.contains(title) { title = Self.forkTitle(title) }
            return title
        }
        let fork = Conversation(title: title, createdAt: time, messages: copies)
        try await save(fork)
        try await write { db in try Self.touch(fork.id, time, db) }
        return fork
    }

    /// All messages of a conversation, of every branch, each with the one that it follows; oldest first.
    public func tree(of conversation: Conversation.ID) async throws(HistoryFailure) -> [BranchedMessage] {
        try await read { db in
            let parents = try Row.fetchAll(
                db, sql: "SELECT id, parentID FROM message WHERE conversationID = ?", arguments: [conversation]
            ).reduce(into: [Message.ID: Message.ID?]()) { $0[$1[0]] = .some($1[1]) }
            let shown = try String.fetchSet(
                db, sql: MessageTree.activePath + "SELECT id FROM path", arguments: [conversation])
            return try MessageRow.messages(of: conversation, .all, db).map {
                BranchedMessage(message: $0, parent: parents[$0.id] ?? nil, isShown: shown.contains($0.id))
            }
        }
    }
}
