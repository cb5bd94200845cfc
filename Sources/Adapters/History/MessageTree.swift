import Conversation
import GRDB

/// Which message follows which: the messages of a conversation are a tree, of which one path is shown.
///
/// `conversation.activeLeaf` is the end of that path. `message.activeChild` is where each branch was left.
enum MessageTree {
    /// Where a message lies in its tree.
    struct Place {
        var conversation: Conversation.ID
        var parent: Message.ID?
        var role: String
        var activeChild: Message.ID?
    }

    /// Looks a message up; nil when it is not stored.
    static func place(of message: Message.ID, _ db: Database) throws -> Place? {
        try Row.fetchOne(
            db.cachedStatement(sql: "SELECT conversationID, parentID, role, activeChild FROM message WHERE id = ?"),
            arguments: [message]
        ).map { Place(conversation: $0[0], parent: $0[1], role: $0[2], activeChild: $0[3]) }
    }

    /// The end of the path that is shown.
    static func leaf(of conversation: Conversation.ID, _ db: Database) throws -> Message.ID? {
        try String.fetchOne(
            db.cachedStatement(sql: "SELECT activeLeaf FROM conversation WHERE id = ?"), arguments: [conversation])
    }

    /// The path that is shown, from its beginning; without messages.
    static let activePath = """
        WITH RECURSIVE path (id, parentID, height) AS (
            SELECT message.id, message.parentID, 0 FROM conversation JOIN message ON message.id = activeLeaf
            WHERE conversation.id = ?1
            UNION ALL
            SELECT message.id, message.parentID, height + 1 FROM path JOIN message ON message.id = path.parentID
            WHERE height < 1000000
        )
        """

    /// The message after which a new one comes when its own predecessor is not known.
    static func parent(_ wanted: Message.ID?, in conversation: Conversation.ID, _ db: Database) throws -> Message.ID? {
        guard let wanted else { return nil }
        if try place(of: wanted, db)?.conversation == conversation { return wanted }
        // It could not be saved, or another program deleted it. What is said now must not be lost with it.
        return try leaf(of: conversation, db)
    }

    /// Makes a message that was just inserted after its parent part of the path.
    static func link(_ message: Message.ID, _ db: Database) throws {
        guard let place = try place(of: message, db) else { return }
        if let parent = place.parent, place.role == Message.Role.assistant.rawValue,
            let next = try self.place(of: parent, db)?.activeChild,
            let follower = try self.place(of: next, db), follower.role == Message.Role.user.rawValue
        {
            // An answer comes between its question and those that wait behind it, instead of beside them.
            try setParent(of: next, to: message, db)
            try setChild(of: message, to: next, db)
            return try setChild(of: parent, to: message, db)
        }
        if try place.parent == leaf(of: place.conversation, db) {
            if let parent = place.parent { try setChild(of: parent, to: message, db) }
            return try setLeaf(of: place.conversation, to: message, db)
        }
        try activate(message, db)
    }

    /// Puts a stored message after another one, unless that would make a ring.
    static func move(_ message: Message.ID, after parent: Message.ID?, _ db: Database) throws {
        var above = parent
        while let one = above {
            if one == message { return }
            above = try place(of: one, db)?.parent
        }
        try setParent(of: message, to: parent, db)
        try activate(message, db)
    }

    /// Shows the path through a message, down to where its branch was left.
    static func activate(_ message: Message.ID, _ db: Database) throws {
        guard let start = try place(of: message, db) else { return }
        var child = message
        var above = start.parent
        while let parent = above, let place = try place(of: parent, db) {
            if place.activeChild != child { try setChild(of: parent, to: child, db) }
            (child, above) = (parent, place.parent)
        }
        var leaf = message
        var below = start.activeChild
        while let next = below, let place = try place(of: next, db), place.parent == leaf {
            (leaf, below) = (next, place.activeChild)
        }
        try setLeaf(of: start.conversation, to: leaf, db)
    }

    /// Shows the path that ends with a message, leaving off what follows it.
    static func end(_ conversation: Conversation.ID, with message: Message.ID, _ db: Database) throws {
        try activate(message, db)
        try setLeaf(of: conversation, to: message, db)
    }

    /// Takes a message out of its tree: what followed it follows what was before it.
    static func remove(_ message: Message.ID, _ db: Database) throws {
        guard let place = try place(of: message, db) else { return }
        try db.execute(
            sql: "UPDATE message SET parentID = ? WHERE parentID = ?", arguments: [place.parent, message])
        if let parent = place.parent, try self.place(of: parent, db)?.activeChild == message {
            try setChild(of: parent, to: place.activeChild, db)
        }
        let wasLeaf = try leaf(of: place.conversation, db) == message
        try db.execute(sql: "DELETE FROM message WHERE id = ?", arguments: [message])
        guard wasLeaf else { return }
        try setLeaf(of: place.conversation, to: place.parent, db)
        if place.parent == nil { try activateLatest(in: place.conversation, db) }
    }

    /// Shows the branch in which something was said last, where the end of the path is not known.
    static func activateLatest(in conversation: Conversation.ID, _ db: Database) throws {
        let latest = try String.fetchOne(
            db,
            sql: "SELECT id FROM message WHERE conversationID = ? ORDER BY number DESC LIMIT 1",
            arguments: [conversation])
        if let latest { try activate(latest, db) }
    }

    // MARK: - Private

    private static func setParent(of message: Message.ID, to parent: Message.ID?, _ db: Database) throws {
        try db.cachedStatement(sql: "UPDATE message SET parentID = ? WHERE id = ?").execute(arguments: [
            parent, message,
        ])
    }

    private static func setChild(of message: Message.ID, to child: Message.ID?, _ db: Database) throws {
        try db.cachedStatement(sql: "UPDATE message SET activeChild = ? WHERE id = ?")
            .execute(arguments: [child, message])
    }

    private static func setLeaf(of conversation: Conversation.ID, to leaf: Message.ID?, _ db: Database) throws {
        try db.cachedStatement(sql: "UPDATE conversation SET activeLeaf = ? WHERE id = ?")
            .execute(arguments: [leaf, conversation])
    }
}
