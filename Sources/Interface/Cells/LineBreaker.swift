/// The work of one `TextLayout.lines(of:)`: cuts the text into atoms once, then fills lines from left to right.
struct LineBreaker {
    private struct Atom {
        enum Kind { case text, blank, tab, newline }
        var run: Int
        /// UTF-8 offset in the run.
        var start: Int
        var byteCount: Int
        var columns: Int
        var kind: Kind
        var traits: BreakTraits

        var isBlank: Bool { kind == .blank || kind == .tab }
    }

    private let layout: TextLayout
    private let runs: [StyledRun]
    private var runOffsets: [Int] = []
    private var atoms: [Atom] = []
    private var byteCount = 0

    private var result: [StyledLine] = []
    private let firstWidth: Int
    private let nextWidth: Int

    init(_ text: StyledText, layout: TextLayout) {
        self.layout = layout
        runs = text.runs
        firstWidth = layout.width - layout.firstPrefix.columns
        nextWidth = layout.width - layout.nextPrefix.columns
        for (index, run) in runs.enumerated() {
            runOffsets.append(byteCount)
            atoms.reserveCapacity(atoms.count + run.text.utf8.count)
            cut(run.text, run: index)
            byteCount += run.text.utf8.count
        }
    }

    mutating func lines() -> [StyledLine] {
        var lineStart = 0
        var column = 0
        // The atom that would begin the next line if this one had to be broken now.
        var breakIndex: Int?
        // Blanks ran past the width: whatever comes next, even if it takes no columns, begins a line.
        var isFull = false
        for index in atoms.indices {
            let atom = atoms[index]
            if atom.kind == .newline {
                close(lineStart..<index, next: index + 1, isSoft: false)
                (lineStart, column, breakIndex, isFull) = (index + 1, 0, nil, false)
                continue
            }
            let isHanging = layout.breaking == .words && atom.isBlank
            var columns = width(of: atom, at: column)
            if isHanging {
                isFull = isFull || column + columns > available
                column = min(available, column + columns)
                continue
            }
            if index > lineStart, mayBreak(before: index) { breakIndex = index }
            if isFull || column + columns > available, index > lineStart {
                if let start = breakIndex, start > lineStart {
                    close(lineStart..<start, next: start, isSoft: true)
                    lineStart = start
                    column = self.columns(of: start..<index)
                    columns = width(of: atom, at: column)
                }
                if column + columns > available, index > lineStart {
                    close(lineStart..<index, next: index, isSoft: true)
                    lineStart = index
                    column = 0
                    columns = width(of: atom, at: 0)
                }
                (breakIndex, isFull) = (nil, false)
            }
            column += columns
        }
        close(lineStart..<atoms.count, next: atoms.count, isSoft: false)
        return result
    }

    // MARK: - Atoms

    private mutating func cut(_ text: String, run: Int) {
        var glyphs = Glyphs(text)
        var start = 0
        let utf8 = text.utf8
        var index = utf8.startIndex
        while let glyph = glyphs.next() {
            let byte = utf8[index]
            let kind: Atom.Kind =
                switch byte {
                case 0x20 where glyph.byteCount == 1: .blank
                case 0x09: .tab
                default: glyph.isBlank ? .newline : .text
                }
            atoms.append(
                Atom(
                    run: run, start: start, byteCount: glyph.byteCount, columns: glyph.columns, kind: kind,
                    traits: byte < 0x80 ? BreakTraits(ascii: byte) : BreakTraits(glyph.grapheme.text)))
            start += glyph.byteCount
            index = utf8.index(index, offsetBy: glyph.byteCount)
        }
    }

    private var available: Int { result.isEmpty ? firstWidth : nextWidth }

    private func width(of atom: Atom, at column: Int) -> Int {
        atom.kind == .tab ? min(layout.tabStop - column % layout.tabStop, available) : atom.columns
    }

    private func columns(of range: Range<Int>) -> Int {
        range.reduce(0) { $0 + width(of: atoms[$1], at: $0) }
    }

    private func mayBreak(before index: Int) -> Bool {
        guard layout.breaking == .words else { return false }
        let previous = atoms[index - 1]
        if previous.isBlank { return true }
        let traits = atoms[index].traits
        // Combining leftovers stay with what they follow.
        guard atoms[index].columns > 0, !traits.contains(.closing), !previous.traits.contains(.opening) else {
            return false
        }
        if traits.contains(.ideograph) || previous.traits.contains(.ideograph) { return true }
        guard previous.traits.contains(.hyphen), traits.contains(.letter), index > 1 else { return false }
        return atoms[index - 2].traits.contains(.letter)
    }

    // MARK: - Lines

    private func offset(ofAtom index: Int) -> Int {
        index < atoms.count ? runOffsets[atoms[index].run] + atoms[index].start : byteCount
    }

    private mutating func close(_ range: Range<Int>, next: Int, isSoft: Bool) {
        let drawn = drawnAtoms(of: range, isSoft: isSoft)
        let width = available
        let prefix = result.isEmpty ? layout.firstPrefix : layout.nextPrefix
        var line = StyledLine(
            runs: prefix.runs, columns: layout.width - width + drawn.columns, indent: layout.width - width,
            source: offset(ofAtom: range.lowerBound)..<offset(ofAtom: next))
        appendRuns(of: drawn.range, to: &line.runs)
        if drawn.range.upperBound < next { line.rest = text(of: drawn.range.upperBound..<next) }
        if atoms[drawn.range].contains(where: { $0.kind == .tab }) { line.original = text(of: drawn.range) }
        result.append(line)
    }

    private func text(of range: Range<Int>) -> String {
        var text = ""
        for atom in atoms[range] {
            let utf8 = runs[atom.run].text.utf8
            let start = utf8.index(utf8.startIndex, offsetBy: atom.start)
            text += runs[atom.run].text[start..<utf8.index(start, offsetBy: atom.byteCount)]
        }
        return text
    }

    // At a break no blank is drawn; at a line's own end those that fit are.
    private func drawnAtoms(of range: Range<Int>, isSoft: Bool) -> (range: Range<Int>, columns: Int) {
        guard layout.breaking == .words else { return (range, columns(of: range)) }
        var end = range.upperBound
        while isSoft, end > range.lowerBound, atoms[end - 1].isBlank { end -= 1 }
        var columns = 0
        for index in range.lowerBound..<end {
            let next = columns + width(of: atoms[index], at: columns)
            if next > available { return (range.lowerBound..<index, columns) }
            columns = next
        }
        return (range.lowerBound..<end, columns)
    }

    private func appendRuns(of range: Range<Int>, to lineRuns: inout [StyledRun]) {
        var index = range.lowerBound
        var column = 0
        var run = -1
        var text = ""
        func flush() {
            if run >= 0, !text.isEmpty { lineRuns.append(StyledRun(text, style: runs[run].style)) }
            text = ""
        }
        while index < range.upperBound {
            let first = atoms[index]
            if first.run != run { flush() }
            run = first.run
            if first.kind == .tab {
                let columns = width(of: first, at: column)
                text += String(repeating: " ", count: columns)
                column += columns
                index += 1
                continue
            }
            var length = 0
            while index < range.upperBound, atoms[index].run == run, atoms[index].kind != .tab {
                length += atoms[index].byteCount
                column += atoms[index].columns
                index += 1
            }
            let utf8 = runs[run].text.utf8
            let start = utf8.index(utf8.startIndex, offsetBy: first.start)
            text += runs[run].text[start..<utf8.index(start, offsetBy: length)]
        }
        flush()
    }
}
