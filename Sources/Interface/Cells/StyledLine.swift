/// One line of laid-out text, ready for `Grid.put`.
public struct StyledLine: Hashable, Sendable {
    /// What is drawn, the prefix first; tabs are blanks already.
    public var runs: [StyledRun]
    /// The columns that the runs take.
    public var columns: Int
    /// The columns at the start that are prefix and not text.
    public var indent: Int
    /// The UTF-8 offsets of the laid-out text that this line stands for, with the blanks or the line break that end it.
    ///
    /// The sources of all lines, one after another, cover the whole text.
    public var source: Range<Int>
    /// What it stands for, its prefix and the end that is not drawn left out, where that is not what is drawn: tabs.
    public var original: String?
    /// What ends it and is not drawn: blanks, and the line break.
    public var rest = ""

    /// Makes a line.
    public init(runs: [StyledRun] = [], columns: Int = 0, indent: Int = 0, source: Range<Int> = 0..<0) {
        self.runs = runs
        self.columns = columns
        self.indent = indent
        self.source = source
    }

    /// Makes a line of text that needs no wrapping.
    public init(_ text: StyledText) {
        self.init(runs: text.runs, columns: text.columns, source: 0..<text.plain.utf8.count)
    }

    /// What is drawn, without styles.
    public var plain: String { runs.reduce(into: "") { $0 += $1.text } }
}
