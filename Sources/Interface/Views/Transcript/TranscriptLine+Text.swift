import Cells
import Session

/// What a line of the transcript stands for: what is copied from it.
extension TranscriptLine {
    /// The text behind the bars and marks, with tabs as they were; what ends the line and is not drawn left out.
    var text: String {
        if let original { return original }
        return String(drawn.dropFirst(indent))
    }

    /// The marks of an item before the text, without bars.
    var mark: String {
        let marks = drawn.prefix(indent).filter { !Self.bars.contains($0) }
        return marks.allSatisfy(\.isWhitespace) ? "" : String(marks)
    }

    /// Whether it goes on in the next line, so that there is no line break between them.
    func goesOn(in next: TranscriptLine) -> Bool {
        guard let rest, next.rest != nil, next.source == source, next.offset > offset else { return false }
        return next.offset == offset + text.utf8.count + rest.utf8.count
    }

    private static let bars: Set<Character> = ["▏", "│", "▌", "▎", "┃"]

    private var drawn: String { runs.reduce(into: "") { $0 += $1.text } }

    // MARK: - Columns

    /// The UTF-8 offset in the text of the character at a column; of the last one past the end.
    func offset(at column: Int) -> Int {
        var found = 0
        walk { place, _, start, width in
            if width > 0 { found = place }
            return column >= start + max(1, width)
        }
        return found
    }

    /// The columns that a range of the text takes, both ends included.
    func columns(from first: Int?, through last: Int?) -> Range<Int>? {
        var (low, high): (Int?, Int) = (nil, 0)
        walk { place, _, start, width in
            guard place >= first ?? 0 else { return true }
            if let last, place > last { return false }
            low = low ?? start
            high = start + width
            return true
        }
        return low.map { $0..<max($0, high) }
    }

    /// A piece of the text, both ends included; all of it where an end is nil.
    func piece(from first: Int?, through last: Int?) -> String {
        var piece = ""
        walk { place, character, _, _ in
            guard place >= first ?? 0 else { return true }
            if let last, place > last { return false }
            piece.append(character)
            return true
        }
        return piece
    }

    /// The word around an offset; what is no word is one by itself.
    func word(at offset: Int) -> (first: Int, last: Int) {
        var (first, last): (Int?, Int) = (nil, offset)
        var wasWord = false
        var isDone = false
        walk { place, character, _, _ in
            guard !isDone else { return false }
            let isWord = character.isLetter || character.isNumber || "_-./:@~".contains(character)
            if place <= offset {
                if !(isWord && wasWord) { first = place }
                last = place
            } else if isWord && wasWord {
                last = place
            } else {
                isDone = true
            }
            wasWord = isWord
            return true
        }
        return (first ?? offset, last)
    }

    /// Visits the characters of the text with where they are: offset, character, column, columns.
    private func walk(_ visit: (Int, Character, Int, Int) -> Bool) {
        var offset = 0
        var column = indent
        for character in text {
            let width = character == "\t" ? 4 - (column - indent) % 4 : DisplayWidth.columns(of: character)
            guard visit(offset, character, column, width) else { return }
            offset += character.utf8.count
            column += width
        }
    }

    /// The same line with some columns selected.
    func selecting(_ columns: Range<Int>, _ surface: Style) -> TranscriptLine {
        var styled = StyledText()
        var column = 0
        for run in runs {
            for character in run.text {
                let isSelected = columns.contains(column)
                styled.append(String(character), style: isSelected ? run.style.over(surface) : run.style)
                column += DisplayWidth.columns(of: character)
            }
        }
        var line = self
        line.runs = styled.runs
        return line
    }

    /// The link at a column.
    func link(at column: Int) -> Link? {
        var start = 0
        for run in runs {
            let end = start + DisplayWidth.columns(of: run.text)
            if column < end { return column >= start ? run.style.link : nil }
            start = end
        }
        return nil
    }

    /// The picture at a column.
    func picture(at column: Int) -> PictureCut? {
        pieces.first { ($0.column..<$0.column + $0.picture.cells.columns).contains(column) }?.picture
    }

    /// The moment of a recording that is named at a column, in seconds.
    func moment(at column: Int) -> Double? {
        let line = drawn
        return RecordingMoment.all(in: line).first { moment in
            let start = DisplayWidth.columns(of: String(line[..<moment.range.lowerBound]))
            return column >= start && column < start + DisplayWidth.columns(of: String(line[moment.range]))
        }?.seconds
    }
}
