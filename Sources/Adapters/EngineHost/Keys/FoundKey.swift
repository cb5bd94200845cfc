/// A key and where it was found; it shows itself in no description and no dump.
public struct FoundKey: Sendable, Equatable, CustomStringConvertible, CustomReflectable {
    /// The key itself.
    public let value: String
    /// Where it was found.
    public let source: KeySource

    /// Where it was found, without the key.
    public var description: String { "a key from \(source)" }

    /// Where it was found, without the key.
    public var customMirror: Mirror { Mirror(self, children: ["source": source]) }
}
