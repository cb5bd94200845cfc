import Cells

/// Draws Markdown for a terminal as it streams.
struct MarkdownPrinter {
    mutating func append(_ text: String) -> String { SafeOutput.text(text) }
    mutating func finish() -> String { "" }
}
