/// A key, which shows itself to nobody who does not ask for it: not to logs, descriptions or dumps.
struct Secret: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The key itself.
    let revealed: String

    /// Takes a key without the white space around it; nil for none.
    init?(_ key: String?) {
        guard let key = key?.trimmed, !key.isEmpty else { return nil }
        revealed = key
    }

    var description: String { "…" }
    var debugDescription: String { "…" }
    var customMirror: Mirror { Mirror(self, children: [:]) }
}
