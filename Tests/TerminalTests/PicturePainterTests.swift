import TestSupport
import Testing

@testable import Cells
@testable import Terminal

@Suite struct PicturePainterTests {
    private static let cell = PixelSize(width: 10, height: 20)

    private func cut(_ name: String, _ columns: Int, _ rows: Int) -> PictureCut {
        PictureCut(
            of: name, whole: PixelSize(width: columns * 10, height: rows * 20), into: Size(columns: 200, rows: 200),
            cell: Self.cell)
    }

    private func painter(_ method: PictureMethod, isTmux: Bool = false) -> PicturePainter {
        PicturePainter(ability: PictureAbility(method: method, cell: Self.cell), isTmux: isTmux, salt: 7)
    }

    private func screen(_ places: [(PictureCut, Point)]) -> Screen {
        var screen = Screen(size: Size(columns: 40, rows: 20))
        for (picture, origin) in places { screen.place(picture, at: origin, clip: screen.grid.bounds) }
        return screen
    }

    /// Sixels of a picture whose bands say what they are.
    private func sixels(_ picture: PictureCut) throws -> PictureImage {
        let bands = (0..<picture.drawn.height / 6).map { "~\($0)~" }.joined(separator: "-")
        let size = "\"1;1;\(picture.drawn.width);\(picture.drawn.height)"
        return .sixel(try #require(SixelBands(Array("\u{1B}P0;1;0q\(size)#0;2;5;5;5\(bands)-\u{1B}\\".utf8))))
    }

    @Test("characters fill what is in sight, blanks wait for those that are not there yet")
    func blocks() {
        var painter = painter(.blocks)
        let picture = cut("a", 3, 2)
        var first = screen([(picture, Point(column: 1, row: 19))])
        #expect(painter.prepare(&first, isFresh: false).isEmpty)
        #expect(first.grid == Grid(size: first.grid.size))
        #expect(painter.wanted == [picture])

        let letters = "abcdef".unicodeScalars.map { BlockCell($0, style: Style(foreground: .palette(9))) }
        painter.insert(.cells(letters), for: picture)
        var second = screen([(picture, Point(column: 1, row: 19))])
        _ = painter.prepare(&second, isFresh: false)
        #expect(second.grid.text(row: 19).hasPrefix(" abc "))
        #expect(painter.wanted.isEmpty)
    }

    @Test("cells stand for the pieces of a picture that is sent once, and again after the screen was lost")
    func kitty() {
        var painter = painter(.kitty, isTmux: true)
        let picture = cut("a", 3, 2)
        painter.insert(.png([1, 2, 3]), for: picture)
        var first = screen([(picture, Point(column: 5, row: -1))])
        let sent = painter.prepare(&first, isFresh: false)
        #expect(sent.before.hasPrefix("\u{1B}Ptmux;\u{1B}\u{1B}_Ga=T,U=1,i="))
        #expect(sent.after.isEmpty && !sent.holdsRows)
        #expect(
            first.grid[Point(column: 6, row: 0)].grapheme.unicodeScalars.elementsEqual(
                ["\u{10EEEE}", "\u{30D}", "\u{30D}", KittyPlaceholder.mark(8)]))
        var second = screen([(picture, Point(column: 5, row: 3))])
        #expect(painter.prepare(&second, isFresh: false).isEmpty)
        var third = second
        let again = painter.prepare(&third, isFresh: true)
        #expect(again.before.contains("a=d,d=I"))
        #expect(again.before.contains("a=T,U=1"))
        #expect(painter.forgetAll().contains("a=d,d=I"))
    }

    @Test("what is drawn over a picture leaves its rows above and below")
    func covered() throws {
        var painter = painter(.sixel)
        let picture = cut("a", 10, 10)
        var screen = screen([(picture, Point(column: 2, row: 1))])
        screen.grid.put("x", at: Point(column: 11, row: 4))
        screen.grid.fill(Rect(column: 0, row: 5, columns: 5, rows: 2))
        var commands = painter.prepare(&screen, isFresh: false)
        painter.paint(after: [], &commands)
        #expect(painter.wanted == [picture])
        #expect(commands.holdsRows)
        painter.insert(try sixels(picture), for: picture)
        painter.paint(after: [], &commands)
        let painted = String(decoding: commands.after, as: UTF8.self)
        #expect(painted.contains("[2;3H") && painted.contains("~0~") && painted.contains("~9~"))
        #expect(painted.contains("[8;3H") && painted.contains("~20~") && painted.contains("~32~"))
        #expect(!painted.contains("~10~") && !painted.contains("~19~"))
        #expect(screen.grid.text(row: 4).hasPrefix("           x"))
    }

