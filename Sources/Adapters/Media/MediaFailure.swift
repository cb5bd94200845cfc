/// Why a picture or a video could not be read or written: what failed, why, and what to do, in a sentence for people.
public struct MediaFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// What went wrong, as far as a program needs to know.
    public enum Kind: Sendable, Equatable {
        /// There is no such file, or it may not be read.
        case notFound
        /// The bytes are no picture or video that is understood, or are damaged.
        case unreadable
        /// The picture is larger than anything that is shown.
        case tooLarge
        /// The libraries cannot encode this.
        case notEncoded
        /// The file could not be written.
        case notWritten
        /// There is no room left on the disk.
        case diskFull
        /// The libraries are not installed.
        case unavailable
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
