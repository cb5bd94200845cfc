import CNcurses
import Cells

/// Turns a cell into what curses can hold: one spacing character and at most four that combine with it.
///
/// Terminals disagree about sequences, so none is sent: a joined or coloured emoji becomes its first picture, and a
/// variation selector is left out. Whatever the terminal thinks of the rest, it moves its cursor as far as curses does.
struct CellEncoder {
    /// The characters for the cell's first column, zero-terminated.
    private(set) var first: [Int32] = []
    /// Those for the second column of a wide cell, where curses does not fill it by itself.
    private(set) var second: [Int32]?

    private static let combiningLimit = 4
    private static let replacement: Int32 = 0xFFFD
    private static let blank: [Int32] = [0x20, 0]

    init() { first.reserveCapacity(Self.combiningLimit + 2) }

    mutating func encode(_ cell: Cell) {
        first.removeAll(keepingCapacity: true)
        second = nil
        if let ascii = cell.ascii, cell.width == 1 {
            first.append(Int32(ascii))
            return first.append(0)
        }
        let scalars = cell.grapheme.unicodeScalars
        guard let base = scalars.first else { return first.append(contentsOf: Self.blank) }
        let value = Int32(base.value)
        let width = Self.libraryColumns(value)
        let isDrawable = width >= 1 && width <= Int32(cell.width)
        first.append(isDrawable ? value : Self.replacement)
        if cell.width == 2, !isDrawable || width == 1 {
            second = isDrawable ? Self.otherHalf(of: scalars) : Self.blank
        }
        guard isDrawable else { return first.append(0) }
        for scalar in scalars.dropFirst() {
            guard first.count <= Self.combiningLimit, Self.libraryColumns(Int32(scalar.value)) == 0 else { break }
            if !Self.isSelectorOrJoiner(scalar.value) { first.append(Int32(scalar.value)) }
        }
        first.append(0)
    }

    /// What curses counts: 0 for what combines, -1 for what the C library does not know.
    static func libraryColumns(_ character: Int32) -> Int32 { cncurses_width(character) }

    /// Makes the C library count as it must, for the whole process; `false` when no UTF-8 locale is installed.
    static func usesUTF8() -> Bool { cncurses_use_utf8() == 1 }

    // A flag is two letters of one column each, which terminals that know flags join.
    private static func otherHalf(of scalars: Character.UnicodeScalarView) -> [Int32] {
        let flagLetters: ClosedRange<UInt32> = 0x1F1E6...0x1F1FF
        guard let last = scalars.last, scalars.count == 2, scalars.allSatisfy({ flagLetters.contains($0.value) }),
            Self.libraryColumns(Int32(last.value)) == 1
        else { return blank }
        return [Int32(last.value), 0]
    }

    private static func isSelectorOrJoiner(_ value: UInt32) -> Bool {
        value == 0x200D || (0xFE00...0xFE0F).contains(value)
    }
}
