import Glibc
import GRDB

/// Why the history cannot be read or written: what failed, why, and what to do, in a sentence for people.
public struct HistoryFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// What went wrong, as far as a program needs to know.
    public enum Kind: Sendable, Equatable {
        /// The history was written by a later version of Scry.
        case newerVersion
        /// The file is not a history, or a damaged one.
        case damaged
        /// The place may not be written to.
        case readOnly
        /// The disk is full, or the quota is used up.
        case diskFull
        /// Another program keeps the history locked.
        case busy
        /// The conversation is not there (any more).
        case missing
        /// Anything else.
        case other
    }

    /// What went wrong.
    public var kind: Kind
    /// The sentence that people see.
    public var message: String

    /// The sentence.
    public var description: String { message }

    init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    /// Tells what an error of the database means for the person whose history it is.
    init(_ error: any Error, at path: String) {
        if let failure = error as? HistoryFailure {
            self = failure
            return
        }
        guard let error = error as? DatabaseError else {
            // Its own words may quote what was said.
            self.init(.other, "The history at \(path) could not be understood (\(type(of: error))).")
            return
        }
        let reason = error.message ?? "no reason given"
        switch error.resultCode {
        case .SQLITE_NOTADB, .SQLITE_CORRUPT:
            self.init(
                .damaged,
                "The history at \(path) is damaged (\(reason)); `scry doctor --repair` saves what can be read of it.")
        case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
            self.init(
                .readOnly,
                "The history at \(path) cannot be written (\(reason)); check who owns the file and its directory.")
        // The index of the write-ahead log has no room.
        case .SQLITE_IOERR where error.extendedResultCode == .SQLITE_IOERR_SHMSIZE, .SQLITE_FULL:
            self.init(
                .diskFull,
                "The history at \(path) cannot grow because the disk is full; free some space and go on.")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(
                .busy,
                "The history at \(path) is locked by another program; try again, or end that program.")
        case .SQLITE_CONSTRAINT where error.extendedResultCode == .SQLITE_CONSTRAINT_FOREIGNKEY:
            self.init(.missing, "The chat is not in the history any more: it was deleted by another program.")
        default:
            // The statement and its arguments stay out of the sentence: they may quote what was said.
            self.init(.other, "The history at \(path) failed: \(reason) (SQLite \(error.extendedResultCode.rawValue)).")
        }
    }

    /// Tells what the operating system's error means for a file of the history.
    init(_ errno: Int32, doing action: String, at path: String) {
        let reason = String(cString: strerror(errno))
        switch errno {
        case ENOSPC, EDQUOT:
            self.init(
                .diskFull, "Scry could not \(action) \(path) because the disk is full; free some space and go on.")
        case EACCES, EPERM, EROFS:
            self.init(.readOnly, "Scry could not \(action) \(path) (\(reason)); check who owns it and its directory.")
        default:
            self.init(.other, "Scry could not \(action) \(path): \(reason).")
        }
    }
}
