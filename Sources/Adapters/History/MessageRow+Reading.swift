import Conversation
import FoundationEssentials
import GRDB

/// Reading messages back.
extension MessageRow {
    /// Which messages are read.
    enum Selection {
        /// Those of the path that is shown, from its beginning.
        case activePath
        /// Those of all branches, as they were said.
        case all
    }

    /// Reads the messages of a conversation in their order.
    ///
    /// Rows are read in the order in which they lie in the file: names are random, and one after another by name they would
    /// be a page each, which takes three times as long.
    static func messages(of conversation: Conversation.ID, _ selection: Selection, _ db: Database) throws
        -> [Message]
    {
        var said = try said(in: conversation, db)
        let order =
            switch selection {
            case .activePath: said.path(to: try MessageTree.leaf(of: conversation, db))
            case .all: said.slots.indices.sorted { said.slots[$0].number < said.slots[$1].number }
            }
        for place in order { said.slots[place].isSelected = true }
        let parts = try Row.fetchCursor(
            db.cachedStatement(
                sql: """
                    SELECT messageID, kind, text, seconds, attachment, ordinal FROM part WHERE id IN (
                        SELECT id FROM part WHERE messageID IN (
                            SELECT id FROM message WHERE rowid IN (\(rowsOfConversation))
                        )
                    )
                    """), arguments: [conversation])
        while let row = try parts.next() {
            guard let place = said.places[row[0]], said.slots[place].isSelected else { continue }
            said.slots[place].add(PartRow(row).part, ordinal: row[5])
        }
        return order.map { said.slots[$0].message }
    }

    // MARK: - Private

    private static let rowsOfConversation = "SELECT rowid FROM message WHERE conversationID = ?1"

    /// All messages of a conversation while their parts come.
    private struct Said {
        var slots: [Slot] = []
        /// Where each message is.
        var places: [Message.ID: Int] = [:]

        /// The places of the path that ends with a message.
        func path(to leaf: Message.ID?) -> [Int] {
            var path: [Int] = []
            var next = leaf
            // Damage could have made a ring of them.
            while let message = next, let place = places[message], path.count < slots.count {
                path.append(place)
                next = slots[place].parent
            }
            return path.reversed()
        }
    }

    private struct Slot {
        var message: Message
        let parent: Message.ID?
        let number: Int64
        var isSelected = false
        private var ordinals: [Int] = []

        init(message: Message, parent: Message.ID?, number: Int64) {
            self.message = message
            self.parent = parent
            self.number = number
        }

        mutating func add(_ part: Part, ordinal: Int) {
            // Nearly always at the end.
            let place = ordinals.lastIndex { $0 < ordinal }.map { $0 + 1 } ?? 0
            ordinals.insert(ordinal, at: place)
            message.parts.insert(part, at: place)
        }
    }

    private static func said(in conversation: Conversation.ID, _ db: Database) throws -> Said {
        var said = Said()
        let rows = try Row.fetchCursor(
            db.cachedStatement(
                sql: """
                    SELECT message.id, role, createdAt, outcome, failure, engine, model, promptTokens, completionTokens,
                        cachedTokens, reasoningTokens, tokensPerSecond, firstToken, total, prefillSeconds, verdict,
                        correction, parentID, number
                    FROM message LEFT JOIN mark ON mark.messageID = message.id
                    WHERE message.rowid IN (\(rowsOfConversation))
                    """), arguments: [conversation])
        while let row = try rows.next() {
            let message = message(row)
            said.places[message.id] = said.slots.count
            said.slots.append(Slot(message: message, parent: row[17], number: row[18]))
        }
        return said
    }

    private static func message(_ row: Row) -> Message {
        Message(
            id: row[0], role: Message.Role(rawValue: row[1]) ?? .assistant, parts: [],
            createdAt: Date(timeIntervalSince1970: row[2]), outcome: outcome(row[3], failure: row[4]),
            engine: row[5], model: row[6], usage: usage(from: row), timing: timing(from: row),
            mark: MarkRow.mark(row[15], correction: row[16]))
    }

    private static func outcome(_ word: String, failure: String?) -> Message.Outcome {
        switch word {
        case "streaming": .streaming
        case "queued": .queued
        case "stopped": .stopped
        case "cut": .cutByLength
        case "interrupted": .interrupted
        case "failed": .failed(failure ?? "")
        default: .complete
        }
    }

    private static func usage(from row: Row) -> Usage? {
        guard let prompt: Int = row[7], let completion: Int = row[8] else { return nil }
        return Usage(
            promptTokens: prompt, completionTokens: completion, cachedTokens: row[9], reasoningTokens: row[10],
            tokensPerSecond: row[11], prefillSeconds: row[14])
    }

    private static func timing(from row: Row) -> Timing? {
        let firstToken: Double? = row[12]
        let total: Double? = row[13]
        return firstToken == nil && total == nil ? nil : Timing(firstToken: firstToken, total: total)
    }
}
