internal import FoundationEssentials

/// Writes JSON whose keys keep the order in which they were written.
///
/// An engine keeps what it has computed for the beginning of a prompt, so the same conversation must make the same bytes
/// from turn to turn; an encoder that goes through dictionaries does not promise that.
struct JSONWriter {
    /// What was written.
    private(set) var bytes: [UInt8] = []
    private let isPretty: Bool
    private var depth = 0
    private var needsComma = false
    private var followsKey = false

    /// - Parameter isPretty: Whether people read it: one member a line, indented.
    init(isPretty: Bool = false) { self.isPretty = isPretty }

    mutating func object<Failure: Error>(
        _ body: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        try container("{", "}", body)
    }

    mutating func array<Failure: Error>(_ body: (inout JSONWriter) throws(Failure) -> Void) throws(Failure) {
        try container("[", "]", body)
    }

    /// Writes a key; its value has to follow.
    mutating func key(_ key: String) {
        separate()
        quote(key)
        bytes.append(UInt8(ascii: ":"))
        if isPretty { bytes.append(UInt8(ascii: " ")) }
        followsKey = true
    }

    mutating func string(_ value: String) {
        separateValue()
        quote(value)
        needsComma = true
    }

    mutating func bool(_ value: Bool) { literal(value ? "true" : "false") }

    mutating func number(_ value: Int) { literal(String(value)) }

    /// Writes a number; what JSON has no word for becomes null.
    mutating func number(_ value: Double) {
        guard value.isFinite else { return literal("null") }
        literal(value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value))
    }

    /// Writes a value that is JSON already.
    mutating func raw(_ text: String) { literal(text) }

    /// Writes "data:TYPE;base64,…" as a string.
    mutating func dataURL(mediaType: String, _ content: [UInt8]) { dataURL(mediaType: mediaType, [content]) }

    /// Writes several pieces of bytes as one "data:" URL, with commas between them.
    mutating func dataURL(mediaType: String, _ contents: [[UInt8]]) {
        separateValue()
        bytes.append(UInt8(ascii: "\""))
        escape("data:\(mediaType);base64,")
        for (index, content) in contents.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(contentsOf: Data(content).base64EncodedData())
        }
        bytes.append(UInt8(ascii: "\""))
        needsComma = true
    }

    // MARK: - Members

    mutating func member(_ name: String, _ value: String) {
        key(name)
        string(value)
    }

    mutating func member(_ name: String, _ value: Bool) {
        key(name)
        bool(value)
    }

    mutating func member(_ name: String, _ value: Int) {
        key(name)
        number(value)
    }

    mutating func member(_ name: String, _ value: Double) {
        key(name)
        number(value)
    }

    mutating func member<Failure: Error>(
        _ name: String, object body: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        key(name)
        try object(body)
    }

    mutating func member<Failure: Error>(
        _ name: String, array body: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        key(name)
        try array(body)
    }

    // MARK: - Pieces

    private mutating func container<Failure: Error>(
        _ open: String, _ close: String, _ body: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        separateValue()
        bytes.append(contentsOf: open.utf8)
        depth += 1
        needsComma = false
        let countBefore = bytes.count
        try body(&self)
        depth -= 1
        if bytes.count > countBefore { breakLine() }
        bytes.append(contentsOf: close.utf8)
        needsComma = true
    }

    private mutating func literal(_ word: String) {
        separateValue()
        bytes.append(contentsOf: word.utf8)
        needsComma = true
    }

    /// Separates a value from the one before, unless it follows its key.
    private mutating func separateValue() {
        if !followsKey && !bytes.isEmpty { separate() }
        followsKey = false
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        breakLine()
    }

    private mutating func breakLine() {
        guard isPretty else { return }
        bytes.append(UInt8(ascii: "\n"))
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: depth * 2))
    }

    private mutating func quote(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        escape(text)
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func escape(_ text: String) {
        var text = text
        text.withUTF8 { units in
            var start = 0
            for (index, unit) in units.enumerated() where unit < 0x20 || unit == 0x22 || unit == 0x5C || unit == 0x7F {
                bytes.append(contentsOf: units[start..<index])
                start = index + 1
                switch unit {
                case 0x22, 0x5C: bytes.append(contentsOf: [0x5C, unit])
                case 0x0A: bytes.append(contentsOf: #"\n"#.utf8)
                case 0x09: bytes.append(contentsOf: #"\t"#.utf8)
                case 0x0D: bytes.append(contentsOf: #"\r"#.utf8)
                default:
                    let digits = String(unit, radix: 16)
                    bytes.append(contentsOf: (#"\u00"# + (digits.count < 2 ? "0" : "") + digits).utf8)
                }
            }
            bytes.append(contentsOf: units[start...])
        }
    }
}
