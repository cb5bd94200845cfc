/// Breaks styled text into lines of a width.
///
///     TextLayout(width: 40, firstPrefix: "• ", nextPrefix: "  ").lines(of: text)
///
/// Lines end at line breaks, between words, between ideographs (not before closing or after opening punctuation), and
/// inside a word only when it is wider than a line. Blanks at a break are not drawn. Time is linear in the text.
public struct TextLayout: Sendable {
    /// Where a line that is too long may be broken.
    public enum Breaking: Sendable {
        /// Between words and ideographs: prose.
        case words
        /// Anywhere, every blank kept: code, and what is typed.
        case anywhere
    }

    /// The columns that a line may take, at least two.
    public let width: Int
    /// Drawn before the first line.
    public let firstPrefix: StyledText
    /// Drawn before the other lines; usually blanks as wide as `firstPrefix`.
    public let nextPrefix: StyledText
    /// Where lines break.
    public let breaking: Breaking
    /// The distance of tab stops.
    public let tabStop: Int

    /// Makes a layout.
    ///
    /// Prefixes that would leave less than two columns for text are left out.
    public init(
        width: Int, firstPrefix: StyledText = StyledText(), nextPrefix: StyledText = StyledText(),
        breaking: Breaking = .words, tabStop: Int = 4
    ) {
        self.width = max(2, width)
        self.firstPrefix = firstPrefix.columns <= self.width - 2 ? firstPrefix : StyledText()
        self.nextPrefix = nextPrefix.columns <= self.width - 2 ? nextPrefix : StyledText()
        self.breaking = breaking
        self.tabStop = max(1, tabStop)
    }

    /// The lines of a text: one at least, and an empty last one after a line break at the end.
    public func lines(of text: StyledText) -> [StyledLine] {
        var breaker = LineBreaker(text, layout: self)
        return breaker.lines()
    }

    /// The lines of a plain text.
    public func lines(of text: String, style: Style = Style()) -> [StyledLine] {
        lines(of: StyledText(text, style: style))
    }

    /// Where a cursor before a UTF-8 offset of a text stands, on lines that this layout made of it.
    ///
    /// At a break inside a line it is at the start of the next one; behind a full last line it is past the width.
    public func place(of offset: Int, in text: String, lines: [StyledLine]) -> Point {
        guard let row = lines.lastIndex(where: { $0.source.lowerBound <= offset }) else {
            return Point(column: lines.first?.indent ?? 0, row: 0)
        }
        var column = 0
        walk(lines[row], of: text) { position, width in
            guard position < offset else { return false }
            column += width
            return true
        }
        return Point(column: lines[row].indent + min(column, width - lines[row].indent), row: row)
    }

    /// The UTF-8 offset nearest to a place on lines that this layout made of a text: where a click puts the cursor.
    public func offset(at point: Point, in text: String, lines: [StyledLine]) -> Int {
        guard let last = lines.indices.last else { return 0 }
        guard point.row >= 0 else { return 0 }
        guard point.row <= last else { return text.utf8.count }
        let line = lines[point.row]
        var column = line.indent
        var found = line.source.lowerBound
        var isFound = false
        walk(line, of: text) { position, width in
            found = position
            isFound = point.column < column + max(width, 1) && width > 0
            column += width
            return !isFound
        }
        guard !isFound else { return found }
        // Past the end: before the line break, or before the glyph that begins the next line's part.
        let isLast = point.row == last
        return isLast && !endsWithBreak(line, of: text) ? line.source.upperBound : max(found, line.source.lowerBound)
    }

    // MARK: - Walking a line's glyphs

    private func walk(_ line: StyledLine, of text: String, _ visit: (_ position: Int, _ width: Int) -> Bool) {
        var position = line.source.lowerBound
        var column = 0
        var glyphs = Glyphs(slice(text, line.source))
        while let glyph = glyphs.next() {
            let byte = glyph.byteCount == 1 ? byte(of: text, at: position) : 0
            let width = byte == 0x09 ? tabStop - column % tabStop : glyph.columns
            guard visit(position, width) else { return }
            column += width
            position += glyph.byteCount
        }
    }

    private func endsWithBreak(_ line: StyledLine, of text: String) -> Bool {
        !line.source.isEmpty && byte(of: text, at: line.source.upperBound - 1) == 0x0A
    }

    private func byte(of text: String, at offset: Int) -> UInt8 {
        text.utf8[text.utf8.index(text.startIndex, offsetBy: offset)]
    }

    private func slice(_ text: String, _ range: Range<Int>) -> String {
        let start = text.utf8.index(text.startIndex, offsetBy: range.lowerBound)
        return String(text[start..<text.utf8.index(start, offsetBy: range.count)])
    }
}
