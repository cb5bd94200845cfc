import Cells

/// A box over the transcript with a title, a line about its keys, and room for lines.
struct OverlayFrame {
    /// Where the lines go.
    let inside: Rect

    /// No frame is wider.
    static let widest = 84

    /// Draws the frame, no larger than needed, into an area.
    init(title: String, hint: String, lines: Int, theme: Theme, on grid: inout Grid, in area: Rect) {
        let columns = min(area.columns, Self.widest)
        let rows = min(area.rows, lines + 2)
        let box = Rect(
            column: area.column + (area.columns - columns) / 2, row: area.row + (area.rows - rows) / 2,
            columns: columns, rows: rows)
        inside = box.inset(columns: 2, rows: 1)
        grid.fill(box)
        guard columns >= 4, rows >= 2 else { return }
        let stroke = String(repeating: "─", count: columns - 2)
        grid.put("╭\(stroke)╮", at: box.origin, style: theme.frame)
        for row in 1..<max(1, rows - 1) {
            grid.put("│", at: Point(column: box.column, row: box.row + row), style: theme.frame)
            grid.put("│", at: Point(column: box.column + columns - 1, row: box.row + row), style: theme.frame)
        }
        let bottom = box.row + rows - 1
        grid.put("╰\(stroke)╯", at: Point(column: box.column, row: bottom), style: theme.frame)
        let name = " \(title) ".shortened(to: columns - 4)
        grid.put(name, at: Point(column: box.column + 2, row: box.row), style: theme.title)
        let keys = " \(hint) ".shortened(to: columns - 4)
        grid.put(keys, at: Point(column: box.column + 2, row: bottom), style: theme.dim)
    }
}
