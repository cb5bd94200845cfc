/// Why a file or a picture cannot be read: what failed, why, and what to do.
public struct DocumentFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// What went wrong, as far as a program needs to know.
    public enum Kind: Sendable, Equatable {
        /// The file is not there, or may not be read.
        case unreadable
        /// The file is neither picture, video nor text.
        case unsupported
        /// A program that reads it is not installed.
        case toolMissing
        /// The program that reads it failed.
        case toolFailed
    }

    /// What went wrong.
    public var kind: Kind
    /// The sentence that people see.
    public var message: String

    /// Makes a failure.
    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    /// The sentence that people see.
    public var description: String { message }
}
