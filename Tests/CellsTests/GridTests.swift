import Testing

@testable import Cells

@Suite struct GridTests {
    @Test("draws text and counts its columns")
    func draws() {
        var grid = Grid(size: Size(columns: 10, rows: 2))

        let used = grid.put("añ中🇫🇷", at: Point(column: 1, row: 1))

        #expect(used == 6)
        #expect(grid.text(row: 1) == " añ中🇫🇷   ")
        #expect(grid.text(row: 0) == "          ")
    }
}
