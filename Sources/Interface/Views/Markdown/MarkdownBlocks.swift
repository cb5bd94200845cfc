import Cells

/// Lays out Markdown line by line, and can go on after any line.
///
/// Containers (quotes, list items) and the kinds of blocks in them are found here, with the rules of CommonMark as far as
/// answers use them; `InlineParser` reads what is inside a paragraph, a heading or a cell. What is laid out is never laid
/// out again: no block is longer in memory than a paragraph's piece, a line of code, or a table.
struct MarkdownBlocks {
    enum Container {
        case quote
        case item(Item)
    }

    struct Item {
        /// Columns of the source that its text is indented by.
        var indent: Int
        var number: Int?
        var mark: StyledText
        var isMarkDrawn = false
        /// The line of the source that it begins on.
        var line = 0
    }

    enum Leaf {
        case none
        case paragraph(Paragraph)
        case fence(MarkdownLine.Fence)
        case indented(blankLines: Int)
        case table(MarkdownTable)
        case formula(Formula)
    }

    /// A formula with lines of its own.
    struct Formula {
        var source: String
        var closing: String
        /// The line of the source that it begins on.
        var start: Int
        var gap: TranscriptLine?
        /// What it was opened with, to be shown where it cannot be rendered.
        var opening: String { closing == "$$" ? "$$" : "\\[" }
    }

    struct Paragraph {
        /// The lines that are not laid out yet.
        var source = ""
        /// The last line on the screen, when the next words go on behind it.
        var carry: StyledText?
        /// What separates it from what is above, until its first line is drawn.
        var gap: TranscriptLine?
        /// Whether it is the rest of a longer one, which can become neither heading nor table.
        var isRest = false
        /// The line of the source that it begins on, and how much of what that line shows is drawn.
        var start = 0
        var offset = 0
    }

    /// Deeper nesting is text.
    static let deepest = 12
    /// A paragraph longer than this is laid out in pieces.
    static let pieceLength = 2_048

    let width: Int
    let parser: InlineParser
    var containers: [Container] = []
    var leaf = Leaf.none
    /// Colours the block of code that is open; nil for plain ones.
    var highlighter: CodeHighlighter?
    /// The end of a line of code that is longer than a piece, and where in the line it begins.
    var codeCarry: StyledText?
    var codeOffset = 0
    /// The line of the source that is fed, from nought.
    var lineNumber = 0
    /// Whether anything is drawn yet.
    var hasOutput = false
    var blankSeen = false
    /// Containers that were open all the time since something was drawn.
    var commonDepth = 0
    /// Whether this is a copy that only shows how an unfinished line would look.
    private(set) var isPreview = false

    var styles: MarkdownStyles { parser.styles }

    init(width: Int, styles: MarkdownStyles) {
        self.width = max(4, width)
        parser = InlineParser(styles: styles)
    }

    /// A copy to lay out an unfinished line with.
    func preview() -> MarkdownBlocks {
        var copy = self
        copy.isPreview = true
        if case .table(var table) = leaf {
            table.isShown = true
            copy.leaf = .table(table)
        }
        return copy
    }

    /// The lines of a table that still grows; they belong behind everything that was drawn.
    var openTable: MarkdownTable? { if case .table(let table) = leaf { table } else { nil } }

    // MARK: - Lines

