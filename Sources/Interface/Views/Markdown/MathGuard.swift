/// Keeps formulas as they were written: `$a*b*c$` has no emphasis, `\[x\]` keeps its backslashes.
enum MathGuard {
    /// The text with the punctuation of its formulas escaped, so that a Markdown parser gives it back unchanged.
    static func escaped(_ source: String) -> String {
        let bytes = Array(source.utf8)
        guard bytes.contains(dollar) || bytes.contains(backslash) else { return source }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + 32)
        var index = 0
        while index < bytes.count {
            if bytes[index] == backtick, let end = codeEnd(bytes, from: index) {
                result += bytes[index..<end]
                index = end
            } else if let end = formulaEnd(bytes, from: index) {
                for byte in bytes[index..<end] {
                    if isPunctuation(byte) { result.append(backslash) }
                    result.append(byte)
                }
                index = end
            } else {
                result.append(bytes[index])
                // A backslash takes the next character with it, so that `\$` begins no formula.
                if bytes[index] == backslash, index + 1 < bytes.count {
                    index += 1
                    result.append(bytes[index])
                }
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static let dollar = UInt8(ascii: "$")
    private static let backslash = UInt8(ascii: "\\")
    private static let backtick = UInt8(ascii: "`")
    // Searching is bounded, so that a text of dollars takes linear time.
    private static let longest = 1_000

    private static func isPunctuation(_ byte: UInt8) -> Bool {
        (0x21...0x2F).contains(byte) || (0x3A...0x40).contains(byte) || (0x5B...0x60).contains(byte)
            || (0x7B...0x7E).contains(byte)
    }

    private static func codeEnd(_ bytes: [UInt8], from start: Int) -> Int? {
        var open = start
        while open < bytes.count, bytes[open] == backtick { open += 1 }
        let length = open - start
        var index = open
        let limit = min(bytes.count, start + longest)
        while index < limit {
            guard bytes[index] == backtick else {
                index += 1
                continue
            }
            var end = index
            while end < bytes.count, bytes[end] == backtick { end += 1 }
            if end - index == length { return end }
            index = end
        }
        return open
    }

    private static func formulaEnd(_ bytes: [UInt8], from start: Int) -> Int? {
        guard start + 2 < bytes.count else { return nil }
        let next = bytes[start + 1]
        let limit = min(bytes.count, start + longest)
        if bytes[start] == dollar {
            return next == dollar ? doubleEnd(bytes, from: start, limit) : singleEnd(bytes, from: start, limit)
        }
        guard bytes[start] == backslash, next == UInt8(ascii: "(") || next == UInt8(ascii: "[") else { return nil }
        let closing = next == UInt8(ascii: "(") ? UInt8(ascii: ")") : UInt8(ascii: "]")
        var index = start + 2
        while index + 1 < limit {
            if bytes[index] == backslash, bytes[index + 1] == closing { return index + 2 }
            index += 1
        }
        return nil
    }

    private static func doubleEnd(_ bytes: [UInt8], from start: Int, _ limit: Int) -> Int? {
        var index = start + 2
        while index + 1 < limit {
            if bytes[index] == dollar, bytes[index + 1] == dollar { return index + 2 }
            index += 1
        }
        return nil
    }

    // Prices are no formulas: the dollars stand close to what they enclose, and no digit follows the second.
    private static func singleEnd(_ bytes: [UInt8], from start: Int, _ limit: Int) -> Int? {
        guard bytes[start + 1] != 0x20, bytes[start + 1] != 0x0A else { return nil }
        var index = start + 1
        while index < limit, bytes[index] != 0x0A {
            if bytes[index] == backslash {
                index += 2
                continue
            }
            if bytes[index] == dollar {
                let isDigitNext = index + 1 < bytes.count && (0x30...0x39).contains(bytes[index + 1])
                return bytes[index - 1] == 0x20 || isDigitNext ? nil : index + 1
            }
            index += 1
        }
        return nil
    }
}
