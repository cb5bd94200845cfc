/// Something about the history that is not as it should be.
public struct HistoryFinding: Sendable, Equatable, CustomStringConvertible {
    /// What it is, as far as a program needs to know.
    public enum Kind: Sendable, Equatable {
        /// Pages of the file are damaged; `History.salvage(path:now:)` saves what can be read.
        case damagedFile
        /// Rows point to rows that are gone.
        case brokenReferences
        /// A conversation's messages do not hang together.
        case brokenBranches
        /// The search index does not hold what was said.
        case staleIndex
        /// Pictures or recordings that messages show are gone.
        case missingMedia
        /// Files of pictures or recordings are not whole.
        case damagedMedia
        /// Files that nothing shows.
        case unusedMedia
        /// A file or directory belongs to somebody else.
        case wrongOwner
        /// A file or directory can be read by others.
        case openPermissions
        /// The file system cannot be trusted with two programs at once.
        case sharedFileSystem
    }

    /// What it is.
    public var kind: Kind
    /// The sentence that people see.
    public var message: String
    /// Whether `History.repair(now:)` puts it right.
    public var isRepairable: Bool

    /// The sentence.
    public var description: String { message }
}
