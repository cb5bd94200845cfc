/// Why there is no reply, or no whole one: what failed, why, and what to do, in a sentence for people.
public struct ReplyFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// What went wrong, as far as a program needs to know.
    public enum Kind: Sendable, Equatable {
        /// Nothing answers at the engine's address.
        case unreachable
        /// The engine wants another key, or one at all.
        case unauthorized
        /// The engine does not have the model.
        case modelMissing
        /// The request was too long; tokens asked for and tokens that fit, where the engine says so.
        case contextTooLong(needed: Int?, limit: Int?)
        /// The model cannot see pictures.
        case cannotSee
        /// Too many requests.
        case rateLimited
        /// The engine refused the request with this HTTP status.
        case refused(status: Int)
        /// The engine broke: an HTTP status of 500 or more, or an error in the middle of the stream.
        case engineError
        /// The connection ended in the middle.
        case brokenOff
        /// Nothing came for too long.
        case timedOut
        /// What came is not the protocol.
        case garbled
        /// An attachment's bytes cannot be read.
        case attachmentUnreadable
    }

    /// What went wrong.
    public var kind: Kind
    /// The sentence that people see: safe to show, without keys.
    public var message: String

    /// Makes a failure.
    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    /// The sentence.
    public var description: String { message }
}
