import Cells
import Session

/// What could be meant by what is being typed, in a few rows above it.
struct CompletionView {
    private let completion: Completion
    private let context: ViewContext

    private static let mostRows = 8

    init(_ completion: Completion, context: ViewContext) {
        self.completion = completion
        self.context = context
    }

    /// Where the rows are above a row of the screen.
    func area(in size: Size, above row: Int) -> Rect {
        let rows = min(completion.candidates.count, Self.mostRows, max(0, row - 1))
        return Rect(column: 0, row: row - rows, columns: size.columns, rows: rows)
    }

    /// The candidate in a row of the screen.
    func candidate(at point: Point, in size: Size, above row: Int) -> Int? {
        let area = area(in: size, above: row)
        return area.contains(point) ? first(area.rows) + point.row - area.row : nil
    }

    /// Draws the rows around the chosen one.
    func draw(on grid: inout Grid, above row: Int) {
        let area = area(in: grid.size, above: row)
        guard area.rows > 0 else { return }
        let theme = context.theme
        let sign = completion.kind == .command ? "/" : ""
        let labels = completion.candidates.map { SafeText.singleLine(sign + $0.text) }
        let widest = labels.map { DisplayWidth.columns(of: $0) }.max() ?? 0
        let width = min(widest, max(10, area.columns * 2 / 3))
        for (offset, place) in (first(area.rows)..<completion.candidates.count).prefix(area.rows).enumerated() {
            let line = Rect(column: 0, row: area.row + offset, columns: area.columns, rows: 1)
            let isChosen = place == completion.selected
            let base = isChosen ? theme.selection : theme.text
            grid.fill(line, style: base)
            let mark = isChosen ? "› " : "  "
            grid.put(mark + labels[place].shortened(to: width), at: line.origin, style: base, clip: line)
            let detail = completion.candidates[place].detail
            let room = area.columns - width - 6
            guard room > 8 else { continue }
            grid.put(
                SafeText.singleLine(detail).shortened(to: room), at: Point(column: width + 5, row: line.row),
                style: isChosen ? base : theme.dim, clip: line)
        }
        // How many there are, and what takes one.
        let count = completion.candidates.count
        var hint = count > area.rows ? "\(completion.selected + 1) of \(count) · " : ""
        hint += [context.hint(.read, "takes"), context.hint(.cancel, "closes")].compactMap(\.self).joined(
            separator: " · ")
        let columns = DisplayWidth.columns(of: hint)
        guard area.row > 0, columns + 4 < area.columns else { return }
        let top = Rect(column: 0, row: area.row - 1, columns: area.columns, rows: 1)
        grid.fill(top, with: "─", style: theme.separator)
        grid.put(
            " \(hint) ", at: Point(column: area.columns - columns - 3, row: top.row), style: theme.dim, clip: top)
    }

    private func first(_ rows: Int) -> Int {
        min(max(0, completion.selected - rows / 2), max(0, completion.candidates.count - rows))
    }
}
