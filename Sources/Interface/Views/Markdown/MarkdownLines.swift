public import Cells

/// Markdown as lines for a terminal that scrolls: what the shell prints while an answer streams.
///
/// Lines are either final or open; open ones may look different after more text.
public struct MarkdownLines {
    private var stream: MarkdownStream
    private var given = 0

    /// Makes an empty text for a terminal of a width.
    public init(columns: Int, theme: Theme) {
        stream = MarkdownStream(width: max(1, columns), styles: MarkdownStyles(theme))
    }

    /// Takes in more text.
    ///
    /// - Returns: The lines that became final, and those that are open now.
    public mutating func append(_ text: String) -> (final: [StyledLine], open: [StyledLine]) {
        stream.append(text)
        stream.settle()
        return take()
    }

    /// Ends the text.
    ///
    /// - Returns: The lines that were open.
    public mutating func finish() -> [StyledLine] {
        stream.finish()
        return take().final
    }

    private mutating func take() -> (final: [StyledLine], open: [StyledLine]) {
        let final = (given..<stream.finalCount).map { StyledLine(runs: stream[$0].runs) }
        given = stream.finalCount
        return (final, (given..<stream.count).map { StyledLine(runs: stream[$0].runs) })
    }
}
