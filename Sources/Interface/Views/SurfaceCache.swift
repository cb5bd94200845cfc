import Cells

/// Puts a theme's surface below screens; rows that are those of the last screen are not gone through again.
struct SurfaceCache {
    private var surface = Style()
    private var rows: [(before: [Cell], after: [Cell])] = []

    /// Puts a surface below everything; the empty style is none.
    mutating func underlay(_ surface: Style, _ grid: inout Grid) {
        guard surface != Style() else { return rows.removeAll() }
        if surface != self.surface || rows.count != grid.size.rows {
            rows = Array(repeating: ([], []), count: grid.size.rows)
            self.surface = surface
        }
        for row in 0..<grid.size.rows {
            let before = grid.row(row)
            if let known = known(before, near: row) {
                grid.setRow(row, to: known)
                next.append((before, known))
            } else {
                grid.underlay(surface, row: row)
                next.append((before, grid.row(row)))
            }
        }
        swap(&rows, &next)
        next.removeAll(keepingCapacity: true)
    }

    private var next: [(before: [Cell], after: [Cell])] = []

    /// Rows scroll, mostly by one.
    private func known(_ before: [Cell], near row: Int) -> [Cell]? {
        guard !before.isEmpty else { return nil }
        for place in [row, row + 1, row - 1] where rows.indices.contains(place) {
            if rows[place].before.sharesStorage(with: before) { return rows[place].after }
        }
        return nil
    }
}
