/// A value as D-Bus carries it.
indirect enum BusValue: Sendable, Equatable {
    case bool(Bool)
    case byte(UInt8)
    case int16(Int16)
    case uint16(UInt16)
    case int32(Int32)
    case uint32(UInt32)
    case int64(Int64)
    case uint64(UInt64)
    case double(Double)
    case string(String)
    case path(String)
    case signature(String)
    /// An open file, a socket or the like.
    case descriptor(BusDescriptor)
    /// Values of one type, which counts also when there are none.
    case array(of: String, [BusValue])
    /// An `a{sv}`: names and values; other dictionaries are arrays of entries.
    case options([String: BusValue])
    case entry(BusValue, BusValue)
    case structure([BusValue])
    /// A value that tells its own type.
    case variant(BusValue)

    /// The type, as D-Bus writes it.
    var type: String {
        switch self {
        case .bool: "b"
        case .byte: "y"
        case .int16: "n"
        case .uint16: "q"
        case .int32: "i"
        case .uint32: "u"
        case .int64: "x"
        case .uint64: "t"
        case .double: "d"
        case .string: "s"
        case .path: "o"
        case .signature: "g"
        case .descriptor: "h"
        case .array(let type, _): "a" + type
        case .options: "a{sv}"
        case .entry(let key, let value): "{" + key.type + value.type + "}"
        case .structure(let members): "(" + members.map(\.type).joined() + ")"
        case .variant: "v"
        }
    }
}

// MARK: - Reading what others sent

extension BusValue {
    /// The text of a string or path; nil for anything else.
    var text: String? {
        switch self {
        case .string(let text), .path(let text): text
        case .variant(let value): value.text
        default: nil
        }
    }

    /// A number that fits, of whatever width; nil for anything else.
    var number: Int? {
        switch self {
        case .byte(let number): Int(number)
        case .int16(let number): Int(number)
        case .uint16(let number): Int(number)
        case .int32(let number): Int(number)
        case .uint32(let number): Int(number)
        case .int64(let number): Int(number)
        case .uint64(let number): Int(exactly: number)
        case .variant(let value): value.number
        default: nil
        }
    }

    /// The values of an array or structure; nil for anything else.
    var members: [BusValue]? {
        switch self {
        case .array(_, let members), .structure(let members): members
        case .variant(let value): value.members
        default: nil
        }
    }

    /// The names and values of an `a{sv}`; nil for anything else.
    var options: [String: BusValue]? {
        switch self {
        case .options(let options): options
        case .variant(let value): value.options
        default: nil
        }
    }

    /// The descriptor; nil for anything else.
    var descriptor: BusDescriptor? {
        switch self {
        case .descriptor(let descriptor): descriptor
        case .variant(let value): value.descriptor
        default: nil
        }
    }
}
