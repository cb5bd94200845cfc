import Cells

/// Paints links once more over what curses has painted, since curses knows nothing of them.
///
/// Only the terminal's own sequences and targets that `Link` has checked are written.
@MainActor struct LinkPainter {
    private let save = TerminalStrings.string("sc")
    private let restore = TerminalStrings.string("rc")
    private let plain = TerminalStrings.string("sgr0")
    private let attributes: [(Style.Attributes, String)] = [
        (.bold, TerminalStrings.string("bold")), (.dim, TerminalStrings.string("dim")),
        (.italic, TerminalStrings.string("sitm")), (.underline, TerminalStrings.string("smul")),
        (.reverse, TerminalStrings.string("rev")),
    ]
    private var encoder = CellEncoder()

    /// Whether the terminal can be painted on at any place.
    private var isAble: Bool { !save.isEmpty && !restore.isEmpty && !plain.isEmpty }

    /// The bytes that make links of the cells that are links now, and none of those that were.
    ///
    /// - Parameters:
    ///   - runs: What has changed.
    ///   - old: What was shown before; `nil` when nothing is known of it.
    mutating func bytes(
        _ runs: [GridDiff.Run], over old: Grid?, _ colors: (Style) -> (foreground: Int32, background: Int32)
    ) -> [UInt8] {
        guard isAble else { return [] }
        var result = ""
        for run in runs {
            var open: Link?
            var expected: Int?
            var look: Style?
            for (offset, cell) in run.cells.enumerated() {
                let column = run.column + offset
                let had = old.map { $0[Point(column: column, row: run.row)].style.link != nil } ?? false
                guard cell.style.link != nil || had, !cell.isContinuation else { continue }
                if result.isEmpty { result = save }
                if expected != column {
                    result += TerminalStrings.filled("cup", Int32(run.row), Int32(column))
                    expected = column
                }
                if open != cell.style.link { result += TerminalStrings.link(cell.style.link) }
                open = cell.style.link
                if look != cell.style { result += sequences(cell.style, colors(cell.style)) }
                look = cell.style
                encoder.encode(cell)
                result += Self.text(encoder.first) + (encoder.second.map(Self.text) ?? "")
                // What the terminal makes of a wide glyph, it is told again where the next one is.
                expected = cell.width == 1 && cell.ascii != nil ? column + 1 : nil
            }
            if open != nil { result += TerminalStrings.link(nil) }
        }
        return result.isEmpty ? [] : Array((result + plain + restore).utf8)
    }

    private func sequences(_ style: Style, _ colors: (foreground: Int32, background: Int32)) -> String {
        var look = plain
        for (attribute, sequence) in attributes where style.attributes.contains(attribute) { look += sequence }
        if colors.foreground >= 0 { look += TerminalStrings.filled("setaf", colors.foreground) }
        if colors.background >= 0 { look += TerminalStrings.filled("setab", colors.background) }
        return look
    }

    private static func text(_ scalars: [Int32]) -> String {
        var text = String.UnicodeScalarView()
        for value in scalars {
            guard value != 0, let scalar = Unicode.Scalar(UInt32(bitPattern: value)) else { break }
            text.append(scalar)
        }
        return String(text)
    }
}
