/// What a line of Markdown can begin, told from its bytes alone.
enum MarkdownLine {
    /// A fence of code.
    struct Fence: Hashable {
        var mark: UInt8
        var length: Int
        var indent: Int
        var label: String
    }

    /// The mark of a list item.
    struct ItemMark: Hashable {
        /// The number of an ordered item; nil for a bullet.
        var number: Int?
        /// Bytes from the mark to the text of the item.
        var width: Int
        /// Whether nothing follows the mark.
        var isEmpty: Bool
    }

    /// The blanks at a place.
    static func indent(_ line: [UInt8], at start: Int) -> Int {
        var index = start
        while index < line.count, line[index] == 0x20 { index += 1 }
        return index - start
    }

    static func isBlank(_ line: [UInt8], from start: Int) -> Bool {
        line[min(start, line.count)...].allSatisfy { $0 == 0x20 || $0 == 0x09 }
    }

    /// The line with the tabs at its start made blanks.
    static func expandingTabs(_ line: [UInt8]) -> [UInt8] {
        guard let end = line.firstIndex(where: { $0 != 0x20 && $0 != 0x09 }), line[..<end].contains(0x09) else {
            return line
        }
        var blanks = 0
        for byte in line[..<end] { blanks += byte == 0x09 ? 4 - blanks % 4 : 1 }
        return Array(repeating: 0x20, count: blanks) + line[end...]
    }

    /// What follows a column of a line, with its tabs; nil where a tab lies across that column.
    static func textKeepingTabs(_ line: [UInt8], fromColumn start: Int) -> String? {
        var column = 0
        for (index, byte) in line.enumerated() {
            if column >= start { return column == start ? text(line, from: index) : nil }
            guard byte == 0x20 || byte == 0x09 else { return nil }
            column += byte == 0x09 ? 4 - column % 4 : 1
        }
        return column == start ? "" : nil
    }

    static func text(_ line: [UInt8], from start: Int) -> String {
        String(decoding: line[min(start, line.count)...], as: UTF8.self)
    }

    // MARK: - Leaves

    /// The level of a heading and where its text is.
    static func heading(_ line: [UInt8], at start: Int) -> (level: Int, text: Range<Int>)? {
        var index = start
        while index < line.count, line[index] == UInt8(ascii: "#") { index += 1 }
        let level = index - start
        guard (1...6).contains(level), index == line.count || line[index] == 0x20 || line[index] == 0x09 else {
            return nil
        }
        var end = line.count
        while end > index, line[end - 1] == 0x20 || line[end - 1] == 0x09 { end -= 1 }
        var hashes = end
        while hashes > index, line[hashes - 1] == UInt8(ascii: "#") { hashes -= 1 }
        if hashes < end, hashes == index || line[hashes - 1] == 0x20 { end = hashes }
        while index < end, line[index] == 0x20 || line[index] == 0x09 { index += 1 }
        while end > index, line[end - 1] == 0x20 { end -= 1 }
        return (level, index..<max(index, end))
    }

    /// The level of the heading that a line under a paragraph makes of it.
    static func underline(_ line: [UInt8], at start: Int) -> Int? {
        guard start < line.count, line[start] == UInt8(ascii: "=") || line[start] == UInt8(ascii: "-") else {
            return nil
        }
        let mark = line[start]
        var index = start
        while index < line.count, line[index] == mark { index += 1 }
        return isBlank(line, from: index) ? (mark == UInt8(ascii: "=") ? 1 : 2) : nil
    }

    static func isRule(_ line: [UInt8], at start: Int) -> Bool {
        guard start < line.count, [UInt8(ascii: "-"), UInt8(ascii: "*"), UInt8(ascii: "_")].contains(line[start])
        else { return false }
        var count = 0
        for byte in line[start...] {
            if byte == line[start] { count += 1 } else if byte != 0x20 && byte != 0x09 { return false }
        }
        return count >= 3
    }

