/// A rectangle of cells.
public struct Rect: Hashable, Sendable {
    /// The leftmost column.
    public var column: Int
    /// The topmost row.
    public var row: Int
    /// The width, never negative.
    public var columns: Int
    /// The height, never negative.
    public var rows: Int

    /// Makes a rectangle; a negative width or height becomes zero.
    public init(column: Int, row: Int, columns: Int, rows: Int) {
        self.column = column
        self.row = row
        self.columns = max(0, columns)
        self.rows = max(0, rows)
    }

    /// Makes the rectangle that covers a size, from the top left corner.
    public init(_ size: Size) {
        self.init(column: 0, row: 0, columns: size.columns, rows: size.rows)
    }

    /// The top left corner.
    public var origin: Point { Point(column: column, row: row) }

    /// The width and height.
    public var size: Size { Size(columns: columns, rows: rows) }

    /// Whether there is no cell in it.
    public var isEmpty: Bool { columns == 0 || rows == 0 }

    /// The columns that it covers.
    public var columnRange: Range<Int> { column..<column + columns }

    /// The rows that it covers.
    public var rowRange: Range<Int> { row..<row + rows }

    /// Whether a point lies inside.
    public func contains(_ point: Point) -> Bool {
        columnRange.contains(point.column) && rowRange.contains(point.row)
    }

    /// The part that both rectangles cover; empty when they do not meet.
    public func intersection(_ other: Rect) -> Rect {
        let left = max(column, other.column)
        let top = max(row, other.row)
        return Rect(
            column: left, row: top,
            columns: min(column + columns, other.column + other.columns) - left,
            rows: min(row + rows, other.row + other.rows) - top)
    }

    /// The rectangle without a margin on each side.
    public func inset(columns horizontal: Int = 0, rows vertical: Int = 0) -> Rect {
        Rect(
            column: column + horizontal, row: row + vertical,
            columns: columns - 2 * horizontal, rows: rows - 2 * vertical)
    }

    /// Cuts rows off the top: the cut part and what stays.
    public func splitTop(_ count: Int) -> (top: Rect, rest: Rect) {
        let cut = min(max(0, count), rows)
        return (
            Rect(column: column, row: row, columns: columns, rows: cut),
            Rect(column: column, row: row + cut, columns: columns, rows: rows - cut)
        )
    }

    /// Cuts rows off the bottom: what stays and the cut part.
    public func splitBottom(_ count: Int) -> (rest: Rect, bottom: Rect) {
        let cut = min(max(0, count), rows)
        let (rest, bottom) = splitTop(rows - cut)
        return (rest, bottom)
    }

    /// Cuts columns off the left: the cut part and what stays.
    public func splitLeft(_ count: Int) -> (left: Rect, rest: Rect) {
        let cut = min(max(0, count), columns)
        return (
            Rect(column: column, row: row, columns: cut, rows: rows),
            Rect(column: column + cut, row: row, columns: columns - cut, rows: rows)
        )
    }
}
