import Cells
import TestSupport
import Testing

@testable import Terminal

@Suite struct CellEncoderTests {
    private func encode(_ text: String) -> (first: [Int32], second: [Int32]?) {
        #expect(CellEncoder.usesUTF8())
        var grid = Grid(size: Size(columns: 4, rows: 1))
        grid.put(text, at: Point(column: 0, row: 0))
        var encoder = CellEncoder()
        encoder.encode(grid[Point(column: 0, row: 0)])
        return (encoder.first, encoder.second)
    }

    @Test(
        "sends one spacing character with what combines with it",
        arguments: [
            ("a", [0x61, 0], nil), ("é", [0xE9, 0], nil), ("e\u{301}", [0x65, 0x301, 0], nil),
            ("e\u{301}\u{302}\u{303}\u{304}\u{305}", [0x65, 0x301, 0x302, 0x303, 0x304, 0], nil),
            ("中", [0x4E2D, 0], nil), ("👍🏽", [0x1F44D, 0], nil), ("👨‍👩‍👧", [0x1F468, 0], nil),
            ("🇫🇷", [0x1F1EB, 0], [0x1F1F7, 0]), ("☺️", [0x263A, 0], [0x20, 0]), ("1️⃣", [0x31, 0x20E3, 0], [0x20, 0]),
        ] as [(String, [Int32], [Int32]?)])
    func table(text: String, first: [Int32], second: [Int32]?) {
        let encoded = encode(text)

        #expect(encoded.first == first)
        #expect(encoded.second == second)
    }

    @Test("fills the columns that the grid gave, whatever the text")
    func random() {
        #expect(CellEncoder.usesUTF8())
        var random = SeededRandom(seed: 8)
        var encoder = CellEncoder()
        for _ in 0..<300 {
            var grid = Grid(size: Size(columns: 60, rows: 1))
            grid.put(random.scalars(count: 30), at: Point(column: 0, row: 0))
            for cell in grid.cells where !cell.isContinuation {
                encoder.encode(cell)

                #expect(encoder.first.last == 0 && (2...6).contains(encoder.first.count))
                let width = encoder.first.dropLast().reduce(0) { $0 + CellEncoder.libraryColumns($1) }
                let rest = encoder.second.map { CellEncoder.libraryColumns($0[0]) } ?? 0
                #expect(width + rest == Int32(cell.width))
                #expect(encoder.first.dropLast().allSatisfy { $0 >= 0x20 && !(0x7F..<0xA0).contains($0) })
            }
        }
    }

    @Test("agrees with the C library about single letters of the scripts that people write")
    func agreement() {
        #expect(CellEncoder.usesUTF8())
        let blocks: [ClosedRange<UInt32>] = [
            0x20...0x7E, 0xA1...0xAC, 0xAE...0x2FF, 0x370...0x52F, 0x5D0...0x5EA, 0x620...0x64A, 0x904...0x939,
            0xE01...0xE3A, 0x1100...0x115E, 0x2010...0x2027, 0x2190...0x22FF, 0x2500...0x25FC, 0x3001...0x3029,
            0x3041...0x3096, 0x30A0...0x30FF, 0x4E00...0x9FFF, 0xAC00...0xD7A3, 0xFF01...0xFF60, 0xFF61...0xFF9F,
        ]
        let differing = blocks.joined().compactMap(Unicode.Scalar.init).filter { scalar in
            let width = CellEncoder.libraryColumns(Int32(scalar.value))
            return width >= 0 && Int(width) != DisplayWidth.columns(of: scalar)
        }
        #expect(differing.isEmpty)
    }
}
