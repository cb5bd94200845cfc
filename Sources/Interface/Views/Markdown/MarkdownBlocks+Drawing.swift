import Cells

extension MarkdownBlocks {
    /// Draws what a paragraph has; its last line stays open when more words of the same line follow.
    mutating func drawParagraph(_ paragraph: inout Paragraph, isLast: Bool, into lines: inout [TranscriptLine]) {
        guard !paragraph.source.isEmpty || paragraph.carry != nil else { return }
        let isOpenEnded = paragraph.source.utf8.last == 0x20
        var text = paragraph.carry ?? StyledText()
        text.append(parser.text(of: paragraph.source, base: base))
        if let gap = paragraph.gap { lines.append(gap) }
        let prefixes = takePrefixes()
        var laidOut = TextLayout(width: max(2, width - prefixes.next.columns)).lines(of: text)
        let (start, offset) = (paragraph.start, paragraph.offset)
        paragraph = Paragraph(isRest: true, start: start, offset: offset + text.plain.utf8.count)
        if !isLast, let open = laidOut.popLast() {
            paragraph.offset = offset + open.source.lowerBound
            var carry = StyledText(runs: open.runs)
            if isOpenEnded { carry.append(" ", style: base) }
            paragraph.carry = carry
            // The mark of an item waits for the first line that is drawn.
            if laidOut.isEmpty { restoreMarks(prefixes) }
        }
        draw(laidOut, prefixes, from: start, offset, into: &lines)
    }

    private mutating func restoreMarks(_ prefixes: (first: StyledText, next: StyledText)) {
        guard prefixes.first != prefixes.next else { return }
        for index in containers.indices.reversed() {
            guard case .item(var item) = containers[index] else { continue }
            item.isMarkDrawn = false
            containers[index] = .item(item)
            return
        }
    }

    mutating func drawHeading(
        _ source: String, _ level: Int, gap: TranscriptLine?? = .none, from line: Int,
        into lines: inout [TranscriptLine]
    ) {
        if let gap = gap ?? takeGap() { lines.append(gap) }
        var style = styles.heading
        if level == 1 { style = style.adding(.underline) }
        let prefixes = takePrefixes()
        let text = parser.text(of: source, base: style)
        let laidOut = TextLayout(width: max(2, width - prefixes.next.columns)).lines(of: text)
        draw(laidOut, prefixes, from: line, 0, into: &lines)
    }

    mutating func drawRule(into lines: inout [TranscriptLine]) {
        drawGap(into: &lines)
        let prefixes = takePrefixes()
        let stroke = String(repeating: "─", count: max(1, min(width, 60) - prefixes.next.columns))
        draw([StyledLine(StyledText(stroke, style: styles.line))], prefixes, from: lineNumber, 0, into: &lines)
    }

    // MARK: - Code

    mutating func drawCodeLabel(_ label: String, into lines: inout [TranscriptLine]) {
        let prefixes = takePrefixes()
        let room = max(2, width - prefixes.next.columns - 2)
        let line = TextLayout(width: room, breaking: .anywhere).lines(of: label, style: styles.codeBar)[0]
        drawCode([line], prefixes, from: 0, into: &lines)
    }

    /// Draws a line of code, in as many lines as it needs; its end stays open when more of it follows.
    mutating func drawCode(_ code: String, isLast: Bool = true, into lines: inout [TranscriptLine]) {
        var text = codeCarry ?? StyledText()
        codeCarry = nil
        // The pieces of a line that is too long for it say nothing by themselves.
        if codeOffset == 0, isLast, text.isEmpty, var colors = highlighter {
            text = colors.line(code, styles: styles.syntax)
            highlighter = colors
        } else {
            text.append(code, style: styles.codeBlock)
        }
        let prefixes = takePrefixes()
        let room = max(2, width - prefixes.next.columns - 2)
        var laidOut = TextLayout(width: room, breaking: .anywhere).lines(of: text)
        let offset = codeOffset
        codeOffset = 0
        if !isLast, let open = laidOut.popLast() {
            codeCarry = StyledText(runs: open.runs)
            codeOffset = offset + open.source.lowerBound
        }
        drawCode(laidOut, prefixes, from: offset, into: &lines)
    }

    private mutating func drawCode(
        _ code: [StyledLine], _ prefixes: (first: StyledText, next: StyledText), from offset: Int,
        into lines: inout [TranscriptLine]
    ) {
        for (index, line) in code.enumerated() {
            var bar = index == 0 ? prefixes.first : prefixes.next
            let start = bar.columns
            bar.append("▏ ", style: styles.codeBar)
            var drawn = TranscriptLine(bar, line)
            drawn.fill = styles.codeBlock
            drawn.fillStart = start
            lines.append(drawn.from(lineNumber, offset + line.source.lowerBound))
        }
        if !code.isEmpty { noteOutput() }
    }

    private mutating func draw(
        _ text: [StyledLine], _ prefixes: (first: StyledText, next: StyledText), from source: Int, _ offset: Int,
        into lines: inout [TranscriptLine]
    ) {
        for (index, line) in text.enumerated() {
            let drawn = TranscriptLine(index == 0 ? prefixes.first : prefixes.next, line)
            lines.append(drawn.from(source, offset + line.source.lowerBound))
        }
        if !text.isEmpty { noteOutput() }
    }

    // MARK: - Lines that are longer than a piece

    /// Makes room for the rest of a line whose first piece was fed: what follows belongs to the same block.
    mutating func beginLongLine(into lines: inout [TranscriptLine]) {
        switch leaf {
        case .fence:
            // The piece was drawn as a line of its own; the next one begins a line.
            codeOffset = Self.pieceLength + Self.pieceLength
        case .indented:
            codeOffset = Self.pieceLength + Self.pieceLength
        case .paragraph(var paragraph):
            leaf = .none
            drawParagraph(&paragraph, isLast: false, into: &lines)
            leaf = .paragraph(paragraph)
        case .none, .table, .formula:
            closeLeaf(into: &lines)
            leaf = .paragraph(Paragraph(isRest: true, start: lineNumber, offset: Self.pieceLength))
        }
    }

    /// Takes in more of a long line.
    mutating func feedRest(_ bytes: [UInt8], isLast: Bool, into lines: inout [TranscriptLine]) {
        let text = String(decoding: bytes, as: UTF8.self)
        guard case .paragraph(var paragraph) = leaf else {
            drawCode(text, isLast: isLast, into: &lines)
            return
        }
        leaf = .none
        paragraph.source = text
        drawParagraph(&paragraph, isLast: isLast, into: &lines)
        leaf = .paragraph(paragraph)
    }
}
