import Cells

extension MarkdownBlocks {
    /// The mark of an item that may begin here; an item that would break up a paragraph must look like one.
    func itemMark(_ line: [UInt8], at start: Int, matched: Int) -> MarkdownLine.ItemMark? {
        guard containers.count < Self.deepest, let mark = MarkdownLine.itemMark(line, at: start) else { return nil }
        if case .paragraph = leaf, matched == containers.count {
            return mark.isEmpty || (mark.number ?? 1) != 1 ? nil : mark
        }
        return mark
    }

    /// Opens an item, the next one of a list where there is one.
    mutating func open(
        _ mark: MarkdownLine.ItemMark, indent: Int, matched: Int, line: [UInt8], at start: Int,
        into lines: inout [TranscriptLine]
    ) {
        var number = mark.number
        if matched < containers.count, case .item(let previous) = containers[matched], let last = previous.number,
            number != nil
        {
            number = last + 1
        }
        close(to: matched, into: &lines)
        let bullets = ["•", "◦", "▪"]
        let depth = containers.reduce(0) { if case .item = $1 { $0 + 1 } else { $0 } }
        let text = number.map { "\($0). " } ?? bullets[depth % bullets.count] + " "
        containers.append(
            .item(
                Item(
                    indent: indent + mark.width, number: number, mark: StyledText(text, style: styles.marker),
                    line: lineNumber)))
    }

    /// Opens the text of a footnote, which is indented behind its mark.
    mutating func open(footnote label: String, matched: Int, into lines: inout [TranscriptLine]) {
        close(to: matched, into: &lines)
        let mark = StyledText(MathGuard.footnoteMark(label) + " ", style: styles.marker)
        containers.append(.item(Item(indent: 4, number: nil, mark: mark, line: lineNumber)))
    }

    /// Makes the bullet of the innermost item a box.
    mutating func tick(_ isTicked: Bool) {
        guard case .item(var item)? = containers.last else { return }
        let number = item.number.map { "\($0). " } ?? ""
        item.mark = StyledText(number + (isTicked ? "☑ " : "☐ "), style: styles.marker)
        containers[containers.count - 1] = .item(item)
    }

    /// Draws what is open inside a depth, and closes the containers there.
    mutating func close(to depth: Int, into lines: inout [TranscriptLine]) {
        closeLeaf(into: &lines)
        let undrawnMarks = containers[depth...].compactMap {
            if case .item(let item) = $0, !item.isMarkDrawn { item.line } else { nil }
        }
        if let line = undrawnMarks.first {
            if let gap = takeGap() { lines.append(gap.from(line, -1)) }
            lines.append(TranscriptLine(takePrefixes().first).from(line, 0))
            noteOutput()
        }
        containers.removeLast(containers.count - depth)
        commonDepth = min(commonDepth, depth)
    }

    /// Draws what is open, but for its containers.
    mutating func closeLeaf(into lines: inout [TranscriptLine]) {
        let closing = leaf
        leaf = .none
        highlighter = nil
        switch closing {
        case .none, .fence:
            break
        case .indented(let count):
            if count > 0 { blankSeen = true }
        case .paragraph(var paragraph):
            drawParagraph(&paragraph, isLast: true, into: &lines)
        case .formula(let formula):
            drawFormula(formula, isComplete: false, into: &lines)
        case .table(let table):
            if !table.isShown { lines += table.lines }
            lines += table.bottom
        }
    }

    // MARK: - Prefixes and gaps

    /// What stands before the first and the next lines of a block; the marks of the items are used up.
    mutating func takePrefixes() -> (first: StyledText, next: StyledText) {
        var first = StyledText()
        var next = StyledText()
        for index in containers.indices {
            switch containers[index] {
            case .quote:
                first.append("▌ ", style: styles.quoteBar)
                next.append("▌ ", style: styles.quoteBar)
            case .item(var item):
                let blanks = StyledText(String(repeating: " ", count: item.mark.columns), style: styles.text)
                first.append(item.isMarkDrawn ? blanks : item.mark)
                next.append(blanks)
                item.isMarkDrawn = true
                containers[index] = .item(item)
            }
        }
        // Nesting never takes more than two thirds of the width.
        guard next.columns > width * 2 / 3 else { return (first, next) }
        return (StyledText("» ", style: styles.marker), StyledText("» ", style: styles.marker))
    }

    /// The empty line before a block that begins now; nil for none.
    func gapLine() -> TranscriptLine? {
        guard hasOutput else { return nil }
        let startsItem = containers.contains { if case .item(let item) = $0 { !item.isMarkDrawn } else { false } }
        let isInItem = containers.contains { if case .item = $0 { true } else { false } }
        guard blankSeen || (!startsItem && !isInItem) else { return nil }
        let hasQuote = containers.prefix(commonDepth).contains { if case .quote = $0 { true } else { false } }
        guard hasQuote else { return .blank.from(lineNumber, -1) }
        var bar = StyledText()
        for container in containers.prefix(commonDepth) {
            switch container {
            case .quote: bar.append("▌ ", style: styles.quoteBar)
            case .item(let item):
                bar.append(String(repeating: " ", count: item.mark.columns), style: styles.text)
            }
        }
        return TranscriptLine(bar).from(lineNumber, -1)
    }

    mutating func takeGap() -> TranscriptLine? {
        let gap = gapLine()
        blankSeen = false
        return gap
    }

    mutating func drawGap(into lines: inout [TranscriptLine]) {
        if let gap = takeGap() { lines.append(gap) }
    }

    mutating func noteOutput() {
        hasOutput = true
        commonDepth = containers.count
    }

    /// How plain words look here.
    var base: Style {
        let isQuoted = containers.contains { if case .quote = $0 { true } else { false } }
        return isQuoted ? styles.quote.over(styles.text) : styles.text
    }
}
