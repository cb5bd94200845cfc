import Cells
import Conversation
import Session

/// Draws lines of a message with what is chosen, selected or found in it.
struct MessagePainter {
    private let layout: MessageLayout
    private let theme: Theme
    private let isChosen: Bool
    private let isReading: Bool
    private let isPointed: Bool
    private let selection: Range<Int>?
    private let find: Find?
    private let message: Message.ID

    init(_ state: SessionState, message: Message.ID, _ layout: MessageLayout, _ theme: Theme) {
        self.layout = layout
        self.theme = theme
        self.message = message
        isReading = state.reading != nil
        isChosen = state.reading?.message == message
        isPointed = state.pointed?.message == message
        selection = isChosen ? state.reading?.selection?.lines : nil
        find = state.find.flatMap { $0.hits.isEmpty ? nil : $0 }
    }

    /// What a row shows of a line of the message, with the bar of the chosen message before it.
    func content(of index: Int, selected: Range<Int>? = nil, width: Int) -> RowCache.Content {
        var line = layout.line(index, theme)
        let isOwn = index < layout.count - 1
        if find != nil { line = marked(line, at: index) }
        if isPointed, isOwn { line = line.over(theme.selection) }
        if let selection, layout.words.contains(index), selection.contains(line.source) {
            line = line.over(theme.selection)
        }
        if let selected { line = line.selecting(selected, theme.selection) }
        let bar: RowCache.Bar = !isReading ? .none : isChosen && isOwn ? .shown(theme.chosenBar) : .blank
        return RowCache.Content(line: line, bar: bar, width: width)
    }

    /// The pictures of which a row is one, placed.
    static func places(_ content: RowCache.Content, row: Int, in area: Rect) -> [PicturePlace] {
        guard !content.line.pieces.isEmpty else { return [] }
        let rest = content.words(in: area)
        return content.line.pieces.map {
            PicturePlace(
                $0.picture, at: Point(column: rest.column + $0.column, row: row - $0.row), clip: rest)
        }
    }

    // MARK: - Hits

    /// The line with what was looked for marked, also where it goes on from the line above or into the one below.
    private func marked(_ line: TranscriptLine, at index: Int) -> TranscriptLine {
        guard let find, layout.words.contains(index) else { return line }
        let block = block(around: index)
        let letters = block.flatMap { place in
            layout.line(place, theme).runs.flatMap { $0.text.filter { !$0.isWhitespace } }.map { (place, $0) }
        }
        let pattern = find.query.filter { !$0.isWhitespace }.map { $0.lowercased() }
        guard !pattern.isEmpty, letters.count >= pattern.count else { return line }
        let folded = letters.map { $0.1.lowercased() }
        var starts: [Int] = []
        var start = 0
        while start + pattern.count <= folded.count {
            if folded[start..<(start + pattern.count)].elementsEqual(pattern) {
                starts.append(start)
                start += pattern.count
            } else {
                start += 1
            }
        }
        guard !starts.isEmpty else { return line }
        let first = letters.firstIndex { $0.0 == index } ?? 0
        let current = currentStart(starts, in: block, find)
        return restyled(line) { letter in
            let place = first + letter
            guard let hit = starts.last(where: { $0 <= place }), place < hit + pattern.count else { return nil }
            return hit == current ? theme.currentHit : theme.hit
        }
    }

    /// The lines that are made of the same line of the source; of a very long one, those that are near.
    private func block(around index: Int) -> Range<Int> {
        let source = layout.line(index, theme).source
        var (low, high) = (index, index + 1)
        while low > layout.words.lowerBound, index - low < 100, layout.line(low - 1, theme).source == source {
            low -= 1
        }
        while high < layout.words.upperBound, high - index < 100, layout.line(high, theme).source == source {
            high += 1
        }
        return low..<high
    }

    /// Where the hit that was gone to begins, as well as that can be told: what is shown has no markup any more.
    private func currentStart(_ starts: [Int], in block: Range<Int>, _ find: Find) -> Int? {
        guard find.hits.indices.contains(find.current), find.hits[find.current].message == message,
            let unit = layout.unit(of: block.lowerBound), unit.contains(find.hits[find.current].line)
        else { return nil }
        let before = find.hits[..<find.current].reversed().prefix { $0.message == message && unit.contains($0.line) }
        return starts[min(before.count, starts.count - 1)]
    }

    /// The line with other styles for some of its letters, counted without blanks.
    private func restyled(_ line: TranscriptLine, _ style: (Int) -> Style?) -> TranscriptLine {
        var letter = 0
        var text = StyledText()
        for run in line.runs {
            for character in run.text {
                var look = run.style
                if !character.isWhitespace {
                    look = style(letter)?.over(run.style) ?? run.style
                    letter += 1
                }
                text.append(String(character), style: look)
            }
        }
        var marked = line
        marked.runs = text.runs
        return marked
    }
}
