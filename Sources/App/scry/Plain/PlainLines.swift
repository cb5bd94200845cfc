import Cells

/// Cuts what streams into lines that are said once and stay: at line breaks, and at the ends of sentences in long ones.
struct PlainLines {
    private var rest = ""
    private var isInCode = false

    // Shorter sentences wait for the next one, so that a screen reader is not interrupted at every word.
    private static let shortest = 60
    // What has neither sentences nor line breaks is cut somewhere.
    private static let longest = 4_000

    /// Takes in more text.
    ///
    /// - Returns: The lines that are complete.
    mutating func append(_ text: String) -> [String] {
        rest += text
        var lines: [String] = []
        while let line = next() {
            if line.trimmingPrefix(while: { $0 == " " }).hasPrefix("```") { isInCode.toggle() }
            lines.append(SafeText.singleLine(line))
        }
        return lines
    }

    /// Ends the text.
    mutating func finish() -> [String] {
        defer { self = PlainLines() }
        return rest.isEmpty ? [] : [SafeText.singleLine(rest)]
    }

    private mutating func next() -> String? {
        let bytes = rest.utf8
        var position = 0
        var last: UInt8 = 0
        for index in bytes.indices {
            let byte = bytes[index]
            if byte == 0x0A { return cut(at: index) }
            let endsSentence = last == UInt8(ascii: ".") || last == UInt8(ascii: "!") || last == UInt8(ascii: "?")
            if byte == 0x20, !isInCode && endsSentence && position >= Self.shortest || position >= Self.longest {
                return cut(at: index)
            }
            position += 1
            last = byte
        }
        return nil
    }

    /// Takes the text before a place off, and drops what is there: a blank or a line break.
    private mutating func cut(at end: String.Index) -> String {
        let line = String(rest[..<end])
        rest = String(rest[rest.utf8.index(after: end)...])
        return line
    }
}
