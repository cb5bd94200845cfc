/// A piece of JSON that an engine sent, read without expecting anything of it.
///
/// Engines disagree about which keys there are, which of them are null and what type they have, so that a missing or
/// strange value is nil here, never an error.
enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([Member])

    /// A key with its value.
    struct Member: Sendable, Equatable {
        var key: String
        var value: JSONValue
    }

    /// The value of a key; nil when this is no object or does not have it, and for null.
    subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        for member in members where member.key == key { return member.value == .null ? nil : member.value }
        return nil
    }

    /// The words of a string.
    var string: String? { if case .string(let string) = self { string } else { nil } }

    /// The truth of a boolean.
    var bool: Bool? { if case .bool(let bool) = self { bool } else { nil } }

    /// The value of a number.
    var number: Double? { if case .number(let number) = self { number } else { nil } }

    /// A number that is whole, not negative and small enough to count something.
    var count: Int? {
        guard case .number(let number) = self, number >= 0, number < 1e15 else { return nil }
        return Int(number)
    }

    /// The elements of an array; empty for anything else.
    var elements: [JSONValue] { if case .array(let elements) = self { elements } else { [] } }

    /// The members of an object; empty for anything else.
    var members: [Member] { if case .object(let members) = self { members } else { [] } }
}
