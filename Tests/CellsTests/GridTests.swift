import TestSupport
import Testing

@testable import Cells

@Suite struct GridTests {
    private let origin = Point(column: 0, row: 0)

    @Test("draws text and counts its columns")
    func draws() {
        var grid = Grid(size: Size(columns: 10, rows: 2))

        let used = grid.put("añ中🇫🇷", at: Point(column: 1, row: 1))

        #expect(used == 6)
        #expect(grid.text(row: 1) == " añ中🇫🇷   ")
        #expect(grid.text(row: 0) == "          ")
        #expect(grid[Point(column: 3, row: 1)].width == 2)
        #expect(grid[Point(column: 4, row: 1)].isContinuation)
    }

    @Test("draws tabs and line breaks as one blank, and drops controls")
    func controls() {
        var grid = Grid(size: Size(columns: 12, rows: 1))

        grid.put("a\tb\nc\r\nd\u{1B}[1m\u{7}", at: origin)

        #expect(grid.text(row: 0) == "a b c d[1m  ")
    }

    @Test("stops at a clip's right edge and skips what is left of it")
    func clips() {
        var grid = Grid(size: Size(columns: 10, rows: 3))
        let clip = Rect(column: 2, row: 1, columns: 4, rows: 1)

        grid.put("0123456789", at: Point(column: 0, row: 1), clip: clip)
        grid.put("above", at: Point(column: 2, row: 0), clip: clip)
        grid.put("below", at: Point(column: -2, row: 2))

        #expect(grid.text(row: 0) == "          ")
        #expect(grid.text(row: 1) == "  2345    ")
        #expect(grid.text(row: 2) == "low       ")
    }

    @Test("draws a wide glyph that an edge cuts as a blank")
    func cutWide() {
        var grid = Grid(size: Size(columns: 5, rows: 1), style: Style(attributes: .dim))

        grid.put("中中中", at: origin)
        #expect(grid.text(row: 0) == "中中 ")

        grid.put("国国", at: Point(column: -1, row: 0))
        #expect(grid.text(row: 0) == " 国  ")
    }

    @Test("blanks the other half of a wide glyph that is overwritten")
    func overwrite() {
        var grid = Grid(size: Size(columns: 6, rows: 1))
        grid.put("中中中", at: origin)

        grid.put("x", at: Point(column: 1, row: 0))
        #expect(grid.text(row: 0) == " x中中")

        grid.fill(Rect(column: 3, row: 0, columns: 2, rows: 1), with: "─")
        #expect(grid.text(row: 0) == " x ── ")
    }

    @Test("restyles both halves of a wide glyph")
    func restyle() {
        var grid = Grid(size: Size(columns: 6, rows: 1))
        grid.put("a中中b", at: origin)

        grid.restyle(Rect(column: 2, row: 0, columns: 2, rows: 1)) { $0.attributes.insert(.reverse) }

        let reversed = grid.cells.map { $0.style.attributes.contains(.reverse) }
        #expect(reversed == [false, true, true, true, true, false])
        #expect(grid.text(row: 0) == "a中中b")
    }

    @Test("copies rows and leaves out those without a place")
    func copyRows() {
        var source = Grid(size: Size(columns: 2, rows: 3))
        for row in 0..<3 { source.put("r\(row)", at: Point(column: 0, row: row)) }
        var grid = Grid(size: Size(columns: 2, rows: 2))

        grid.copyRows(0..<3, of: source, to: -1)

        #expect(grid.text(row: 0) == "r1")
        #expect(grid.text(row: 1) == "r2")
    }

    @Test("changes its size without cutting a wide glyph in two")
    func resized() {
        var grid = Grid(size: Size(columns: 5, rows: 1))
        grid.put("a中中", at: origin)

        #expect(grid.resized(to: Size(columns: 4, rows: 2)).text(row: 0) == "a中 ")
        #expect(grid.resized(to: Size(columns: 7, rows: 1)).text(row: 0) == "a中中  ")
        #expect(grid.resized(to: Size(columns: 0, rows: 0)).cells.isEmpty)
    }

    @Test("keeps what fits of a cluster that is too long")
    func longCluster() {
        var grid = Grid(size: Size(columns: 4, rows: 2))
        grid.put("👨‍👩‍👧‍👦|", at: origin)
        grid.put("e" + String(repeating: "\u{301}", count: 50) + "|", at: Point(column: 0, row: 1))

        #expect(grid[origin].grapheme == "👨‍👩")
        #expect(grid[Point(column: 2, row: 0)].grapheme == "|")
        #expect(grid[Point(column: 0, row: 1)].grapheme.unicodeScalars.count == 8)
        #expect(grid[Point(column: 1, row: 1)].grapheme == "|")
    }

    @Test("cuts an Indic conjunct into pieces that terminals draw")
    func conjunct() {
        var grid = Grid(size: Size(columns: 4, rows: 1))

        grid.put("क्षि", at: origin)

        #expect(grid.cells.map(\.grapheme) == ["क्", "ष", "ि", " "])
    }

    @Test("never holds a harmful scalar or half a glyph, whatever is drawn")
    func hostile() {
        var random = SeededRandom(seed: 3)
        var grid = Grid(size: Size(columns: 40, rows: 4))
        for _ in 0..<500 {
            let text = Bool.random(using: &random) ? random.bytes(count: 60) : random.scalars(count: 60)
            let point = Point(
                column: Int.random(in: -10..<45, using: &random), row: Int.random(in: -1...4, using: &random))
            let clip = Rect(
                column: Int.random(in: -3..<30, using: &random), row: 0,
                columns: Int.random(in: 0..<30, using: &random), rows: 4)
            switch Int.random(in: 0..<6, using: &random) {
            case 0: grid.fill(clip, with: text.first ?? "x")
            case 1: grid.restyle(clip) { $0.attributes.formSymmetricDifference(.bold) }
            default: grid.put(text, at: point, clip: clip)
            }

            expectSound(grid)
        }
    }

    private func expectSound(_ grid: Grid) {
        for row in 0..<grid.size.rows {
            var owed = 0
            for cell in grid.row(row) {
                #expect(cell.isContinuation == (owed > 0))
                owed = cell.isContinuation ? owed - 1 : Int(cell.width) - 1
                #expect(cell.grapheme.unicodeScalars.allSatisfy(SafeText.isHarmless))
                #expect(cell.grapheme.unicodeScalars.count <= 12)
            }
            #expect(owed == 0)
        }
    }
}
