import Cells

/// A table that grows row by row.
///
/// Rows that are laid out stay so, as long as a new row does not make a column wider.
struct MarkdownTable {
    /// The lines so far, without the border below.
    private(set) var lines: [TranscriptLine] = []
    /// Whether `lines` are on the screen already, so that closing adds only the border.
    var isShown = false

    private let header: String
    private let delimiter: String
    private let width: Int
    private let parser: InlineParser
    private let base: Style
    private let gap: TranscriptLine?
    private let firstPrefix: StyledText
    private let nextPrefix: StyledText
    private let columnCount: Int
    private let alignments: [UInt8]
    private let line: Int
    private var rows: [(cells: [StyledText], line: Int)]
    private var natural: [Int]
    private var widths: [Int]

    /// Makes a table of its first two lines; nil when they make none.
    init?(
        header: String, delimiter: String, width: Int, parser: InlineParser, base: Style, gap: TranscriptLine?,
        prefixes: (first: StyledText, next: StyledText), line: Int
    ) {
        guard let cells = parser.cells(of: "", header: header, delimiter: delimiter, base: base.adding(.bold)),
            (1...64).contains(cells.count)
        else { return nil }
        self.header = header
        self.delimiter = delimiter
        self.width = max(2, width - prefixes.next.columns)
        self.parser = parser
        self.base = base
        self.gap = gap?.from(line, -2)
        (firstPrefix, nextPrefix) = prefixes
        columnCount = cells.count
        let alignments = parser.alignments(header: header, delimiter: delimiter)
        self.alignments = alignments.count == cells.count ? alignments : Array(repeating: 0, count: cells.count)
        self.line = line
        rows = [(cells, line)]
        natural = cells.map(Self.naturalWidth)
        widths = []
        layOut()
    }

    /// Adds a row.
    ///
    /// - Parameter line: The line of the source.
    mutating func append(_ row: String, line: Int) {
        let cells = cells(of: row)
        rows.append((cells, line))
        for (column, cell) in cells.enumerated() { natural[column] = max(natural[column], Self.naturalWidth(cell)) }
        if fittingWidths() == widths { lines += layOut(row: cells, line) } else { layOut() }
    }

    /// The lines of a row that may still grow, in columns as wide as they are.
    func preview(_ row: String, line: Int) -> [TranscriptLine] { layOut(row: cells(of: row), line) }

    /// The border below, where the table has borders.
    var bottom: [TranscriptLine] {
        isRecord ? [] : [border("└", "┴", "┘", nextPrefix).from(max(line + 1, rows.last?.line ?? 0), 1 << 20)]
    }

    // MARK: - Layout

    /// Too narrow for columns: every row becomes a few lines of "header: value".
    private var isRecord: Bool { width < columnCount * 7 + 1 }

    private mutating func layOut() {
        widths = fittingWidths()
        lines = gap.map { [$0] } ?? []
        if isRecord {
            lines += rows.dropFirst().flatMap { layOut(row: $0.cells, $0.line) }
            return
        }
        lines.append(border("┌", "┬", "┐", firstPrefix).from(line, -1))
        lines += layOut(row: rows[0].cells, line)
        lines.append(border("├", "┼", "┤", nextPrefix).from(line + 1, 0))
        for row in rows.dropFirst() { lines += layOut(row: row.cells, row.line) }
    }

    private func layOut(row: [StyledText], _ line: Int) -> [TranscriptLine] {
        let lines = isRecord ? layOutRecord(row) : layOutColumns(row)
        return lines.enumerated().map { $1.from(line, $0) }
    }

    private func layOutColumns(_ row: [StyledText]) -> [TranscriptLine] {
        let cells = zip(row, widths).map { TextLayout(width: $1).lines(of: $0) }
        let height = cells.map(\.count).max() ?? 1
        let bar = parser.styles.line
        return (0..<height).map { index in
            var text = nextPrefix
            text.append("│", style: bar)
            for (column, cell) in cells.enumerated() {
                let line = index < cell.count ? cell[index] : StyledLine()
                let free = max(0, widths[column] - line.columns)
                let left = alignments[column] == UInt8(ascii: "r") ? free : isCentered(column) ? free / 2 : 0
                text.append(String(repeating: " ", count: left + 1))
                for run in line.runs { text.append(run.text, style: run.style) }
                text.append(String(repeating: " ", count: free - left + 1))
                text.append("│", style: bar)
            }
            return TranscriptLine(text)
        }
    }

    private func isCentered(_ column: Int) -> Bool { alignments[column] == UInt8(ascii: "c") }

    private func layOutRecord(_ row: [StyledText]) -> [TranscriptLine] {
        zip(rows[0].cells, row).enumerated().flatMap { column, pair in
            var text = pair.0
            text.append(": ", style: base)
            text.append(pair.1)
            let mark = StyledText(column == 0 ? "▪ " : "  ", style: parser.styles.line)
            let lines = TextLayout(width: width, firstPrefix: mark, nextPrefix: "    ").lines(of: text)
            return lines.map { TranscriptLine(nextPrefix, $0) }
        }
    }

    private func border(_ left: String, _ middle: String, _ right: String, _ prefix: StyledText) -> TranscriptLine {
        var text = prefix
        let strokes = widths.map { String(repeating: "─", count: $0 + 2) }
        text.append(left + strokes.joined(separator: middle) + right, style: parser.styles.line)
        return TranscriptLine(text)
    }

    /// Every column gets what it needs as far as there is room; the widest ones share what is left.
    private func fittingWidths() -> [Int] {
        var room = max(columnCount, width - 3 * columnCount - 1)
        guard natural.reduce(0, +) > room else { return natural }
        var widths = natural
        var columnsLeft = columnCount
        for column in natural.indices.sorted(by: { natural[$0] < natural[$1] }) {
            widths[column] = max(1, min(natural[column], room / columnsLeft))
            room -= widths[column]
            columnsLeft -= 1
        }
        return widths
    }

    private func cells(of row: String) -> [StyledText] {
        let cells = parser.cells(of: row, header: header, delimiter: delimiter, base: base) ?? [StyledText(row)]
        let missing = max(0, columnCount - cells.count)
        return Array(cells.prefix(columnCount)) + Array(repeating: StyledText(), count: missing)
    }

    // No column asks for more than a wide screen has.
    private static func naturalWidth(_ cell: StyledText) -> Int { min(max(2, cell.columns), 1_000) }
}
