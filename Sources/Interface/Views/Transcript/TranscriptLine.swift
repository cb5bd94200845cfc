import Cells

/// A line of the transcript, as wide as it is.
struct TranscriptLine: Hashable {
    /// What is drawn.
    var runs: [StyledRun] = []
    /// What the rest of the line is filled with, from `fillStart` to the right edge; nil for nothing.
    var fill: Style?
    /// Where the filling begins.
    var fillStart = 0

    /// An empty line.
    static let blank = TranscriptLine()

    init(runs: [StyledRun] = [], fill: Style? = nil, fillStart: Int = 0) {
        self.runs = runs
        self.fill = fill
        self.fillStart = fillStart
    }

    init(_ text: StyledText) { runs = text.runs }

    init(_ prefix: StyledText, _ line: StyledLine) { runs = prefix.runs + line.runs }

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