    /// Takes in a line, and draws what it completes.
    mutating func feed(_ bytes: [UInt8], into lines: inout [TranscriptLine]) {
        let line = MarkdownLine.expandingTabs(bytes)
        var (matched, position) = match(line)
        if case .fence(let fence) = leaf {
            if matched == containers.count {
                feedCode(fence, line, bytes, from: position, into: &lines)
                return
            }
            leaf = .none
            highlighter = nil
        }
        if case .formula(let formula) = leaf, matched == containers.count {
            feedFormula(formula, line, from: position, into: &lines)
            return
        }
        if MarkdownLine.isBlank(line, from: position) {
            feedBlank(matched: matched, into: &lines)
            return
        }
        while true {
            // Containers that were opened just now may hold nothing yet.
            if MarkdownLine.isBlank(line, from: position) {
                if case .quote? = containers.last { blankSeen = true }
                return
            }
            let indent = MarkdownLine.indent(line, at: position)
            let start = position + indent
            if indent >= 4 {
                if feedIndented(line, from: position, matched: matched, into: &lines) { return }
                break
            }
            if line[start] == UInt8(ascii: ">"), containers.count < Self.deepest {
                close(to: matched, into: &lines)
                containers.append(.quote)
                position = start + 1
                if position < line.count, line[position] == 0x20 { position += 1 }
            } else if feedLeaf(line, at: start, indent: indent, matched: matched, into: &lines) {
                return
            } else if let note = MarkdownLine.footnoteText(line, at: start), containers.count < Self.deepest {
                open(footnote: note.label, matched: matched, into: &lines)
                position = note.start
            } else if let mark = itemMark(line, at: start, matched: matched) {
                open(mark, indent: indent, matched: matched, line: line, at: start, into: &lines)
                position = start + mark.width
                if mark.isEmpty { return }
                if let box = MarkdownLine.taskBox(line, at: position) {
                    tick(box)
                    position += 4
                }
            } else {
                break
            }
            matched = containers.count
        }
        feedText(line, from: position, matched: matched, into: &lines)
    }

    /// Draws what is still open.
    mutating func finish(into lines: inout [TranscriptLine]) { close(to: 0, into: &lines) }

    /// How many containers go on in a line, and where their content begins.
    private func match(_ line: [UInt8]) -> (Int, Int) {
        var position = 0
        for (depth, container) in containers.enumerated() {
            let indent = MarkdownLine.indent(line, at: position)
            switch container {
            case .quote:
                guard indent < 4, position + indent < line.count, line[position + indent] == UInt8(ascii: ">") else {
                    return (depth, position)
                }
                position += indent + 1
                if position < line.count, line[position] == 0x20 { position += 1 }
            case .item(let item):
                if indent >= item.indent {
                    position += item.indent
                } else if !MarkdownLine.isBlank(line, from: position) {
                    return (depth, position)
                }
            }
        }
        return (containers.count, position)
    }

    // MARK: - Kinds of lines

    private mutating func feedBlank(matched: Int, into lines: inout [TranscriptLine]) {
        if case .indented(let count) = leaf, matched == containers.count {
            leaf = .indented(blankLines: count + 1)
            return
        }
        closeLeaf(into: &lines)
        if matched < containers.count { close(to: matched, into: &lines) }
        blankSeen = true
    }

    private mutating func feedCode(
        _ fence: MarkdownLine.Fence, _ line: [UInt8], _ bytes: [UInt8], from position: Int,
        into lines: inout [TranscriptLine]
    ) {
        if MarkdownLine.closes(fence, line, from: position) {
            leaf = .none
            highlighter = nil
            return
        }
        let start = position + min(fence.indent, MarkdownLine.indent(line, at: position))
        // Code keeps its tabs, for whoever copies it, unless a container ends in the middle of one.
        let code = MarkdownLine.textKeepingTabs(bytes, fromColumn: start) ?? MarkdownLine.text(line, from: start)
        drawCode(code, into: &lines)
    }

    private mutating func feedIndented(
        _ line: [UInt8], from position: Int, matched: Int, into lines: inout [TranscriptLine]
    ) -> Bool {
        if case .paragraph = leaf { return false }
        if case .indented(let count) = leaf, matched == containers.count {
            let last = lineNumber
            for line in 0..<count {
                lineNumber = last - count + line
                drawCode("", into: &lines)
            }
            lineNumber = last
        } else {
            close(to: matched, into: &lines)
            drawGap(into: &lines)
        }
        leaf = .indented(blankLines: 0)
        drawCode(MarkdownLine.text(line, from: position + 4), into: &lines)
        return true
    }

