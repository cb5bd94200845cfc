import TestSupport
import Testing

@testable import Cells

@Suite struct GridDiffTests {
    private let size = Size(columns: 30, rows: 5)

    @Test("finds nothing between equal grids")
    func equal() {
        var grid = Grid(size: size)
        grid.put("中 same", at: Point(column: 3, row: 2))

        #expect(GridDiff(from: grid, to: grid).isEmpty)
    }

    @Test("finds the cells that changed and no more")
    func small() {
        var old = Grid(size: size)
        old.put("count 1", at: Point(column: 0, row: 1))
        var new = old
        new.put("2", at: Point(column: 6, row: 1))
        new.put("x", at: Point(column: 20, row: 1))

        let diff = GridDiff(from: old, to: new)

        #expect(diff.runs.map(\.column) == [6, 20])
        #expect(diff.cellCount == 2)
    }

    @Test("takes both halves of a wide glyph")
    func wide() {
        var old = Grid(size: size)
        old.put("a中b", at: Point(column: 0, row: 0))
        var new = old
        new.put("x", at: Point(column: 2, row: 0))

        let diff = GridDiff(from: old, to: new)

        #expect(diff.runs.map(\.column) == [1])
        #expect(diff.runs.first?.cells.count == 2)
    }

    @Test("takes everything for another size")
    func resized() {
        let diff = GridDiff(from: Grid(size: Size(columns: 3, rows: 3)), to: Grid(size: size))

        #expect(diff.cellCount == size.cellCount)
    }

    @Test("knows rows that were not drawn on from those that were")
    func shared() {
        var old = Grid(size: size)
        old.put("first", at: Point(column: 0, row: 1))
        var new = old
        new.put("first", at: Point(column: 0, row: 1))
        new.setRow(3, to: old.row(1))

        #expect(new.sharesRow(0, with: old))
        #expect(!new.sharesRow(1, with: old))
        #expect(new.text(row: 3) == old.text(row: 1))
        #expect(GridDiff(from: old, to: new).runs.map(\.row) == [3])
    }

    @Test("turns the old grid into the new one, whatever both hold")
    func property() {
        var random = SeededRandom(seed: 4)
        var old = Grid(size: size)
        for _ in 0..<400 {
            var new = old
            for _ in 0..<Int.random(in: 0..<6, using: &random) {
                let point = Point(
                    column: Int.random(in: -2..<30, using: &random), row: Int.random(in: 0..<5, using: &random))
                new.put(
                    random.scalars(count: 6), at: point,
                    style: Style(foreground: .palette(UInt8.random(in: 0..<3, using: &random))))
            }

            let diff = GridDiff(from: old, to: new)
            var patched = old
            diff.apply(to: &patched)

            #expect(patched == new)
            for run in diff.runs {
                #expect(run.cells.first?.isContinuation == false)
                #expect(run.cells.last?.width != 2)
            }
            old = new
        }
    }
}
