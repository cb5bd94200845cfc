import TestSupport
import Testing

@testable import Cells

@Suite struct PictureTests {
    private let cell = PixelSize(width: 10, height: 20)

    private func cut(_ width: Int, _ height: Int, into columns: Int, _ rows: Int, cell: PixelSize? = nil) -> PictureCut
    {
        PictureCut(
            of: "a", whole: PixelSize(width: width, height: height), into: Size(columns: columns, rows: rows),
            cell: cell ?? self.cell)
    }

    @Test("keep their shape, fill one side of what they get, and are never enlarged")
    func fit() {
        #expect(cut(1920, 1080, into: 40, 12).cells == Size(columns: 40, rows: 12))
        #expect(cut(1920, 1080, into: 40, 12).drawn == PixelSize(width: 400, height: 225))
        #expect(cut(1080, 1920, into: 40, 12).drawn == PixelSize(width: 135, height: 240))
        #expect(cut(60, 41, into: 40, 12).drawn == PixelSize(width: 60, height: 41))
        #expect(cut(60, 41, into: 40, 12).cells == Size(columns: 6, rows: 3))
    }

    @Test("stay within what they get, whatever size they claim to have")
    func hostile() {
        var random = SeededRandom(seed: 41)
        let sizes = [Int.min, -1, 0, 1, 2, 7, 1080, 65_535, 1_000_000_000, Int.max]
        for _ in 0..<2_000 {
            let limit = Size(
                columns: Int.random(in: 1...400, using: &random), rows: Int.random(in: 1...200, using: &random))
            let width = sizes.randomElement(using: &random) ?? 1
            let cell = PixelSize(
                width: Int.random(in: 1...40, using: &random), height: Int.random(in: 1...80, using: &random))
            let cut = cut(width, sizes.randomElement(using: &random) ?? 1, into: limit.columns, limit.rows, cell: cell)
            #expect(cut.cells.columns >= 1 && cut.cells.columns <= min(limit.columns, 297))
            #expect(cut.cells.rows >= 1 && cut.cells.rows <= min(limit.rows, 297))
            #expect(cut.drawn.width >= 1 && cut.drawn.width <= cut.cells.columns * cell.width)
            #expect(cut.drawn.height >= 1 && cut.drawn.height <= cut.cells.rows * cell.height)
        }
    }

    @Test("a part of one is moved inside of it")
    func part() {
        let whole = PixelSize(width: 100, height: 80)
        let cut = PictureCut(
            of: "a", whole: whole, part: PixelRect(x: 90, y: -5, width: 20, height: 500),
            into: Size(columns: 100, rows: 100), cell: cell, enlarging: 4)
        #expect(cut.part == PixelRect(x: 80, y: 0, width: 20, height: 80))
        #expect(cut.drawn == PixelSize(width: 80, height: 320))
    }

    @Test("mark the cells that are in sight, and what is drawn over them takes its cells away")
    func marks() {
        var screen = Screen(size: Size(columns: 12, rows: 6))
        let clip = Rect(column: 0, row: 1, columns: 12, rows: 4)
        screen.place(cut(60, 100, into: 12, 12), at: Point(column: 2, row: -1), clip: clip)
        #expect(screen.pictures.map(\.visible) == [Rect(column: 2, row: 1, columns: 6, rows: 3)])
        #expect(screen.pictures.map(\.rows) == [2..<5])
        #expect(screen.grid.cells.filter(\.isPicture).count == 18)

        screen.grid.put("中x", at: Point(column: 4, row: 2))
        #expect(screen.grid.cells.filter(\.isPicture).count == 15)
        screen.grid.putPicture(["a"], style: Style(), at: Point(column: 4, row: 2))
        screen.grid.putPicture(["▀"], style: Style(), at: Point(column: 2, row: 2))
        #expect(screen.grid.text(row: 2).hasPrefix("  ▀\u{10EEEE}中x"))
        screen.grid.clearReserved(screen.grid.bounds)
        #expect(screen.grid.text(row: 2) == "  ▀ 中x     ")
    }

    @Test("one that is out of sight is not on the screen")
    func outOfSight() {
        var screen = Screen(size: Size(columns: 12, rows: 6))
        screen.place(cut(60, 100, into: 12, 12), at: Point(column: 2, row: -5), clip: screen.grid.bounds)
        screen.place(cut(60, 100, into: 12, 12), at: Point(column: 2, row: 6), clip: screen.grid.bounds)
        #expect(screen.pictures.isEmpty)
        #expect(screen.grid == Grid(size: screen.grid.size))
    }

    @Test("no text can pretend to be one")
    func pretence() {
        var grid = Grid(size: Size(columns: 4, rows: 1))
        grid.put("a\u{10EEEE}\u{305}b", at: Point(column: 0, row: 0))
        #expect(grid.text(row: 0) == "ab  ")
        #expect(SafeText.sanitized("a\u{10EEEE}b") == "ab")
        grid.fill(grid.bounds, with: "\u{10EEEE}")
        #expect(!grid.cells.contains { $0.isPicture })
    }
}