    @Test("sixels are painted where they are, left alone while nothing touches them, and written over when they go")
    func sixelPainting() throws {
        var painter = painter(.sixel)
        let picture = cut("a", 3, 2)
        painter.insert(try sixels(picture), for: picture)
        func show(_ screen: Screen, runs: [GridDiff.Run] = []) -> PicturePainter.Commands {
            var screen = screen
            var commands = painter.prepare(&screen, isFresh: false)
            painter.paint(after: runs, &commands)
            return commands
        }
        let here = screen([(picture, Point(column: 4, row: 2))])
        #expect(
            String(decoding: show(here).after, as: UTF8.self)
                == "\u{1B}7\u{1B}[3;5H\u{1B}P0;1;0q\"1;1;30;36#0;2;5;5;5~0~-~1~-~2~-~3~-~4~-~5~-\u{1B}\\\u{1B}8")
        #expect(show(here).isEmpty)
        let elsewhere = GridDiff.Run(row: 9, column: 0, cells: [])
        #expect(show(here, runs: [elsewhere]).isEmpty)
        #expect(!show(here, runs: [GridDiff.Run(row: 3, column: 30, cells: [])]).after.isEmpty)
        let gone = show(screen([]))
        #expect(gone.before == "\u{1B}7\u{1B}[m\u{1B}[3;5H   \u{1B}[4;5H   \u{1B}8")
        #expect(gone.after.isEmpty && gone.holdsRows)
        #expect(show(screen([])).isEmpty)
    }

    @Test("an older kitty is given the picture once, and shows parts of it")
    func placed() {
        var painter = painter(.kittyPlaced)
        let picture = cut("a", 3, 4)
        painter.insert(.png([1, 2, 3]), for: picture)
        func show(_ screen: Screen) -> (before: String, after: String) {
            var screen = screen
            var commands = painter.prepare(&screen, isFresh: false)
            painter.paint(after: [], &commands)
            return (commands.before, String(decoding: commands.after, as: UTF8.self))
        }
        let first = show(screen([(picture, Point(column: 0, row: -1))]))
        #expect(first.before.contains("a=t,i="))
        #expect(first.after.contains("\u{1B}[1;1H\u{1B}_Ga=p,") && first.after.contains("x=0,y=20,w=30,h=60,"))
        let second = show(screen([(picture, Point(column: 0, row: -2))]))
        #expect(second.before.contains("a=d,d=i,i=") && !second.before.contains("a=t"))
        #expect(second.after.contains("y=40,w=30,h=40,"))
    }

    @Test("however a screen scrolls and changes, what is painted is what is in sight, and nothing overlaps")
    func random() throws {
        var random = SeededRandom(seed: 44)
        // Rows of two bands each.
        let cell = PixelSize(width: 10, height: 12)
        var painter = PicturePainter(ability: PictureAbility(method: .sixel, cell: cell), isTmux: false, salt: 7)
        let pictures = (0..<5).map { number in
            PictureCut(
                of: "p\(number)", whole: PixelSize(width: 40 + number * 10, height: (2 + number * 2) * 12),
                into: Size(columns: 200, rows: 200), cell: cell)
        }
        // What the terminal shows: which picture's which row is at each cell.
        var shown: [Point: String] = [:]
        for _ in 0..<600 {
            var screen = Screen(size: Size(columns: 30, rows: 18))
            var row = Int.random(in: -12...6, using: &random)
            for picture in pictures.shuffled(using: &random).prefix(Int.random(in: 0...4, using: &random)) {
                screen.place(
                    picture, at: Point(column: 2, row: row), clip: Rect(column: 0, row: 0, columns: 30, rows: 15))
                row += picture.cells.rows + Int.random(in: 0...2, using: &random)
            }
            if Bool.random(using: &random) {
                let box = Rect(
                    column: Int.random(in: 0...10, using: &random), row: Int.random(in: 0...12, using: &random),
                    columns: Int.random(in: 1...8, using: &random), rows: Int.random(in: 1...4, using: &random))
                screen.grid.fill(box, with: "#")
            }
            let marked = screen.grid
            var expected: [Point: String] = [:]
            for place in screen.pictures {
                for row in place.visible.rowRange
                where place.visible.columnRange.allSatisfy({ marked[Point(column: $0, row: row)].isPicture }) {
                    for column in place.visible.columnRange {
                        expected[Point(column: column, row: row)] = "\(place.picture.name):\(row - place.origin.row)"
                    }
                }
            }
            // Twice: what the first one wanted is there for the second.
            for _ in 0..<2 {
                var copy = screen
                let isFresh = Int.random(in: 0..<40, using: &random) == 0
                if isFresh { shown = [:] }
                var commands = painter.prepare(&copy, isFresh: isFresh)
                painter.paint(after: [], &commands)
                #expect(!copy.grid.cells.contains { $0.isPicture })
                play(commands, on: &shown)
                for picture in painter.wanted {
                    let bands = (0..<picture.cells.rows * 2).map { "\(picture.name).\($0)~" }.joined(separator: "-")
                    let text = "\u{1B}Pq\"1;1;\(picture.drawn.width);\(picture.drawn.height)#0;2;0;0;0\(bands)-\u{1B}\\"
                    painter.insert(.sixel(try #require(SixelBands(Array(text.utf8)))), for: picture)
                }
            }
            let wrong = Set(shown.keys).union(expected.keys).filter { shown[$0] != expected[$0] }
            #expect(
                wrong.isEmpty,
                "\(wrong.map { "\($0.row),\($0.column): \(shown[$0] ?? "–") for \(expected[$0] ?? "–")" }.sorted())")
            guard shown == expected else { return }
        }
    }

    /// A terminal that knows of pictures what the painter writes.
    private func play(_ commands: PicturePainter.Commands, on shown: inout [Point: String]) {
        var cursor = Point(column: 0, row: 0)
        var rest = Substring(commands.before + String(decoding: commands.after, as: UTF8.self))
        while let first = rest.first {
            if let match = rest.prefixMatch(of: /\u{1B}\[(\d+);(\d+)H/) {
                cursor = Point(column: (Int(match.2) ?? 0) - 1, row: (Int(match.1) ?? 0) - 1)
                rest = rest[match.range.upperBound...]
            } else if let match = rest.prefixMatch(of: /\u{1B}Pq"1;1;(\d+);(\d+)#0;2;0;0;0([^\u{1B}]*)\u{1B}\\/) {
                for (offset, band) in match.3.split(separator: "-").enumerated() where offset % 2 == 0 {
                    let parts = band.dropLast().split(separator: ".")
                    let row = "\(parts[0]):\((Int(parts[1]) ?? -2) / 2)"
                    for column in 0..<(Int(match.1) ?? 0) / 10 {
                        let point = Point(column: cursor.column + column, row: cursor.row + offset / 2)
                        #expect(shown[point] == nil || shown[point] == row, "painted over another")
                        shown[point] = row
                    }
                }
                rest = rest[match.range.upperBound...]
            } else if first == " " {
                shown[cursor] = nil
                cursor.column += 1
                rest = rest.dropFirst()
            } else if let match = rest.prefixMatch(of: /\u{1B}(7|8|\[m)/) {
                rest = rest[match.range.upperBound...]
            } else {
                Issue.record("not understood: \(rest.prefix(20))")
                return
            }
        }
    }

    @Test("what was not drawn for longest is given up, what the screen needs is not")
    func memory() {
        var painter = painter(.kitty)
        let pictures = (0..<40).map { cut("\($0)", 3, 2) }
        var deleted = 0
        for picture in pictures {
            painter.insert(.png(Array(repeating: 1, count: 2 << 20)), for: picture)
            var screen = screen([(picture, Point(column: 0, row: 0))])
            deleted += painter.prepare(&screen, isFresh: false).before.components(of: "a=d,d=I")
            #expect(painter.wanted.isEmpty)
        }
        #expect((20...26).contains(deleted))
        var screen = screen([(pictures[0], Point(column: 0, row: 0))])
        _ = painter.prepare(&screen, isFresh: false)
        #expect(painter.wanted == [pictures[0]])
    }
}

extension String {
    fileprivate func components(of part: String) -> Int { ranges(of: part).count }
}