    /// Headings, rules and the first lines of fences.
    private mutating func feedLeaf(
        _ line: [UInt8], at start: Int, indent: Int, matched: Int, into lines: inout [TranscriptLine]
    ) -> Bool {
        if var fence = MarkdownLine.fence(line, at: start) {
            close(to: matched, into: &lines)
            drawGap(into: &lines)
            fence.indent = indent
            if !fence.label.isEmpty { drawCodeLabel(fence.label, into: &lines) }
            highlighter = CodeHighlighter(label: fence.label)
            leaf = .fence(fence)
            return true
        }
        if let formula = MarkdownLine.formula(line, at: start), beginFormula(formula, matched: matched, into: &lines) {
            return true
        }
        if let (level, text) = MarkdownLine.heading(line, at: start) {
            close(to: matched, into: &lines)
            let words = MarkdownLine.text(Array(line[..<text.upperBound]), from: text.lowerBound)
            drawHeading(words, level, from: lineNumber, into: &lines)
            return true
        }
        if case .paragraph(let paragraph) = leaf, matched == containers.count, !paragraph.isRest,
            let level = MarkdownLine.underline(line, at: start)
        {
            leaf = .none
            drawHeading(paragraph.source, level, gap: .some(paragraph.gap), from: paragraph.start, into: &lines)
            return true
        }
        if MarkdownLine.isRule(line, at: start) {
            close(to: matched, into: &lines)
            drawRule(into: &lines)
            return true
        }
        return false
    }

    private mutating func feedText(
        _ line: [UInt8], from position: Int, matched: Int, into lines: inout [TranscriptLine]
    ) {
        let start = position + MarkdownLine.indent(line, at: position)
        let text = MarkdownLine.text(line, from: start)
        if case .paragraph(var paragraph) = leaf {
            leaf = .none
            if matched == containers.count, beginTable(paragraph, delimiter: text, into: &lines) { return }
            if paragraph.source.isEmpty { (paragraph.start, paragraph.offset) = (lineNumber, 0) }
            if !paragraph.source.isEmpty { paragraph.source += "\n" }
            paragraph.source += text
            if paragraph.source.utf8.count > Self.pieceLength {
                drawParagraph(&paragraph, isLast: true, into: &lines)
                paragraph = Paragraph(isRest: true)
            }
            leaf = .paragraph(paragraph)
            return
        }
        if matched == containers.count, case .table(var table) = leaf {
            if isPreview, table.isShown {
                lines += table.preview(text, line: lineNumber)
            } else {
                // The leaf lets go of the table first, so that adding a row does not copy it.
                leaf = .none
                table.append(text, line: lineNumber)
                leaf = .table(table)
            }
            return
        }
        close(to: matched, into: &lines)
        leaf = .paragraph(Paragraph(source: text, gap: takeGap(), start: lineNumber))
    }

    private mutating func beginTable(
        _ paragraph: Paragraph, delimiter: String, into lines: inout [TranscriptLine]
    ) -> Bool {
        guard MarkdownLine.isDelimiterRow(delimiter), !paragraph.isRest else { return false }
        let split = paragraph.source.lastIndex(of: "\n")
        let header = split.map { String(paragraph.source[paragraph.source.index(after: $0)...]) } ?? paragraph.source
        guard header.contains("|") else { return false }
        var gap = paragraph.gap
        var before = self
        var drawn: [TranscriptLine] = []
        if let split {
            var words = Paragraph(
                source: String(paragraph.source[..<split]), gap: gap, start: paragraph.start)
            before.drawParagraph(&words, isLast: true, into: &drawn)
            gap = before.gapLine()
        }
        let prefixes = before.takePrefixes()
        guard
            let table = MarkdownTable(
                header: header, delimiter: delimiter, width: width, parser: parser, base: base, gap: gap,
                prefixes: prefixes, line: lineNumber - 1)
        else { return false }
        self = before
        lines += drawn
        noteOutput()
        leaf = .table(table)
        return true
    }
}
