/// A rectangle of cells to draw on.
///
///     var grid = Grid(size: size)
///     grid.fill(header, style: theme.bar)
///     grid.put("ready", at: Point(column: 1, row: 0), style: theme.bar, clip: header)
///
/// A grid keeps wide glyphs whole: what overwrites one half blanks the other, and a glyph that a clip would cut in two
/// is drawn blank. Drawing outside the grid or the clip does nothing.
///
/// Each row has storage of its own, which copies share until they draw on it: a frame costs the rows that differ from the
/// last one, and rows that are still shared are known to be the same without being compared.
public struct Grid: Hashable, Sendable {
    /// The width and height.
    public let size: Size
    private var rows: [[Cell]]

    /// Makes a grid of blanks.
    public init(size: Size, style: Style = Style()) {
        self.size = size
        rows = Array(repeating: Array(repeating: .blank(style), count: size.columns), count: size.rows)
    }

    /// All cells, row after row.
    public var cells: [Cell] { rows.flatMap(\.self) }

    /// The whole grid.
    public var bounds: Rect { Rect(size) }

    /// The cell at a place, which must be inside.
    public subscript(point: Point) -> Cell { rows[point.row][point.column] }

    /// The cells of a row, which must be inside.
    public func row(_ row: Int) -> [Cell] { rows[row] }

    /// Puts cells that a grid of the same width had in a row, and shares their storage.
    public mutating func setRow(_ row: Int, to cells: [Cell]) {
        precondition(cells.count == size.columns, "a row of another width")
        rows[row] = cells
    }

    /// Whether a row is known to be the same as another grid's, without a look at its cells.
    public func sharesRow(_ row: Int, with other: Grid) -> Bool { rows[row].sharesStorage(with: other.rows[row]) }

    /// What can be read in a row, with its trailing blanks.
    public func text(row: Int) -> String {
        var text = ""
        for cell in self.row(row) where !cell.isContinuation { text += cell.glyph.text }
        return text
    }

    // MARK: - Drawing

    /// Draws text in one style on one line and returns the columns it took; tabs and line breaks become one blank.
    ///
    /// Drawing stops at the clip's right edge; what lies to the left of the clip is counted, but not drawn.
    @discardableResult
    public mutating func put(_ text: String, at point: Point, style: Style = Style(), clip: Rect? = nil) -> Int {
        let clip = clip.map(bounds.intersection) ?? bounds
        guard clip.rowRange.contains(point.row) else { return 0 }
        let end = clip.column + clip.columns
        if let used = putASCII(text, at: point, style: style, columns: clip.columnRange) { return used }
        var column = point.column
        var glyphs = Glyphs(text)
        while column < end, let glyph = glyphs.next() {
            let width = glyph.isBlank ? 1 : glyph.columns
            guard width > 0 else { continue }
            if column >= clip.column, column + width <= end {
                let grapheme = glyph.isBlank ? .blank : glyph.grapheme
                rows[point.row].write(Cell(grapheme, style: style, width: UInt8(width)), at: column)
            } else {
                // The half of a wide glyph that the clip leaves over is drawn blank.
                for half in column..<column + width where clip.columnRange.contains(half) {
                    rows[point.row].write(.blank(style), at: half)
                }
            }
            column += width
        }
        return column - point.column
    }

    /// Draws styled text on one line and returns the columns it took, as `put(_:at:style:clip:)`.
    @discardableResult
    public mutating func put(_ text: StyledText, at point: Point, clip: Rect? = nil) -> Int {
        put(text.runs, at: point, clip: clip)
    }

    /// Draws a laid-out line and returns the columns it took, as `put(_:at:style:clip:)`.
    @discardableResult
    public mutating func put(_ line: StyledLine, at point: Point, clip: Rect? = nil) -> Int {
        put(line.runs, at: point, clip: clip)
    }

    /// Fills a rectangle with a glyph, which must be one column wide; others become blanks.
    public mutating func fill(_ rect: Rect, with character: Character = " ", style: Style = Style()) {
        let drawable = DisplayWidth.columns(of: character) == 1 && !character.isWhitespace
        set(rect, to: drawable ? Cell(Grapheme(character.unicodeScalars), style: style, width: 1) : .blank(style))
    }

    private mutating func set(_ rect: Rect, to cell: Cell) {
        let rect = bounds.intersection(rect)
        guard !rect.isEmpty else { return }
        for row in rect.rowRange {
            rows[row].separate(at: rect.column)
            rows[row].separate(at: rect.column + rect.columns)
            rows[row].withUnsafeMutableBufferPointer { $0[rect.columnRange].update(repeating: cell) }
        }
    }

    /// Leaves a rectangle to a picture.
    public mutating func reserve(_ rect: Rect) { set(rect, to: .picture) }

    /// Gives cells that a picture left over (or all, where nothing can draw it) back as blanks.
    public mutating func clearReserved(_ rect: Rect) {
        let rect = bounds.intersection(rect)
        for row in rect.rowRange {
            for column in rect.columnRange where rows[row][column].isPicture { rows[row][column] = .blank }
        }
    }

