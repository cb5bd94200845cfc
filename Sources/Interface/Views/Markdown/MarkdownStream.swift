import Cells

/// The lines of a Markdown text that may still be growing.
///
///     stream.append(piece)    // as often as something arrives
///     stream.settle()         // before the lines are read
///
/// However the text was cut into pieces, the lines are the same. Appending costs the same in a long text as in a short
/// one: only the block at the end is laid out again.
struct MarkdownStream {
    private var blocks: MarkdownBlocks
    private var closed: [TranscriptLine] = []
    private var preview: [TranscriptLine] = []
    /// The line at the end that has no line break yet.
    private var tail: [UInt8] = []
    private var isInLongLine = false
    private var endedWithReturn = false
    private var isSettled = true

    // Lines longer than this are taken in pieces, so that a text without line breaks costs no more than others.
    private static let slack = 64

    init(width: Int, styles: MarkdownStyles) { blocks = MarkdownBlocks(width: width, styles: styles) }

    /// The number of lines.
    var count: Int { closed.count + tableCount + preview.count }

    /// The number of lines that stay as they are, whatever comes.
    var finalCount: Int { closed.count }

    private var tableCount: Int { blocks.openTable?.lines.count ?? 0 }

    /// A line, from the top.
    subscript(index: Int) -> TranscriptLine {
        if index < closed.count { return closed[index] }
        let rest = index - closed.count
        if let table = blocks.openTable, rest < table.lines.count { return table.lines[rest] }
        return preview[rest - tableCount]
    }

    /// The last line that is made of a place of the source or of what is above it; 0 where nothing is above it.
    func index(of source: Int, _ offset: Int) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            let line = self[middle]
            if (line.source, line.offset) <= (source, offset) { low = middle + 1 } else { high = middle }
        }
        return max(0, low - 1)
    }

    /// Takes in more text.
    mutating func append(_ text: String) {
        guard !text.isEmpty else { return }
        isSettled = false
        let safe = sanitized(text)
        for byte in safe.utf8 {
            if byte == 0x0A { endLine() } else { tail.append(byte) }
            if tail.count > MarkdownBlocks.pieceLength + Self.slack { cutTail() }
        }
    }

    /// Brings the lines up to date with what was appended.
    mutating func settle() {
        guard !isSettled else { return }
        isSettled = true
        var copy = blocks.preview()
        var lines: [TranscriptLine] = []
        if isInLongLine {
            copy.feedRest(tail, isLast: true, into: &lines)
        } else if !tail.isEmpty {
            copy.feed(tail, into: &lines)
        }
        copy.finish(into: &lines)
        preview = lines
    }

    /// Ends the text.
    mutating func finish() {
        if !tail.isEmpty || isInLongLine { endLine() }
        blocks.finish(into: &closed)
        preview = []
        isSettled = true
    }

    // MARK: - Lines

    private mutating func endLine() {
        if isInLongLine {
            blocks.feedRest(tail, isLast: true, into: &closed)
            isInLongLine = false
        } else {
            blocks.feed(tail, into: &closed)
        }
        tail.removeAll(keepingCapacity: true)
        blocks.lineNumber += 1
    }

    private mutating func cutTail() {
        let end = cut(tail)
        let piece = Array(tail[..<end])
        tail.removeFirst(end)
        if isInLongLine {
            blocks.feedRest(piece, isLast: false, into: &closed)
        } else {
            blocks.feed(piece, into: &closed)
            blocks.beginLongLine(into: &closed)
            isInLongLine = true
        }
    }

    /// Where a long line is cut: behind a blank, else between two characters.
    private func cut(_ line: [UInt8]) -> Int {
        let limit = MarkdownBlocks.pieceLength
        if let blank = line[(limit - 256)..<limit].lastIndex(of: 0x20) { return blank + 1 }
        let window = String(decoding: line[..<limit], as: UTF8.self)
        let last = window.index(before: window.endIndex)
        let end = window.utf8.distance(from: window.startIndex, to: last)
        if end > 0 { return end }
        // One character longer than a piece: any boundary of a scalar will do.
        var boundary = limit
        while boundary > 1, line[boundary] & 0xC0 == 0x80 { boundary -= 1 }
        return boundary
    }

    /// A line break may be cut in two: its line feed does not count again.
    private mutating func sanitized(_ text: String) -> String {
        let dropsFeed = endedWithReturn && text.utf8.first == 0x0A
        endedWithReturn = text.utf8.last == 0x0D
        let safe = SafeText.sanitized(dropsFeed ? String(text.unicodeScalars.dropFirst()) : text)
        return safe
    }
}
