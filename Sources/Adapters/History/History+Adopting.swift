public import Conversation
import FoundationEssentials
import GRDB

extension History {
    /// Takes a chat in that came from elsewhere, all of it or nothing.
    ///
    /// Nothing that is stored is ever changed: what is here already is left alone, what is missing of a chat is added, and
    /// where anything differs, the whole chat gets names of its own. These depend on its content alone, so that it is known
    /// the next time.
    ///
    /// - Parameter messages: Those of every branch with what they follow, in any order that has parents first. Those of one
    ///   name are one message.
    public func adopt(_ chat: Conversation, _ messages: [BranchedMessage]) async throws(HistoryFailure) -> Adoption {
        var header = chat
        header.messages = []
        var names: Set<Message.ID> = []
        let messages = messages.filter { names.insert($0.message.id).inserted }
        return try await write { [header] db in
            if let adoption = try Self.adopt(header, messages, as: .added, db) { return adoption }
            let (other, renamed) = try Self.renamed(header, messages)
            guard let adoption = try Self.adopt(other, renamed, as: .renamed, db) else {
                throw HistoryFailure(.other, "The chat “\(header.title)” has two messages of one name.")
            }
            return adoption
        }
    }

    /// Adds what is missing; nil when something else has one of the names.
    private static func adopt(
        _ header: Conversation, _ messages: [BranchedMessage], as kind: Adoption.Kind, _ db: Database
    ) throws -> Adoption? {
        var stored: Set<Message.ID> = []
        for node in messages {
            guard let place = try MessageTree.place(of: node.message.id, db) else { continue }
            // Words that were found in a damaged file belong where they come from.
            if place.conversation != header.id, try isRecovered(node.message.id, db) { continue }
            guard place.conversation == header.id, place.role == node.message.role.rawValue,
                try PartRow.fetchAll(of: node.message.id, db).map(\.said)
                    == node.message.parts.map({ try PartRow($0).said })
            else { return nil }
            stored.insert(node.message.id)
        }
        let leaf = try MessageTree.leaf(of: header.id, db)
        let isNew = try Bool.fetchOne(
            db, sql: "SELECT NOT EXISTS (SELECT 1 FROM conversation WHERE id = ?)", arguments: [header.id])
        // Another chat of the same name, of which nothing is here.
        if isNew == false, stored.isEmpty, leaf != nil { return nil }
        let missing = messages.filter { !stored.contains($0.message.id) }
        guard !missing.isEmpty else { return Adoption(kind: .known, chat: header.id, messages: 0) }

        if isNew == true { try saveHeader(of: header, db) }
        for node in missing {
            try MessageRow.save(node.message, .after(node.parent), in: header.id, owner: 0, db)
            try touch(header.id, node.message.createdAt, db)
        }
        // Who has gone on here since stays where they are.
        let shown = messages.last { $0.isShown }?.message.id
        let stays = leaf.map { leaf in !messages.contains { $0.message.id == leaf } } ?? false
        if let end = stays ? leaf : shown ?? leaf { try MessageTree.end(header.id, with: end, db) }
        return Adoption(kind: isNew == true ? kind : .continued, chat: header.id, messages: missing.count)
    }

    private static func isRecovered(_ message: Message.ID, _ db: Database) throws -> Bool {
        let time = try Double.fetchOne(db, sql: "SELECT createdAt FROM message WHERE id = ?", arguments: [message])
        return time == HistoryInspection.unknownTime
    }

    /// The chat with names that are made of what it says.
    private static func renamed(
        _ header: Conversation, _ messages: [BranchedMessage]
    ) throws -> (Conversation, [BranchedMessage]) {
        var said = header.id
        for node in messages {
            let parts = try node.message.parts.map { try PartRow($0).said }
            said += "\n\(node.message.id) \(node.parent ?? "") \(parts)"
        }
        let content = SHA256.hash(Array(said.utf8))
        func name(_ old: String) -> String {
            let digits = SHA256.hash(Array("\(content) \(old)".utf8))
            // A UUID of version 8, which is for names that are made in one's own way.
            return "\(digits.prefix(8))-\(digits.dropFirst(8).prefix(4))-8\(digits.dropFirst(12).prefix(3))"
                + "-a\(digits.dropFirst(16).prefix(3))-\(digits.dropFirst(20).prefix(12))"
        }
        let other = Conversation(id: name(header.id), title: header.title, createdAt: header.createdAt)
        let renamed = messages.map { node in
            let old = node.message
            let message = Message(
                id: name(old.id), role: old.role, parts: old.parts, createdAt: old.createdAt, outcome: old.outcome,
                engine: old.engine, model: old.model, usage: old.usage, timing: old.timing, mark: old.mark)
            return BranchedMessage(message: message, parent: node.parent.map(name), isShown: node.isShown)
        }
        return (other, renamed)
    }
}

extension PartRow {
    /// What of it somebody said or showed, without what the program has noted about it since.
    fileprivate var said: String {
        guard kind == "attachment", let text = attachment,
            let attachment = StoredJSON.value(Attachment.self, from: text)
        else { return "\(kind) \(text ?? "")" }
        switch attachment.content {
        case .text(let text): return "text \(attachment.label) \(text)"
        case .picture(let picture): return "picture \(attachment.label) \(picture.sha256)"
        case .recording(let recording):
            return "recording \(attachment.label) \(recording.frames.map(\.picture.sha256))"
        case .document(let document):
            return "document \(attachment.label) \(document.file.sha256) \(document.pages.map(\.number))"
        }
    }
}
