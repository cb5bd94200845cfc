import FoundationEssentials

/// Any JSON.
enum JSONTree: Decodable, Hashable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSONTree])
    case object([String: JSONTree])

    /// Parses a text; nil when it is not JSON, or nested too deeply.
    init?(_ text: String) {
        guard let tree = try? JSONDecoder().decode(JSONTree.self, from: Data(text.utf8)) else { return nil }
        self = tree
    }

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let bool = try? value.decode(Bool.self) {
            self = .bool(bool)
        } else if let number = try? value.decode(Double.self) {
            self = .number(number)
        } else if let string = try? value.decode(String.self) {
            self = .string(string)
        } else if let array = try? value.decode([JSONTree].self) {
            self = .array(array)
        } else {
            self = .object(try value.decode([String: JSONTree].self))
        }
    }

    /// The name that a schema has for its kind.
    var kind: String {
        switch self {
        case .null: "null"
        case .bool: "boolean"
        case .number: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }

    /// A member of an object.
    subscript(name: String) -> JSONTree? { if case .object(let members) = self { members[name] } else { nil } }

    var number: Double? { if case .number(let number) = self { number } else { nil } }
    var count: Int? { number.flatMap { $0 >= 0 && $0 < 1e9 ? Int($0) : nil } }
    var string: String? { if case .string(let string) = self { string } else { nil } }
    var array: [JSONTree]? { if case .array(let array) = self { array } else { nil } }
    var object: [String: JSONTree]? { if case .object(let object) = self { object } else { nil } }
}
