import Cells

extension MarkdownBlocks {
    /// Begins a formula that has lines of its own; `false` when more than the formula is on the line.
    mutating func beginFormula(
        _ begin: (text: String, closing: String), matched: Int, into lines: inout [TranscriptLine]
    ) -> Bool {
        let words = begin.text.trimmingBlanks
        let isWhole = words.hasSuffix(begin.closing) && words.count > begin.closing.count
        // Words behind the formula make a paragraph of it.
        guard isWhole || !words.contains(begin.closing) else { return false }
        close(to: matched, into: &lines)
        var formula = Formula(source: words, closing: begin.closing, start: lineNumber, gap: takeGap())
        if isWhole {
            formula.source = String(words.dropLast(begin.closing.count))
            drawFormula(formula, isComplete: true, into: &lines)
        } else {
            leaf = .formula(formula)
        }
        return true
    }

    /// Takes in a line of the formula that is open.
    mutating func feedFormula(
        _ formula: Formula, _ line: [UInt8], from position: Int, into lines: inout [TranscriptLine]
    ) {
        var formula = formula
        let words = MarkdownLine.text(line, from: position).trimmingBlanks
        let end = words.firstRange(of: formula.closing)
        let more = end.map { String(words[..<$0.lowerBound]) } ?? words
        if end == nil || !more.isEmpty { formula.source += (formula.source.isEmpty ? "" : "\n") + more }
        leaf = .none
        guard let end else {
            // What is not closed after so much is no formula.
            if formula.source.utf8.count > Self.pieceLength {
                drawFormula(formula, isComplete: false, into: &lines)
            } else {
                leaf = .formula(formula)
            }
            return
        }
        drawFormula(formula, isComplete: true, into: &lines)
        let rest = String(words[end.upperBound...]).trimmingBlanks
        if !rest.isEmpty { leaf = .paragraph(Paragraph(source: rest, gap: nil, start: lineNumber)) }
    }

    /// Draws a formula as text that can be read; as it was written where that is impossible.
    mutating func drawFormula(_ formula: Formula, isComplete: Bool, into lines: inout [TranscriptLine]) {
        if let gap = formula.gap { lines.append(gap) }
        let rendered = isComplete ? MathText.rendered(formula.source) : nil
        var words = rendered ?? formula.source
        if rendered == nil {
            let breaks = words.contains("\n") ? "\n" : ""
            words = formula.opening + breaks + words + (isComplete ? breaks + formula.closing : "")
        }
        let prefixes = takePrefixes()
        let layout = TextLayout(
            width: max(2, width - prefixes.next.columns), firstPrefix: "  ", nextPrefix: "  ")
        for (index, line) in layout.lines(of: words, style: base).enumerated() {
            let prefix = index == 0 ? prefixes.first : prefixes.next
            lines.append(TranscriptLine(prefix, line).from(formula.start, line.source.lowerBound))
        }
        noteOutput()
    }
}
