import CSystemd

/// A message of sd-bus, and its values; used on its bus's queue only.
struct BusMessage: ~Copyable {
    /// The message.
    let handle: OpaquePointer

    /// Takes a reference over.
    init(taking handle: OpaquePointer) { self.handle = handle }

    /// Keeps a message that is lent by somebody else.
    init(lent handle: OpaquePointer) { self.handle = sd_bus_message_ref(handle) }

    deinit { sd_bus_message_unref(handle) }

    // MARK: - Writing

    /// Appends values.
    borrowing func append(_ values: [BusValue]) throws(BusFailure) {
        for value in values { try append(value) }
    }

    private borrowing func append(_ value: BusValue) throws(BusFailure) {
        switch value {
        case .bool(let bool):
            try appendBasic("b", bool ? 1 as Int32 : 0)
        case .byte(let number): try appendBasic("y", number)
        case .int16(let number): try appendBasic("n", number)
        case .uint16(let number): try appendBasic("q", number)
        case .int32(let number): try appendBasic("i", number)
        case .uint32(let number): try appendBasic("u", number)
        case .int64(let number): try appendBasic("x", number)
        case .uint64(let number): try appendBasic("t", number)
        case .double(let number): try appendBasic("d", number)
        case .string(let text): try appendText("s", text)
        case .path(let text): try appendText("o", text)
        case .signature(let text): try appendText("g", text)
        case .descriptor(let descriptor):
            let status = descriptor.lend { number in
                withUnsafePointer(to: number) { sd_bus_message_append_basic(handle, code("h"), $0) }
            }
            try check(status)
        case .array(let type, let members): try contain("a", type, members)
        case .options(let options):
            // In an order that does not change, which costs little and helps who reads along.
            let entries = options.sorted { $0.key < $1.key }.map { entry in
                let isVariant = if case .variant = entry.value { true } else { false }
                return BusValue.entry(.string(entry.key), isVariant ? entry.value : .variant(entry.value))
            }
            try contain("a", "{sv}", entries)
        case .entry(let key, let value): try contain("e", key.type + value.type, [key, value])
        case .structure(let members): try contain("r", members.map(\.type).joined(), members)
        case .variant(let value): try contain("v", value.type, [value])
        }
    }

    private borrowing func appendBasic(_ type: Unicode.Scalar, _ value: some BitwiseCopyable) throws(BusFailure) {
        try check(withUnsafePointer(to: value) { sd_bus_message_append_basic(handle, code(type), $0) })
    }

    private borrowing func appendText(_ type: Unicode.Scalar, _ text: String) throws(BusFailure) {
        try check(text.withCString { sd_bus_message_append_basic(handle, code(type), $0) })
    }

    private borrowing func contain(
        _ kind: Unicode.Scalar, _ contents: String, _ members: [BusValue]
    ) throws(BusFailure) {
        try check(sd_bus_message_open_container(handle, code(kind), contents))
        try append(members)
        try check(sd_bus_message_close_container(handle))
    }

    // MARK: - Reading

    /// All values, read from the start.
    borrowing func values() throws(BusFailure) -> [BusValue] {
        try check(sd_bus_message_rewind(handle, 1))
        return try readAll()
    }

    private borrowing func readAll() throws(BusFailure) -> [BusValue] {
        var values: [BusValue] = []
        while let value = try read() { values.append(value) }
        return values
    }

    /// The next value; nil at the end of what contains it.
    private borrowing func read() throws(BusFailure) -> BusValue? {
        var type: CChar = 0
        var contents: UnsafePointer<CChar>?
        guard try check(sd_bus_message_peek_type(handle, &type, &contents)) > 0 else { return nil }
        switch Unicode.Scalar(UInt8(bitPattern: type)) {
        case "b": return .bool(try readBasic(type, 0 as Int32) != 0)
        case "y": return .byte(try readBasic(type, 0))
        case "n": return .int16(try readBasic(type, 0))
        case "q": return .uint16(try readBasic(type, 0))
        case "i": return .int32(try readBasic(type, 0))
        case "u": return .uint32(try readBasic(type, 0))
        case "x": return .int64(try readBasic(type, 0))
        case "t": return .uint64(try readBasic(type, 0))
        case "d": return .double(try readBasic(type, 0))
        case "s": return .string(try readText(type))
        case "o": return .path(try readText(type))
        case "g": return .signature(try readText(type))
        case "h":
            // The message's own, closed along with it.
            let copy = csystemd_copy_descriptor(try readBasic(type, -1 as Int32))
            try check(copy)
            return .descriptor(BusDescriptor(copy))
        case let kind:
            return try readContainer(kind, type, contents.map { String(cString: $0) } ?? "")
        }
    }

    private borrowing func readContainer(
        _ kind: Unicode.Scalar, _ type: CChar, _ contents: String
    ) throws(BusFailure) -> BusValue {
        try check(sd_bus_message_enter_container(handle, type, contents))
        let members = try readAll()
        try check(sd_bus_message_exit_container(handle))
        switch kind {
        case "a" where contents == "{sv}":
            var options: [String: BusValue] = [:]
            for case .entry(.string(let name), .variant(let value)) in members { options[name] = value }
            return .options(options)
        case "a": return .array(of: contents, members)
        case "e" where members.count == 2: return .entry(members[0], members[1])
        case "v" where members.count == 1: return .variant(members[0])
        default: return .structure(members)
        }
    }

    private borrowing func readBasic<Value: BitwiseCopyable>(
        _ type: CChar, _ initial: Value
    ) throws(BusFailure) -> Value {
        var value = initial
        let status = withUnsafeMutablePointer(to: &value) { sd_bus_message_read_basic(handle, type, $0) }
        try check(status)
        return value
    }

    private borrowing func readText(_ type: CChar) throws(BusFailure) -> String {
        var text: UnsafePointer<CChar>?
        let status = withUnsafeMutablePointer(to: &text) { sd_bus_message_read_basic(handle, type, $0) }
        try check(status)
        return text.map { String(cString: $0) } ?? ""
    }

    private borrowing func code(_ type: Unicode.Scalar) -> CChar { CChar(UInt8(ascii: type)) }
}
