import FoundationEssentials

/// Values that lie in one column as JSON.
enum StoredJSON {
    static func text(of value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        // The same value is always the same text, so that saving it again is seen to change nothing.
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    /// Returns nil for what another version wrote, or what was damaged.
    static func value<Value: Decodable>(_ type: Value.Type, from text: String) -> Value? {
        try? JSONDecoder().decode(type, from: Data(text.utf8))
    }
}

extension String {
    /// The text without NUL characters, which GRDB 7.10 would take for its end when it reads them back.
    ///
    /// An engine that sends one must not cut its own answer in the history.
    var storable: String {
        utf8.contains(0) ? String(map { $0 == "\0" ? "\u{FFFD}" : $0 }) : self
    }
}
