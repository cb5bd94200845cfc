import Cells
import Conversation
import Session

/// The lines that are being written, and where the cursor is in them.
struct ComposerView {
    private let shown: ComposerText
    private let layout: TextLayout
    private let lines: [StyledLine]
    private let cursor: Point
    private let goal: Int?
    private let isEmpty: Bool
    private let theme: Theme

    private static let prompt = "› "

    /// Lays out what is being written, near the cursor.
    init(_ composer: Composer, size: Size, theme: Theme) {
        self.theme = theme
        let width = size.columns
        isEmpty = composer.isEmpty
        goal = composer.goal
        shown = ComposerText(composer, window: width * (ScreenRegions.composerLimit(size) + 1), theme: theme)
        // One column stays free, so that the cursor has a place behind a full line.
        layout = TextLayout(
            width: max(2, width - 1), firstPrefix: StyledText(Self.prompt, style: theme.prompt), nextPrefix: "  ",
            breaking: .anywhere)
        lines = layout.lines(of: shown.styled)
        cursor = layout.place(of: shown.cursor, in: shown.plain, lines: lines)
    }

    /// The rows that it would like.
    var height: Int { lines.count }

    /// The column in which what is written begins.
    static var indent: Int { prompt.count }

    /// Draws it, scrolled so that the cursor is inside, and returns the cursor's place.
    func draw(on grid: inout Grid, in area: Rect) -> Point? {
        guard area.rows > 0 else { return nil }
        let top = top(in: area)
        for (offset, line) in lines.dropFirst(top).prefix(area.rows).enumerated() {
            grid.put(line, at: Point(column: area.column, row: area.row + offset), clip: area)
        }
        if isEmpty {
            let words = "Write a question …".shortened(to: area.columns - 3)
            grid.put(words, at: Point(column: area.column + 2, row: area.row), style: theme.dim, clip: area)
        }
        return Point(
            column: min(area.column + cursor.column, area.column + area.columns - 1),
            row: area.row + min(cursor.row - top, area.rows - 1))
    }

    private func top(in area: Rect) -> Int {
        min(max(0, cursor.row - area.rows + 1), max(0, lines.count - area.rows))
    }

    // MARK: - Places

    /// Where the cursor is a row further up (negative) or down, and the column that it keeps to; nil past the edges.
    func place(movedBy rows: Int) -> (offset: Int, goal: Int)? {
        let row = cursor.row + rows
        guard lines.indices.contains(row), !(row == 0 && shown.isCut) else { return nil }
        let column = goal ?? cursor.column
        let offset = layout.offset(at: Point(column: column, row: row), in: shown.plain, lines: lines)
        return (shown.source(of: offset), column)
    }

    /// What is under a place on the screen, in UTF-8 bytes of what is written, and whether a chip is there.
    func place(at point: Point, in area: Rect) -> (offset: Int, chip: Bool) {
        let place = Point(column: point.column - area.column, row: point.row - area.row + top(in: area))
        let offset = layout.offset(at: place, in: shown.plain, lines: lines)
        let isInText = lines.indices.contains(place.row) && place.column < lines[place.row].columns
        if isInText, let chip = shown.chip(at: offset) { return (chip, true) }
        return (shown.source(of: offset), false)
    }

    /// The word at an offset; the chip, where one is there.
    func word(at offset: Int) -> Range<Int> { shown.word(at: offset) }

    /// The line of the text at an offset.
    func line(at offset: Int) -> Range<Int> { shown.line(at: offset) }
}
