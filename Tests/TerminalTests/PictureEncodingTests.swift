import Cells
import Foundation
import TestSupport
import Testing

@testable import Terminal

@Suite struct PictureEncodingTests {
    // MARK: - The kitty protocol

    /// The control data and the payload of a command; nil for anything else.
    private func parse(_ command: String) -> (keys: [String: String], payload: String)? {
        guard command.hasPrefix("\u{1B}_G"), command.hasSuffix("\u{1B}\\") else { return nil }
        let parts = command.dropFirst(3).dropLast(2).split(separator: ";", maxSplits: 1)
        let keys = parts[0].split(separator: ",").map { $0.split(separator: "=").map(String.init) }
        return (Dictionary(keys.map { ($0[0], $0[1]) }) { $1 }, parts.count > 1 ? String(parts[1]) : "")
    }

    @Test(
        "a picture arrives byte for byte, in chunks that no terminal refuses",
        arguments: [1, 3_071, 3_072, 3_073, 50_000])
    func chunks(count: Int) {
        var random = SeededRandom(seed: UInt64(count))
        let png = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
        let sent = KittyGraphics.transmit(png, id: 0x2A00_0033, cells: Size(columns: 40, rows: 12))
        let commands = sent.compactMap(parse)
        #expect(commands.count == sent.count)
        #expect(
            commands[0].keys.filter { $0.key != "m" } == [
                "a": "T", "U": "1", "i": "\(0x2A00_0033)", "f": "100", "t": "d", "c": "40", "r": "12", "q": "2",
            ])
        for command in commands.dropFirst() { #expect(Set(command.keys.keys) == ["m", "q"]) }
        #expect(commands.map { $0.keys["m"] } == commands.dropLast().map { _ in "1" } + ["0"])
        #expect(commands.allSatisfy { $0.payload.utf8.count <= 4_096 })
        #expect(commands.dropLast().allSatisfy { $0.payload.utf8.count % 4 == 0 })
        #expect(Data(base64Encoded: commands.map(\.payload).joined()).map { Array($0) } == png)
    }

