/// A cell's place, counted from the top left corner, which is `(0, 0)`.
public struct Point: Hashable, Sendable {
    /// Columns to the right of the left edge; may be negative or past the edge where a clip allows it.
    public var column: Int
    /// Rows below the top edge.
    public var row: Int

    /// Makes a point.
    public init(column: Int, row: Int) {
        self.column = column
        self.row = row
    }
}
