import Cells

/// The rows of the transcript as they were drawn last, so that only those are drawn that show something else now.
///
/// A stream changes one line or two; when it scrolls, the rows are the same ones, elsewhere.
struct RowCache {
    /// The column before the words: none while nobody reads, and the bar of the message that is chosen.
    enum Bar: Equatable {
        case none
        case blank
        case shown(Style)
    }

    /// Everything that a row is drawn of.
    struct Content: Equatable {
        var line: TranscriptLine
        var bar: Bar
        var width: Int

        /// Where the line is drawn.
        func words(in area: Rect) -> Rect { bar == .none ? area : area.splitLeft(1).rest }

        func draw(on grid: inout Grid, row: Int, in area: Rect) {
            line.draw(on: &grid, row: row, in: words(in: area))
            guard case .shown(let style) = bar else { return }
            grid.put("▎", at: Point(column: area.column, row: row), style: style, clip: area.splitLeft(1).left)
        }
    }

    private struct Row {
        var content: Content
        var cells: [Cell]
    }

    private var rows: [Row] = []
    /// How much further down in the last frame the rows were, as far as that is known.
    private var shift = 0
    private var next: [Row] = []

    /// Prepares for a frame of so many rows.
    mutating func begin(rows count: Int) {
        swap(&rows, &next)
        next.removeAll(keepingCapacity: true)
        next.reserveCapacity(count)
        shift = 0
    }

    /// Draws the next row of an area that is as wide as the grid, unless it was drawn before.
    mutating func draw(_ content: Content, row: Int, on grid: inout Grid, in area: Rect) {
        if let known = known(content, at: next.count) {
            grid.setRow(row, to: known.cells)
            next.append(known)
        } else {
            content.draw(on: &grid, row: row, in: area)
            next.append(Row(content: content, cells: grid.row(row)))
        }
    }

    private mutating func known(_ content: Content, at place: Int) -> Row? {
        if let row = row(place + shift), row.content == content { return row }
        // Scrolled a little further than the rows above said.
        for step in 1...3 {
            for shift in [shift + step, shift - step] {
                if let row = row(place + shift), row.content == content {
                    self.shift = shift
                    return row
                }
            }
        }
        return nil
    }

    private func row(_ place: Int) -> Row? { rows.indices.contains(place) ? rows[place] : nil }
}
