/// What must be drawn again to turn one grid into another.
public struct GridDiff: Sendable {
    /// Cells next to each other that changed; never half of a wide glyph, in the old grid or the new.
    public struct Run: Hashable, Sendable {
        /// The row.
        public let row: Int
        /// The column of the first cell.
        public let column: Int
        /// The new cells.
        public let cells: ArraySlice<Cell>
    }

    /// The changed runs, from the top left to the bottom right.
    public let runs: [Run]

    /// Compares two grids; without an old one, or with one of another size, everything changed.
    public init(from old: Grid?, to new: Grid) {
        guard let old, old.size == new.size else {
            runs = (0..<new.size.rows).map { Run(row: $0, column: 0, cells: new.row($0)[...]) }
            return
        }
        var runs: [Run] = []
        for row in 0..<new.size.rows where !new.sharesRow(row, with: old) {
            let (oldRow, newRow) = (old.row(row), new.row(row))
            let spans = oldRow.withUnsafeBufferPointer { oldCells in
                newRow.withUnsafeBufferPointer { Self.changes(oldCells, $0) }
            }
            for span in spans {
                let cells = newRow[span]
                runs.append(Run(row: row, column: span.lowerBound, cells: cells))
            }
        }
        self.runs = runs
    }

    /// Whether nothing changed.
    public var isEmpty: Bool { runs.isEmpty }

    /// The number of cells in all runs.
    public var cellCount: Int { runs.reduce(0) { $0 + $1.cells.count } }

    /// Draws the runs on a grid of the new one's size.
    public func apply(to grid: inout Grid) {
        for run in runs { grid.replace(row: run.row, column: run.column, with: run.cells) }
    }

    // MARK: - One row

    // A gap that is shorter than a cursor movement costs less when it is drawn again.
    private static let gap = 4

    private static func changes(_ old: UnsafeBufferPointer<Cell>, _ new: UnsafeBufferPointer<Cell>) -> [Range<Int>] {
        func isContinuation(_ column: Int) -> Bool { old[column].isContinuation || new[column].isContinuation }
        var spans: [Range<Int>] = []
        var column = 0
        while column < new.count {
            guard old[column] != new[column] else {
                column += 1
                continue
            }
            var first = column
            while first > 0, isContinuation(first) { first -= 1 }
            var end = column + 1
            var scan = end
            while scan < new.count, scan - end < gap {
                if old[scan] != new[scan] { end = scan + 1 }
                scan += 1
            }
            while end < new.count, isContinuation(end) { end += 1 }
            spans.append(first..<end)
            column = end
        }
        return spans
    }
}
