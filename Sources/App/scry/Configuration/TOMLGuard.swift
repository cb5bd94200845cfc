/// Finds the three mistakes at which toml++ 3.4, the parser inside TOMLKit 0.6, aborts the program instead of refusing them:
/// a table header that does not begin with a key (`[.a]`, `[é]`), a `}` where a list expects an element,
/// and a date with a "T" behind it and no time (`1979-05-27T:`).
///
/// It follows a text exactly as far as it is sound, which is as far as the parser comes.
struct TOMLGuard {
    private let bytes: [UInt8]
    private var index = 0
    private var line = 1
    /// The brackets that are open.
    private var open: [UInt8] = []

    /// The first such mistake in a text, or nil when it is safe to parse.
    static func fault(in text: String) -> TOMLDocument.Fault? {
        var guardian = TOMLGuard(bytes: Array(text.utf8))
        return guardian.scan()
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private mutating func scan() -> TOMLDocument.Fault? {
        var startsLine = true
        var isHeader = false
        while let byte = peek() {
            index += 1
            switch byte {
            case UInt8(ascii: "\n"):
                line += 1
                startsLine = true
                isHeader = false
                continue
            case UInt8(ascii: " "), UInt8(ascii: "\t"):
                continue
            case UInt8(ascii: "#"):
                while let next = peek(), next != UInt8(ascii: "\n") { index += 1 }
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                skipString(byte)
            case UInt8(ascii: "[") where startsLine && open.isEmpty:
                isHeader = true
                guard headerHasKey() else {
                    return TOMLDocument.Fault(line: line, reason: "expected the name of a table after [")
                }
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                if !isHeader { open.append(byte) }
            case UInt8(ascii: "]"):
                if open.last == UInt8(ascii: "[") { open.removeLast() }
            case UInt8(ascii: "}"):
                guard open.last != UInt8(ascii: "[") else {
                    return TOMLDocument.Fault(line: line, reason: "expected an element of a list or ], saw }")
                }
                if !open.isEmpty { open.removeLast() }
            case UInt8(ascii: "T"), UInt8(ascii: "t"):
                guard !followsDate() || !lacksTime() else {
                    return TOMLDocument.Fault(line: line, reason: "expected a time after a date and T")
                }
            default:
                break
            }
            startsLine = false
        }
        return nil
    }

    // MARK: - Private

    private func peek(_ offset: Int = 0) -> UInt8? {
        bytes.indices.contains(index + offset) ? bytes[index + offset] : nil
    }

    /// Goes past the blanks after `[` or `[[`, and tells whether something follows that a header may begin with.
    private mutating func headerHasKey() -> Bool {
        skipBlanks()
        if peek() == UInt8(ascii: "[") {
            index += 1
            skipBlanks()
        }
        guard let byte = peek() else { return false }
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            return true
        default:
            return "_-\"']".utf8.contains(byte)
        }
    }

    /// Whether a date stands before the letter that was read last.
    private func followsDate() -> Bool {
        guard index > 10 else { return false }
        return bytes[index - 11..<index - 1].enumerated().allSatisfy { place, byte in
            place == 4 || place == 7 ? byte == UInt8(ascii: "-") : Self.isDigit(byte)
        }
    }

    /// Whether something else than a time comes, but with a colon in it; without one the parser refuses it.
    private func lacksTime() -> Bool {
        guard let first = peek(), !Self.isDigit(first) else { return false }
        return bytes[index...].prefix { $0 > 0x20 && !",]}#".utf8.contains($0) }.contains(UInt8(ascii: ":"))
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private mutating func skipBlanks() {
        while let byte = peek(), byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") { index += 1 }
    }

    /// Goes past a text whose first quote was read.
    private mutating func skipString(_ quote: UInt8) {
        let hasEscapes = quote == UInt8(ascii: "\"")
        let isLong = peek() == quote && peek(1) == quote
        if isLong { index += 2 }
        while let byte = peek() {
            if byte == UInt8(ascii: "\n") {
                // A short text ends with its line, and is no TOML then.
                guard isLong else { return }
                line += 1
            }
            index += 1
            if byte == UInt8(ascii: "\\"), hasEscapes, let next = peek(), next != UInt8(ascii: "\n") { index += 1 }
            guard byte == quote else { continue }
            if !isLong { return }
            guard peek() == quote, peek(1) == quote else { continue }
            index += 2
            // Up to two quotes may stand inside a long text just before its end.
            for _ in 0..<2 where peek() == quote { index += 1 }
            return
        }
    }
}
