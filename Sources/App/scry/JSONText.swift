import FoundationEssentials

/// JSON for people's scripts: one line, keys in the alphabet's order, slashes unescaped.
enum JSONText {
    /// Encodes a value.
    static func line(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        guard let data = try? encoder.encode(value) else {
            preconditionFailure("\(type(of: value)) has only strings, numbers and lists")
        }
        return String(decoding: data, as: UTF8.self)
    }
}
