public import Conversation
public import FoundationEssentials
import GRDB

extension History {
    /// Deletes a conversation with all its branches, and the pictures and recordings that nothing else shows.
    ///
    /// The bytes are overwritten, but the search index and the journal still hold words until `compact()`.
    ///
    /// - Throws: `.missing` when there is no such conversation.
    public func delete(_ id: Conversation.ID) async throws(HistoryFailure) {
        let orphans = try await write { db in
            let files = try MediaUse.files(of: id, db)
            try db.execute(sql: "DELETE FROM conversation WHERE id = ?", arguments: [id])
            guard db.changesCount > 0 else { throw Self.missing(id) }
            return try MediaUse.unused(files, db)
        }
        for orphan in orphans { media.remove(sha256: orphan.sha256, mediaType: orphan.mediaType) }
    }

    /// Removes a stored picture or recording at once, unless a message or a draft shows it.
    public func discard(_ file: MediaReference) async throws(HistoryFailure) {
        let unused = try await read { db in
            try MediaUse.unused([MediaUse.Orphan(sha256: file.sha256, mediaType: file.mediaType)], db)
        }
        for orphan in unused { media.remove(sha256: orphan.sha256, mediaType: orphan.mediaType) }
    }

    /// Gives back to the disk what deleted conversations took, so that nothing of them is left in the files.
    ///
    /// Takes seconds with a large history, while which other programs wait before they write. Left for another time when
    /// another program has the history open.
    public func compact() async throws(HistoryFailure) {
        try await write { db in try db.execute(sql: "INSERT INTO search (search) VALUES ('optimize')") }
        guard isKept else { return }
        try await outsideTransaction { db in
            // A history that was begun by an early version becomes one that shrinks by and by.
            if try Int.fetchOne(db, sql: "PRAGMA auto_vacuum") != 2 {
                try db.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL; VACUUM")
            }
            try db.execute(sql: "PRAGMA incremental_vacuum")
            if try String.fetchOne(db, sql: "PRAGMA journal_mode") == "wal" { _ = try db.checkpoint(.truncate) }
        }
    }

    /// Removes what is kept for nothing: media that nothing shows, media of messages that are too old, drafts nobody takes.
    ///
    /// Files touched within a day before `now` are left alone: they may be in a composer that has not saved its draft yet.
    /// A clock that was set back only makes things be kept for longer.
    ///
    /// - Parameters:
    ///   - now: The time.
    ///   - keepDays: Removes pictures and recordings of messages older than this as well; 0 keeps them.
    @discardableResult
    public func sweep(now: Date, keepDays: Int) async throws(HistoryFailure) -> Sweep {
        let day: TimeInterval = 86_400
        let limit = keepDays > 0 ? now.addingTimeInterval(-day * Double(keepDays)) : nil
        let wanted = try await read { db in try MediaUse.wanted(since: limit, db) }
        return media.removeAll(touchedBefore: now.addingTimeInterval(-day)) { wanted.contains($0) }
    }

    /// Removes stored files that nothing shows.
    ///
    /// - Returns: How many files were removed.
    @discardableResult
    public func sweepMedia(keepDays: Int, now: Date) async throws(HistoryFailure) -> Int {
        try await sweep(now: now, keepDays: keepDays).files
    }

    /// How much the history takes on the disk.
    public func size() async throws(HistoryFailure) -> HistorySize {
        let counts = try await read { db in
            try ["conversation", "message"].map { try Int.fetchOne(db, sql: "SELECT count(*) FROM \($0)") ?? 0 }
        }
        let files = path.isEmpty ? [] : [path, path + "-wal", path + "-shm"]
        let stored = media.size()
        return HistorySize(
            conversations: counts[0], messages: counts[1],
            databaseBytes: files.reduce(0) { $0 + (PrivateFile.status($1)?.byteCount ?? 0) }, mediaFiles: stored.files,
            mediaBytes: stored.bytes)
    }
}

/// What a sweep has removed.
public struct Sweep: Sendable, Equatable {
    /// How many files.
    public var files: Int
    /// How many bytes they had.
    public var bytes: Int
}

/// How much a history takes on the disk, and for how much.
public struct HistorySize: Sendable, Equatable {
    /// How many conversations there are, empty ones too.
    public var conversations: Int
    /// How many messages, of all branches.
    public var messages: Int
    /// The bytes of the database with its journal.
    public var databaseBytes: Int
    /// How many pictures and recordings.
    public var mediaFiles: Int
    /// Their bytes.
    public var mediaBytes: Int
}