    @Test("the commands are what the protocol says")
    func commands() {
        #expect(
            KittyGraphics.transmit([1, 2, 3], id: 7, cells: nil) == ["\u{1B}_Ga=t,i=7,f=100,t=d,q=2,m=0;AQID\u{1B}\\"])
        #expect(
            KittyGraphics.place(id: 7, placement: 9, part: PixelRect(x: 0, y: 40, width: 300, height: 20))
                == "\u{1B}_Ga=p,i=7,p=9,x=0,y=40,w=300,h=20,C=1,q=2\u{1B}\\")
        #expect(KittyGraphics.remove(id: 7, placement: 9) == "\u{1B}_Ga=d,d=i,i=7,p=9,q=2\u{1B}\\")
        #expect(KittyGraphics.delete(id: 7) == "\u{1B}_Ga=d,d=I,i=7,q=2\u{1B}\\")
        #expect(
            KittyGraphics.throughTmux("\u{1B}_Ga=d\u{1B}\\") == "\u{1B}Ptmux;\u{1B}\u{1B}_Ga=d\u{1B}\u{1B}\\\u{1B}\\")
    }

    @Test("rows and columns are counted by 297 marks that are all different and combine")
    @MainActor func marks() {
        let marks = (0..<297).map(KittyPlaceholder.mark)
        #expect(Set(marks).count == 297)
        #expect(marks[0] == "\u{305}")
        #expect(marks[1] == "\u{30D}")
        #expect(marks[296] == "\u{1D244}")
        #expect(marks.allSatisfy { $0.properties.canonicalCombiningClass == .above })
        #expect(CellEncoder.usesUTF8())
        #expect(marks.allSatisfy { CellEncoder.libraryColumns(Int32($0.value)) == 0 })
        #expect(CellEncoder.libraryColumns(0x10EEEE) == 1)
    }

    @Test("what stands for a piece reaches curses whole, with the number in its colour")
    @MainActor func placeholder() {
        #expect(CellEncoder.usesUTF8())
        var grid = Grid(size: Size(columns: 1, rows: 1))
        grid.reserve(grid.bounds)
        let id = KittyPlaceholder.id(5, salt: 40)
        #expect(id == 41 << 24 | 21)
        grid.putPicture(
            KittyPlaceholder.scalars(row: 11, column: 296, id: id), style: KittyPlaceholder.style(id: id, colors: 256),
            at: Point(column: 0, row: 0))
        var encoder = CellEncoder()
        encoder.encode(grid.cells[0])
        #expect(
            encoder.first == [0x10EEEE, 0x34C, 0x1D244, Int32(KittyPlaceholder.mark(41).value), 0])
        #expect(grid.cells[0].style.foreground == .palette(21))
        #expect(KittyPlaceholder.style(id: id, colors: 1 << 24).foreground == .rgb(0, 0, 21))
    }

    @Test("numbers differ as long as a chat lasts, and no highest byte is nought")
    func numbers() {
        let ids = (0..<50_000).map { KittyPlaceholder.id($0, salt: 4_711) }
        #expect(Set(ids).count == ids.count)
        #expect(ids.allSatisfy { $0 >> 24 > 0 && $0 & 0xFFFF00 == 0 && (16...255).contains($0 & 0xFF) })
    }

    // MARK: - Drawing by the library

    private static let hasLibrary = PictureFailure.missingLibrary == nil

    /// Four quarters of red, green, blue and white.
    private func quarters(_ width: Int, _ height: Int) -> PixelBlock {
        let stride = (width * 3 + 3) & ~3
        var bytes = [UInt8](repeating: 0, count: stride * height)
        for y in 0..<height {
            for x in 0..<width {
                let color: [UInt8] =
                    switch (x < width / 2, y < height / 2) {
                    case (true, true): [255, 0, 0]
                    case (false, true): [0, 255, 0]
                    case (true, false): [0, 0, 255]
                    case (false, false): [255, 255, 255]
                    }
                for part in 0..<3 { bytes[y * stride + x * 3 + part] = color[part] }
            }
        }
        return PixelBlock(size: PixelSize(width: width, height: height), stride: stride, bytes: bytes)
    }

    @Test(
        "sixels show the picture, in whole bands", .enabled(if: hasLibrary, "needs libchafa0"),
        arguments: [(60, 48), (61, 50), (427, 241)], [16, 256])
    func sixels(size: (Int, Int), colors: Int) throws {
        guard case .sixel(let bands) = try quarters(size.0, size.1).sixels(colors: colors) else {
            Issue.record("no sixels")
            return
        }
        let picture = try #require(SixelPicture(bands.sequence(pixels: 0..<size.1)))
        #expect(picture.width == size.0)
        #expect(picture.height == size.1 / 6 * 6)
        let expected = [(0.2, 0.2, 1, 0, 0), (0.8, 0.2, 0, 1, 0), (0.2, 0.8, 0, 0, 1), (0.8, 0.8, 1, 1, 1)]
        for (x, y, red, green, blue) in expected {
            let pixel = try #require(
                picture.pixels[Int(y * Double(picture.height))][Int(x * Double(picture.width))])
            #expect([pixel.red > 50, pixel.green > 50, pixel.blue > 50] == [red == 1, green == 1, blue == 1])
        }
    }

    @Test("rows of a picture are its rows, as far as whole bands go", .enabled(if: hasLibrary, "needs libchafa0"))
    func someRows() throws {
        guard case .sixel(let bands) = try quarters(60, 120).sixels(colors: 256) else {
            Issue.record("no sixels")
            return
        }
        let picture = try #require(SixelPicture(bands.sequence(pixels: 80..<103)))
        #expect((picture.width, picture.height) == (60, 18))
        for row in picture.pixels {
            for pixel in row.prefix(28) {
                let (red, blue) = (pixel?.red ?? 100, pixel?.blue ?? 0)
                #expect(blue > 90 && red < 10)
            }
        }
        let whole = try #require(SixelPicture(bands.sequence(pixels: -10..<1_000)))
        for start in stride(from: 0, to: 120, by: 7) {
            guard let part = SixelPicture(bands.sequence(pixels: start..<120)) else { continue }
            let first = (start + 5) / 6 * 6
            #expect(part.height == 120 - first)
            for (row, pixels) in part.pixels.enumerated() {
                for (pixel, other) in zip(pixels, whole.pixels[first + row]) {
                    #expect(pixel?.red == other?.red && pixel?.blue == other?.blue)
                }
            }
        }
        #expect(bands.sequence(pixels: 1..<6).isEmpty)
        #expect(bands.sequence(pixels: 116..<119).isEmpty)
        #expect(throws: PictureFailure.notDrawn) { try quarters(60, 5).sixels(colors: 256) }
    }

    @Test("what is no sixel sequence, or cannot be cut, is not taken for one")
    func noSixels() {
        for text in ["", "\u{1B}P", "\u{1B}Pq\u{1B}\\", "\u{1B}Pq~~\u{1B}\\", "\u{1B}Pq\"1;1;0;6~\u{1B}\\", "abc"] {
            #expect(SixelBands(Array(text.utf8)) == nil)
        }
    }

    @Test(
        "characters show the picture in as many colours as there are", .enabled(if: hasLibrary, "needs libchafa0"),
        arguments: [0, 8, 16, 256, 1 << 24])
    func blocks(colors: Int) throws {
        guard case .cells(let cells) = try quarters(81, 80).blocks(Size(columns: 8, rows: 4), colors: colors) else {
            Issue.record("no cells")
            return
        }
        #expect(cells.count == 32)
        for cell in cells { #expect(DisplayWidth.columns(of: cell.scalar) == 1) }
        func seen(_ cell: BlockCell) -> Color {
            cell.scalar == " " ? cell.style.background : cell.style.foreground
        }
        switch colors {
        case 0: #expect(cells.allSatisfy { $0.style == Style() && $0.scalar.isASCII })
        case 8: #expect(cells.allSatisfy { $0.style.background == .standard })
        case 1 << 24:
            #expect(
                [seen(cells[0]), seen(cells[7]), seen(cells[24])] == [
                    .rgb(255, 0, 0), .rgb(0, 255, 0), .rgb(0, 0, 255),
                ])
        case 256:
            #expect([seen(cells[0]), seen(cells[7]), seen(cells[24])] == [.palette(196), .palette(46), .palette(21)])
        default:
            for cell in cells { if case .palette(let index) = seen(cell) { #expect(Int(index) < colors) } }
        }
    }
}
