import Conversation
import GRDB
import Glibc

/// Keeps conversations in SQLite as they happen, so that nothing that was said is lost with the program.
///
///     let history = try History(path: "…/history.sqlite", media: MediaStore(directory: "…/media"))
///     try await history.saveHeader(of: conversation)
///     try await history.save(message, at: 0, in: conversation.id)
///
/// Several programs may have the same history open. Calls never block the thread that makes them; what one task saves is
/// written in that order, and is written even if the task is cancelled meanwhile. Every call may throw `HistoryFailure`,
/// after which the history can still be used. A history in memory keeps a chat going when the one on disk cannot be opened.
public struct History: Sendable {
    /// Where the pictures and recordings are.
    public let media: MediaStore
    /// Where the database is, for sentences; empty for one in memory.
    public let path: String

    let writer: any DatabaseWriter
    /// The lock by which other programs see that this one lives; nil in memory.
    let lock: WriterLock?

    /// Opens the history at a path, making it and its directory when they are missing.
    ///
    /// Answers that a program left unfinished when it died are marked as interrupted.
    public init(path: String, media: MediaStore) throws(HistoryFailure) {
        try self.init(path: path, media: media, patience: 5, isShared: NetworkFileSystem.holds)
    }

    /// Opens the history at a path.
    ///
    /// - Parameters:
    ///   - patience: How many seconds another program may keep it locked.
    ///   - isShared: Tells whether a path is on a file system that other machines write to.
    init(path: String, media: MediaStore, patience: Double, isShared: (String) -> Bool) throws(HistoryFailure) {
        try PrivateFile.makeDirectory(PrivateFile.directory(of: path))
        try PrivateFile.make(path)
        let lock = try WriterLock(path: path + ".lock")
        do {
            var configuration = Self.configuration
            configuration.busyMode = .timeout(patience)
            let isShared = isShared(path)
            // Two programs that are started together would otherwise fail each other's switch to WAL.
            writer = try lock.whileAlone {
                let writer = try Self.open(path, configuration, isShared: isShared, patience: patience)
                try Self.migrate(writer, at: path)
                return writer
            }
            try writer.write { db in try Self.markInterrupted(db, unless: lock.isAlive) }
        } catch {
            throw HistoryFailure(error, at: path)
        }
        self.lock = lock
        self.path = path
        self.media = media
    }

    /// Makes a history that is gone with the program.
    public init(inMemoryWith media: MediaStore) throws(HistoryFailure) {
        do {
            let queue = try DatabaseQueue(configuration: Self.configuration)
            try Self.migrate(queue, at: "memory")
            writer = queue
        } catch {
            throw HistoryFailure(error, at: "memory")
        }
        lock = nil
        path = ""
        self.media = media
    }

    /// Whether what is saved stays when the program ends.
    public var isKept: Bool { lock != nil }

    // MARK: - For the other files of History

    /// The number under which this history owns unfinished messages and drafts.
    var owner: Int64 { lock?.number ?? 0 }

    /// Tells whether another history that owns something is open.
    func isAlive(_ owner: Int64) -> Bool { lock?.isAlive(owner) ?? (owner == 0) }

    func write<Value: Sendable>(
        _ updates: @escaping @Sendable (Database) throws -> Value
    ) async throws(HistoryFailure) -> Value {
        // GRDB's own async calls give up in a cancelled task; the last words of a stopped answer are saved in just such a one.
        let result: Result<Value, any Error> = await withCheckedContinuation { continuation in
            writer.asyncWrite(updates, completion: { _, result in continuation.resume(returning: result) })
        }
        return try unwrap(result)
    }

    /// Runs what SQLite refuses inside a transaction, alone.
    func outsideTransaction(_ updates: @escaping @Sendable (Database) throws -> Void) async throws(HistoryFailure) {
        let writer = writer
        let result: Result<Void, any Error> = await withCheckedContinuation { continuation in
            writer.asyncBarrierWriteWithoutTransaction { database in
                continuation.resume(returning: Result { try updates(database.get()) })
            }
        }
        try unwrap(result)
    }

    func read<Value: Sendable>(
        _ fetch: @escaping @Sendable (Database) throws -> Value
    ) async throws(HistoryFailure) -> Value {
        let result: Result<Value, any Error> = await withCheckedContinuation { continuation in
            writer.asyncRead { database in
                continuation.resume(returning: Result { try fetch(database.get()) })
            }
        }
        return try unwrap(result)
    }

    /// Marks unfinished messages whose writer is gone.
    static func markInterrupted(_ db: Database, unless isAlive: (Int64) -> Bool) throws {
        let owners = try Int64.fetchAll(db, sql: "SELECT DISTINCT owner FROM message WHERE owner IS NOT NULL")
        for owner in owners where !isAlive(owner) {
            try db.execute(
                sql: """
                    UPDATE message SET outcome = 'interrupted', owner = NULL, isSearchable = 1 WHERE owner = ?
                    """, arguments: [owner])
        }
    }

    /// How connections are set up.
    static var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "history"
        configuration.prepareDatabase { db in
            SearchFunctions.add(to: db)
            // A new file can then give pages back to the disk later.
            if try Int.fetchOne(db, sql: "PRAGMA page_count") == 0 {
                try db.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
            }
            try db.execute(sql: "PRAGMA secure_delete = ON")
        }
        return configuration
    }

    // MARK: - Private

    private static func open(
        _ path: String, _ configuration: Configuration, isShared: Bool, patience: Double
    ) throws -> any DatabaseWriter {
        guard isShared else { return try DatabasePool(path: path, configuration: configuration) }
        // WAL keeps its index in memory that machines cannot share: there, one journal for one connection.
        var configuration = configuration
        configuration.prepareDatabase { db in try db.execute(sql: "PRAGMA journal_mode = TRUNCATE") }
        let deadline = ContinuousClock.now + .seconds(patience)
        while true {
            do {
                return try DatabaseQueue(path: path, configuration: configuration)
            } catch let error as DatabaseError
                where error.resultCode == .SQLITE_BUSY && ContinuousClock.now < deadline
            {
                // SQLite does not wait by itself for the last reader of a write-ahead log to go.
                usleep(20_000)
            }
        }
    }

    private static func migrate(_ writer: any DatabaseWriter, at path: String) throws {
        let migrator = HistorySchema.migrator
        guard try !writer.read(migrator.hasBeenSuperseded) else {
            throw HistoryFailure(
                .newerVersion,
                "The history at \(path) was written by a later version of Scry; update Scry to go on with it.")
        }
        try migrator.migrate(writer)
    }

    private func unwrap<Value>(_ result: Result<Value, any Error>) throws(HistoryFailure) -> Value {
        switch result {
        case .success(let value): return value
        case .failure(let error): throw HistoryFailure(error, at: path.isEmpty ? "memory" : path)
        }
    }
}
