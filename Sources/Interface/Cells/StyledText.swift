/// A piece of text in one style.
public struct StyledRun: Hashable, Sendable {
    /// The text.
    public var text: String
    /// How it looks.
    public var style: Style

    /// Makes a run.
    public init(_ text: String, style: Style = Style()) {
        self.text = text
        self.style = style
    }
}

/// Text whose parts look different; neighbouring runs never have the same style and none is empty.
public struct StyledText: Hashable, Sendable, ExpressibleByStringLiteral {
    /// The runs, in reading order.
    public private(set) var runs: [StyledRun] = []

    /// Makes an empty text.
    public init() {}

    /// Makes a text in one style.
    public init(_ text: String, style: Style = Style()) { append(text, style: style) }

    /// Makes a plain text.
    public init(stringLiteral value: String) { append(value) }

    /// Makes a text of runs.
    public init(runs: some Sequence<StyledRun>) {
        for run in runs { append(run.text, style: run.style) }
    }

    /// Adds text at the end.
    public mutating func append(_ text: String, style: Style = Style()) {
        guard !text.isEmpty else { return }
        if let last = runs.indices.last, runs[last].style == style {
            runs[last].text += text
        } else {
            runs.append(StyledRun(text, style: style))
        }
    }

    /// Adds another text at the end.
    public mutating func append(_ other: StyledText) {
        for run in other.runs { append(run.text, style: run.style) }
    }

    /// Whether there is nothing in it.
    public var isEmpty: Bool { runs.isEmpty }

    /// The text without its styles.
    public var plain: String { runs.count == 1 ? runs[0].text : runs.reduce(into: "") { $0 += $1.text } }

    /// The columns it takes on one line, tabs and line breaks counted as one.
    public var columns: Int { runs.reduce(0) { $0 + DisplayWidth.columns(of: $1.text) } }
}
