import Glibc

/// Why a chat cannot be exported or imported: what failed, why, and what to do, in a sentence for people.
public struct ExchangeFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// What went wrong, as far as a program needs to know.
    public enum Kind: Sendable, Equatable {
        /// There is a file already, and nobody said that it may be replaced.
        case exists
        /// The file cannot be written.
        case notWritten
        /// The file cannot be read.
        case notRead
        /// The file is of no kind that is understood, or is damaged throughout.
        case notUnderstood
        /// There is nothing to export.
        case nothing
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

    /// Tells what the operating system's error means for a file.
    init(_ errno: Int32, writing path: String) {
        switch errno {
        case EEXIST: self.init(.exists, "\(path) is there already; --force replaces it.")
        case ENOSPC, EDQUOT:
            self.init(.notWritten, "\(path) cannot be written: the disk is full; free some space and try again.")
        default: self.init(.notWritten, "\(path) cannot be written: \(String(cString: strerror(errno))).")
        }
    }

    init(_ errno: Int32, reading path: String) {
        self.init(.notRead, "\(path) cannot be read: \(String(cString: strerror(errno))).")
    }
}
