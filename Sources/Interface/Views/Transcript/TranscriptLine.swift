import Cells

/// A line of the transcript, as wide as it is.
struct TranscriptLine: Hashable {
    /// What is drawn.
    var runs: [StyledRun] = []
    /// What the rest of the line is filled with, from `fillStart` to the right edge; nil for nothing.
    var fill: Style?
    /// Where the filling begins.
    var fillStart = 0
    /// The pictures of which it is a row.
    var pieces: [PicturePiece] = []
    /// The line of the source that it was made of.
    var source = 0
    /// How far into what is shown of that line it begins; less than nought above the line's own.
    var offset = 0
    /// The columns at the start that are bars and marks, and no text.
    var indent = 0
    /// What it stands for where that is not what is drawn behind the indent.
    var original: String?
    /// What ends it and is not drawn; nil for lines that are no text: a border, a row of a table, a chip.
    var rest: String?

    /// An empty line.
    static let blank = TranscriptLine()

    init(runs: [StyledRun] = [], fill: Style? = nil, fillStart: Int = 0) {
        self.runs = runs
        self.fill = fill
        self.fillStart = fillStart
    }

    init(_ text: StyledText) { runs = text.runs }

    init(_ prefix: StyledText, _ line: StyledLine) {
        runs = prefix.runs + line.runs
        indent = prefix.columns + line.indent
        original = line.original
        rest = line.rest
    }

    init(_ line: StyledLine) { self.init(StyledText(), line) }

    /// The same line, made of this place of the source.
    func from(_ source: Int, _ offset: Int) -> TranscriptLine {
        var line = self
        (line.source, line.offset) = (source, offset)
        return line
    }

    /// The same line on a surface that fills its row.
    func over(_ surface: Style) -> TranscriptLine {
        var line = self
        line.runs = runs.map { StyledRun($0.text, style: $0.style.over(surface)) }
        line.fill = surface
        line.fillStart = 0
        return line
    }

    /// Draws the line into a row.
    func draw(on grid: inout Grid, row: Int, in area: Rect) {
        let clip = Rect(column: area.column, row: row, columns: area.columns, rows: 1)
        if let fill {
            let rest = Rect(
                column: area.column + fillStart, row: row, columns: area.columns - fillStart, rows: 1)
            grid.fill(rest.intersection(clip), style: fill)
        }
        grid.put(StyledLine(runs: runs), at: Point(column: area.column, row: row), clip: clip)
    }
}