    /// Draws a piece of a picture into a cell that is left to it; other cells stay.
    ///
    /// - Parameter scalars: One scalar of one column, and what combines with it.
    public mutating func putPicture(_ scalars: [Unicode.Scalar], style: Style, at point: Point) {
        guard bounds.contains(point), self[point].isPicture else { return }
        rows[point.row][point.column] = Cell(Grapheme(scalars), style: style, width: 1)
    }

    /// Changes the style of all cells of a rectangle and leaves their glyphs; wide ones on its edge change whole.
    public mutating func restyle(_ rect: Rect, _ change: (inout Style) -> Void) {
        let rect = bounds.intersection(rect)
        for row in rect.rowRange where rect.columns > 0 {
            var columns = rect.columnRange
            if rows[row][columns.lowerBound].isContinuation {
                columns = columns.lowerBound - 1..<columns.upperBound
            }
            if columns.upperBound < size.columns, rows[row][columns.upperBound].isContinuation {
                columns = columns.lowerBound..<columns.upperBound + 1
            }
            for column in columns { change(&rows[row][column].style) }
        }
    }

    /// Whether any cell of a row leads anywhere.
    public func hasLinks(inRow row: Int) -> Bool {
        rows[row].withUnsafeBufferPointer { cells in cells.contains { $0.style.link != nil } }
    }

    /// Puts a surface below a row: cells take its colours where they have none.
    public mutating func underlay(_ surface: Style, row: Int) {
        let (foreground, background) = (surface.foreground, surface.background)
        rows[row].withUnsafeMutableBufferPointer { cells in
            for index in cells.indices {
                if cells[index].style.foreground == .standard { cells[index].style.foreground = foreground }
                if cells[index].style.background == .standard { cells[index].style.background = background }
            }
        }
    }

    /// Copies rows of a grid as wide as this one to a row and the ones after it; rows that have no place are left out.
    public mutating func copyRows(_ rows: Range<Int>, of other: Grid, to row: Int) {
        precondition(other.size.columns == size.columns, "rows copied between grids of different widths")
        for (offset, source) in rows.enumerated() {
            let target = row + offset
            guard target >= 0, target < size.rows, source >= 0, source < other.size.rows else { continue }
            self.rows[target] = other.rows[source]
        }
    }

    /// The same cells in another size: cut, or with blanks to the right and below.
    public func resized(to newSize: Size) -> Grid {
        var grid = Grid(size: newSize)
        let columns = min(size.columns, newSize.columns)
        for row in 0..<min(size.rows, newSize.rows) where columns > 0 {
            grid.replace(row: row, column: 0, with: rows[row].prefix(columns))
            let last = grid.rows[row][columns - 1]
            if last.width == 2 { grid.rows[row][columns - 1] = .blank(last.style) }
        }
        return grid
    }

    // MARK: - Cells

    private mutating func put(_ runs: [StyledRun], at point: Point, clip: Rect?) -> Int {
        var column = point.column
        for run in runs {
            column += put(run.text, at: Point(column: column, row: point.row), style: run.style, clip: clip)
        }
        return column - point.column
    }

    // Most text by far; `nil` when there is anything but printable ASCII.
    private mutating func putASCII(_ text: String, at point: Point, style: Style, columns: Range<Int>) -> Int? {
        let used: Int?? = text.utf8.withContiguousStorageIfAvailable { bytes -> Int? in
            guard bytes.allSatisfy({ $0 &- 0x20 < 0x5F }) else { return nil }
            let first = max(point.column, columns.lowerBound)
            let last = min(point.column + bytes.count, columns.upperBound)
            if first < last {
                rows[point.row].separate(at: first)
                rows[point.row].separate(at: last)
                rows[point.row].withUnsafeMutableBufferPointer { cells in
                    for column in first..<last {
                        let grapheme = Grapheme(ascii: bytes[column - point.column])
                        cells[column] = Cell(grapheme, style: style, width: 1)
                    }
                }
            }
            return max(0, min(point.column + bytes.count, columns.upperBound) - point.column)
        }
        return used ?? nil
    }

    /// Puts cells that another grid of the same size had at the same place; used to apply a difference.
    mutating func replace(row: Int, column: Int, with newCells: ArraySlice<Cell>) {
        rows[row].replaceSubrange(column..<column + newCells.count, with: newCells)
    }
}

extension [Cell] {
    /// Whether it is a copy of the other on which nothing was drawn since.
    public func sharesStorage(with other: [Cell]) -> Bool {
        withUnsafeBufferPointer { own in
            other.withUnsafeBufferPointer { own.baseAddress == $0.baseAddress && own.count == $0.count }
        }
    }

    fileprivate mutating func write(_ cell: Cell, at column: Int) {
        separate(at: column)
        separate(at: column + Int(cell.width))
        self[column] = cell
        if cell.width == 2 { self[column + 1] = .continuation(cell.style) }
    }

    // Blanks both halves of a wide glyph that lies across a column's left edge.
    fileprivate mutating func separate(at column: Int) {
        guard column > 0, column < count, self[column].isContinuation else { return }
        self[column] = .blank(self[column].style)
        self[column - 1] = .blank(self[column - 1].style)
    }
}
