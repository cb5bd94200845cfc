import Cells

/// The rows of a list in an overlay: as many around the chosen one as there is room for.
struct ListRows: Equatable {
    private let area: Rect
    private let height: Int
    /// The entries that are shown.
    private let entries: Range<Int>

    /// Arranges a list of so many entries, each so many rows high.
    init(in area: Rect, count: Int, selected: Int, height: Int = 1) {
        self.area = area
        self.height = height
        // Where there is no room for a whole one, the beginning of the chosen one is shown.
        let room = min(area.rows, max(1, area.rows / height))
        let first = min(max(0, selected - room / 2), max(0, count - room))
        entries = first..<min(count, first + room)
    }

    /// The entries that are shown, and where.
    var shown: [(index: Int, place: Rect)] { entries.map { ($0, place(of: $0)) } }

    /// The entry at a place of the screen; nil where there is none.
    func entry(at point: Point) -> Int? {
        guard area.contains(point) else { return nil }
        let entry = entries.lowerBound + (point.row - area.row) / height
        return entries.contains(entry) ? entry : nil
    }

    private func place(of entry: Int) -> Rect {
        Rect(
            column: area.column, row: area.row + (entry - entries.lowerBound) * height, columns: area.columns,
            rows: height
        )
        .intersection(area)
    }
}

/// What is where in an overlay that was drawn.
struct OverlayPlaces: Equatable {
    /// Where the next letter goes; nil where none is awaited.
    var cursor: Point?
    /// What can be clicked on.
    var rows: ListRows?
}
