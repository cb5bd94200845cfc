import CNcurses
import Cells

/// Draws cells on a curses window: attributes, colour pairs, characters.
@MainActor struct CursesPen {
    private struct Pair: Hashable {
        var foreground: Int32
        var background: Int32
    }

    private struct Colors: Hashable {
        var foreground: Color
        var background: Color
    }

    private let colors: ColorTable
    /// How many colours there are; 0 for none.
    var colorCount: Int { colors.count }
    /// Whether there is hardly a pair of colours left; pictures need many.
    var isWornOut: Bool { pairLimit >= 4096 && pairs.count > Int(pairLimit) / 4 * 3 }
    private let pairLimit: Int32
    private let hasDefaultColors: Bool
    private var pairs: [Pair: Int32] = [:]
    // What was asked for and the pair that it became: finding the nearest colour takes time.
    private var known: [Colors: Int32] = [:]
    private var encoder = CellEncoder()

    // The style of the last cell and what it became: neighbours mostly look the same.
    private var lastStyle = Style()
    private var lastLook: (attributes: attr_t, pair: Int32) = (0, 0)

    /// Asks the current curses screen for its colours.
    init(usesColor: Bool) {
        let isColored = usesColor && has_colors() && start_color() != ERR
        colors = ColorTable(count: isColored ? Int(cncurses_colors()) : 0)
        pairLimit = isColored ? cncurses_color_pairs() : 0
        hasDefaultColors = isColored && use_default_colors() != ERR
    }

    /// The terminal's colours of a style; -1 for its own.
    func colors(of style: Style) -> (foreground: Int32, background: Int32) {
        colors.indices(foreground: style.foreground, background: style.background)
    }

    /// Draws a run, each cell at its own place, so that a wrong guess about a width cannot shift the others.
    mutating func draw(_ run: GridDiff.Run, on window: UnsafeMutablePointer<WINDOW>) {
        var column = Int32(run.column)
        let row = Int32(run.row)
        for cell in run.cells {
            defer { column += 1 }
            guard !cell.isContinuation else { continue }
            let look = look(of: cell.style)
            encoder.encode(cell)
            cncurses_put(window, row, column, encoder.first, look.attributes, look.pair)
            if let second = encoder.second {
                cncurses_put(window, row, column + 1, second, look.attributes, look.pair)
            }
        }
    }

    /// Begins to give out pairs of colours anew; everything must be drawn again.
    mutating func forgetPairs() {
        pairs.removeAll(keepingCapacity: true)
        known.removeAll(keepingCapacity: true)
        (lastStyle, lastLook) = (Style(), (0, 0))
    }

    // MARK: - Looks

    private mutating func look(of style: Style) -> (attributes: attr_t, pair: Int32) {
        if style == lastStyle { return lastLook }
        var attributes: attr_t = 0
        if style.attributes.contains(.bold) { attributes |= cncurses_bold() }
        if style.attributes.contains(.dim) { attributes |= cncurses_dim() }
        if style.attributes.contains(.italic) { attributes |= cncurses_italic() }
        if style.attributes.contains(.underline) { attributes |= cncurses_underline() }
        if style.attributes.contains(.reverse) { attributes |= cncurses_reverse() }
        lastStyle = style
        lastLook = (attributes, pair(of: style))
        return lastLook
    }

    private mutating func pair(of style: Style) -> Int32 {
        let asked = Colors(foreground: style.foreground, background: style.background)
        if let pair = known[asked] { return pair }
        let pair = pair(of: asked)
        known[asked] = pair
        return pair
    }

    private mutating func pair(of asked: Colors) -> Int32 {
        let found = colors.indices(foreground: asked.foreground, background: asked.background)
        var wanted = Pair(foreground: found.foreground, background: found.background)
        guard wanted != Pair(foreground: ColorTable.standard, background: ColorTable.standard) else { return 0 }
        if let pair = pairs[wanted] { return pair }
        let number = Int32(pairs.count) + 1
        // A terminal with few pairs keeps the first ones; the rest is plain.
        guard number < pairLimit else { return 0 }
        pairs[wanted] = number
        if !hasDefaultColors {
            if wanted.foreground == ColorTable.standard { wanted.foreground = Int32(COLOR_WHITE) }
            if wanted.background == ColorTable.standard { wanted.background = Int32(COLOR_BLACK) }
        }
        init_extended_pair(number, wanted.foreground, wanted.background)
        return number
    }
}