    static func fence(_ line: [UInt8], at start: Int) -> Fence? {
        guard start < line.count, line[start] == UInt8(ascii: "`") || line[start] == UInt8(ascii: "~") else {
            return nil
        }
        let mark = line[start]
        var index = start
        while index < line.count, line[index] == mark { index += 1 }
        let info = line[index...]
        guard index - start >= 3, mark != UInt8(ascii: "`") || !info.contains(mark) else { return nil }
        let words = String(decoding: info, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        let label = words.first.map { String($0.prefix(40)) } ?? ""
        return Fence(mark: mark, length: index - start, indent: 0, label: label)
    }

    static func closes(_ fence: Fence, _ line: [UInt8], from start: Int) -> Bool {
        let indent = indent(line, at: start)
        var index = start + indent
        while index < line.count, line[index] == fence.mark { index += 1 }
        return indent < 4 && index - start - indent >= fence.length && isBlank(line, from: index)
    }

    // MARK: - Items and tables

    static func itemMark(_ line: [UInt8], at start: Int) -> ItemMark? {
        guard start < line.count else { return nil }
        var index = start
        var number: Int?
        if [UInt8(ascii: "-"), UInt8(ascii: "*"), UInt8(ascii: "+")].contains(line[index]) {
            index += 1
        } else {
            var value = 0
            while index < line.count, (0x30...0x39).contains(line[index]), index - start < 9 {
                value = value * 10 + Int(line[index] - 0x30)
                index += 1
            }
            guard index > start, index < line.count,
                line[index] == UInt8(ascii: ".") || line[index] == UInt8(ascii: ")")
            else { return nil }
            number = value
            index += 1
        }
        let mark = index - start
        if isBlank(line, from: index) { return ItemMark(number: number, width: mark + 1, isEmpty: true) }
        guard line[index] == 0x20 || line[index] == 0x09 else { return nil }
        let blanks = line[index] == 0x09 ? 1 : indent(line, at: index)
        return ItemMark(number: number, width: mark + (blanks > 4 ? 1 : blanks), isEmpty: false)
    }

    /// Whether an item's text begins with a box, and whether the box is ticked.
    static func taskBox(_ line: [UInt8], at start: Int) -> Bool? {
        guard start + 3 < line.count, line[start] == UInt8(ascii: "["), line[start + 2] == UInt8(ascii: "]"),
            line[start + 3] == 0x20
        else { return nil }
        switch line[start + 1] {
        case 0x20: return false
        case UInt8(ascii: "x"), UInt8(ascii: "X"): return true
        default: return nil
        }
    }

    /// The name of a footnote at a place, and where its mark ends: `[^name]`.
    static func footnote(_ line: [UInt8], at start: Int) -> (label: String, end: Int)? {
        guard start + 3 < line.count, line[start] == UInt8(ascii: "["), line[start + 1] == UInt8(ascii: "^") else {
            return nil
        }
        var end = start + 2
        while end < line.count, end - start < 24, line[end] != UInt8(ascii: "]") {
            let byte = line[end] | 0x20
            guard (0x30...0x39).contains(line[end]) || (0x61...0x7A).contains(byte) || line[end] == UInt8(ascii: "-")
            else { return nil }
            end += 1
        }
        guard end < line.count, end > start + 2, line[end] == UInt8(ascii: "]") else { return nil }
        return (String(decoding: line[(start + 2)..<end], as: UTF8.self), end + 1)
    }

    /// The name of the footnote whose text begins on a line, and where that is.
    static func footnoteText(_ line: [UInt8], at start: Int) -> (label: String, start: Int)? {
        guard let mark = footnote(line, at: start), mark.end < line.count, line[mark.end] == UInt8(ascii: ":") else {
            return nil
        }
        return (mark.label, mark.end + 1 + indent(line, at: mark.end + 1))
    }

    /// Whether a line begins a formula that has lines of its own, what follows on it, and how it ends.
    static func formula(_ line: [UInt8], at start: Int) -> (text: String, closing: String)? {
        let text = String(decoding: line[start...], as: UTF8.self)
        for (opening, closing) in [("$$", "$$"), ("\\[", "\\]")] where text.hasPrefix(opening) {
            return (String(text.dropFirst(opening.count)), closing)
        }
        return nil
    }

    /// Whether a line is the row of dashes under a table's header.
    static func isDelimiterRow(_ text: some StringProtocol) -> Bool {
        var hasDash = false
        var hasPipe = false
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "-"): hasDash = true
            case UInt8(ascii: "|"): hasPipe = true
            case UInt8(ascii: ":"), 0x20, 0x09: continue
            default: return false
            }
        }
        return hasDash && hasPipe
    }
}
