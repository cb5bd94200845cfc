import GRDB

/// Copies the rows that can be read from a damaged database into a new one.
struct Rescue {
    let source: String
    let target: String

    init(from source: String, to target: String) {
        self.source = source
        self.target = target
    }

    /// Copies, migrates, and puts together again what the copies belong to.
    func run() throws -> Salvage {
        var configuration = History.configuration
        // References are put right when everything is there.
        configuration.foreignKeysEnabled = false
        let new = try DatabaseQueue(path: target, configuration: configuration)
        var isPartial = true
        // A file whose head is damaged has nothing that could be read.
        var reading = configuration
        reading.readonly = true
        if let old = try? DatabaseQueue(path: source, configuration: reading) {
            let migrator = HistorySchema.migrator
            let version = (try? old.read { try $0.columns(in: "message").contains { $0.name == "parentID" } }) ?? false
            try migrator.migrate(new, upTo: version ? "v2" : "v1")
            isPartial = false
            for table in ["conversation", "message", "part", "draft", "mediaUse", "mark"] {
                let isWhole = (try? copy(table, from: old, to: new)) ?? false
                isPartial = isPartial || !isWhole
            }
            try? old.close()
        }
        try HistorySchema.migrator.migrate(new)
        // Somebody's words are looked for where nothing leads to them any more.
        if isPartial { try? copyWords(to: new) }
        let counts = try new.write { db in
            try HistoryInspection.mend(db)
            return try ["conversation", "message"].map { try Int.fetchOne(db, sql: "SELECT count(*) FROM \($0)") ?? 0 }
        }
        try new.close()
        return Salvage(keptAt: "", conversations: counts[0], messages: counts[1], isPartial: isPartial)
    }

    // MARK: - Private

    /// How many rows between two damaged places are looked for one by one.
    private static let longestGap: Int64 = 200_000

    /// Returns whether nothing is missing as far as can be told.
    private func copy(_ table: String, from old: DatabaseQueue, to new: DatabaseQueue) throws -> Bool {
        // An early version does not have all of them.
        guard try new.read({ try $0.tableExists(table) }) else { return true }
        let columns = try new.read { try $0.columns(in: table).map(\.name) }
        let list = columns.joined(separator: ", ")
        let marks = columns.map { _ in "?" }.joined(separator: ", ")
        let insert = "INSERT OR IGNORE INTO \(table) (rowid, \(list)) VALUES (?, \(marks))"
        return try new.write { target in
            // The rows are found by the index when it is built anew.
            let isIndexed = try target.triggerExists("conversationIsMade")
            try target.execute(sql: "DROP TRIGGER IF EXISTS conversationIsMade")
            defer { if isIndexed { try? target.execute(sql: HistorySchema.conversationIsMade) } }
            let statement = try target.makeStatement(sql: insert)
            let select = "SELECT rowid AS row, \(list) FROM \(table)"
            let first = scan(old, select + " ORDER BY rowid", into: statement)
            if first.isWhole { return true }
            let last = scan(old, select + " ORDER BY rowid DESC", into: statement, until: first.last)
            guard let from = first.last, let to = last.last, from < to, to - from < Self.longestGap else {
                return false
            }
            for row in (from + 1)..<to {
                _ = scan(old, select + " WHERE rowid = \(row)", into: statement)
            }
            return false
        }
    }

    /// Copies the words that lie in pages of which the database does not know any more.
    private func copyWords(to new: DatabaseQueue) throws {
        guard let pages = LeafPages(path: source) else { return }
        let kinds = ["text", "reasoning", "attachment"].map(\.databaseValue)
        try new.write { db in
            let statement = try db.makeStatement(
                sql: "INSERT OR IGNORE INTO part (id, messageID, ordinal, kind, text, seconds, attachment) "
                    + "VALUES (?, ?, ?, ?, ?, ?, ?)")
            pages.forEachRow(columns: 7) { number, values in
                // The row's number stands for its first column.
                guard values[0].isNull, kinds.contains(values[3]), Int64.fromDatabaseValue(values[2]) != nil,
                    let message = String.fromDatabaseValue(values[1]), (1...64).contains(message.utf8.count)
                else { return }
                try? statement.execute(arguments: StatementArguments([number.databaseValue] + values[1...]))
            }
        }
    }

    /// Copies rows until one cannot be read; the number of the last one that could.
    private func scan(_ old: DatabaseQueue, _ sql: String, into statement: Statement, until stop: Int64? = nil) -> (
        isWhole: Bool, last: Int64?
    ) {
        var last: Int64?
        do {
            try old.read { db in
                let rows = try Row.fetchCursor(db, sql: sql)
                while let row = try rows.next() {
                    let number: Int64 = row[0]
                    if number == stop { break }
                    last = number
                    try? statement.execute(arguments: StatementArguments(row.databaseValues))
                }
            }
            return (true, last)
        } catch {
            return (false, last)
        }
    }
}
