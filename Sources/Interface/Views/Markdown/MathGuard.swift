/// Keeps formulas from being taken for Markdown: `$a*b*c$` has no emphasis, `\[x\]` keeps its backslashes.
enum MathGuard {
    /// The text with the punctuation of its formulas escaped, so that a Markdown parser gives it back unchanged.
    static func escaped(_ source: String) -> String { guarded(source, isShown: false) }

    /// The same with formulas, as far as they can be, and marks of footnotes as characters that can be read.
    ///
    /// - Parameter breaksLines: Whether a formula of several lines may stay one.
    static func shown(_ source: String, breaksLines: Bool = true) -> String {
        guarded(source, isShown: true, breaksLines: breaksLines)
    }

    private static func guarded(_ source: String, isShown: Bool, breaksLines: Bool = true) -> String {
        let bytes = Array(source.utf8)
        guard bytes.contains(dollar) || bytes.contains(backslash) || isShown && bytes.contains(caret) else {
            return source
        }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + 32)
        var index = 0
        while index < bytes.count {
            if bytes[index] == backtick, let end = codeEnd(bytes, from: index) {
                result += bytes[index..<end]
                index = end
            } else if let end = formulaEnd(bytes, from: index) {
                let rendered = isShown ? rendered(bytes, index..<end) : nil
                let shown = breaksLines ? rendered : rendered?.split(separator: "\n").joined(separator: "; ")
                append(shown.map { Array($0.utf8) } ?? Array(bytes[index..<end]), to: &result)
                index = end
            } else if isShown, let note = footnote(bytes, from: index) {
                append(Array(note.mark.utf8), to: &result)
                index = note.end
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

    private static func append(_ words: [UInt8], to result: inout [UInt8]) {
        for byte in words {
            if isPunctuation(byte) { result.append(backslash) }
            result.append(byte)
        }
    }

    // MARK: - Showing

    /// What is between the marks of a formula, as text; nil to leave it as it is.
    private static func rendered(_ bytes: [UInt8], _ range: Range<Int>) -> String? {
        let mark = bytes[range.lowerBound] == dollar && bytes[range.lowerBound + 1] != dollar ? 1 : 2
        guard range.count > 2 * mark else { return nil }
        let inside = bytes[(range.lowerBound + mark)..<(range.upperBound - mark)]
        if mark == 1 {
            // Names of variables in shells have dollars, too.
            let isAfterWord = range.lowerBound > 0 && isWord(bytes[range.lowerBound - 1])
            let isBeforeWord = range.upperBound < bytes.count && isWord(bytes[range.upperBound])
            let isIndexed = inside.dropFirst().first == UInt8(ascii: "_")
            let isName = inside.count > 2 && !isIndexed && inside.allSatisfy(isWord)
            guard !isAfterWord, !isBeforeWord, !isName else { return nil }
        }
        return MathText.rendered(String(decoding: inside, as: UTF8.self))
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            || byte == UInt8(ascii: "_") || byte >= 0x80
    }

    /// The mark of a footnote, `[^1]`, small and raised.
    private static func footnote(_ bytes: [UInt8], from start: Int) -> (mark: String, end: Int)? {
        guard let note = MarkdownLine.footnote(bytes, at: start) else { return nil }
        return (footnoteMark(note.label), note.end)
    }

    /// How the mark of a footnote looks.
    static func footnoteMark(_ label: String) -> String {
        MathSymbols.small(label, isRaised: true) ?? "[\(label)]"
    }

    private static let caret = UInt8(ascii: "^")
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
