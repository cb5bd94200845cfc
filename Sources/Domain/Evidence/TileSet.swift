/// A set of tiles of a signature's grid.
public struct TileSet: Sendable, Equatable {
    /// One word a row of tiles, one bit a column.
    private(set) var rows: [UInt64]

    init(rowCount: Int) { rows = Array(repeating: 0, count: rowCount) }

    init(columnCount: Int, rowCount: Int) {
        rows = Array(repeating: columnCount >= 64 ? .max : (1 << UInt64(columnCount)) - 1, count: rowCount)
    }

    /// How many tiles are in the set.
    public var count: Int { rows.reduce(0) { $0 + $1.nonzeroBitCount } }

    /// Whether no tile is in the set.
    public var isEmpty: Bool { rows.allSatisfy { $0 == 0 } }

    /// Whether a tile is in the set.
    public func contains(column: Int, row: Int) -> Bool { rows[row] & (1 << UInt64(column)) != 0 }

    mutating func insert(column: Int, row: Int) { rows[row] |= 1 << UInt64(column) }

    mutating func remove(column: Int, row: Int) { rows[row] &= ~(1 << UInt64(column)) }

    mutating func formUnion(_ other: TileSet) {
        for row in rows.indices where row < other.rows.count { rows[row] |= other.rows[row] }
    }

    func subtracting(_ other: TileSet) -> TileSet {
        var result = self
        for row in rows.indices where row < other.rows.count { result.rows[row] &= ~other.rows[row] }
        return result
    }
}
