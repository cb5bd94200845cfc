/// How many columns and rows a terminal, a grid or a view has.
public struct Size: Hashable, Sendable {
    /// Columns, never negative.
    public var columns: Int
    /// Rows, never negative.
    public var rows: Int

    /// Makes a size; negative numbers become zero.
    public init(columns: Int, rows: Int) {
        self.columns = max(0, columns)
        self.rows = max(0, rows)
    }

    /// The number of cells.
    public var cellCount: Int { columns * rows }
}
