import Cells
import Session

/// The lines that are being written, and where the cursor is in them.
struct ComposerView {
    private let lines: [StyledLine]
    private let cursor: Point
    private let isEmpty: Bool
    private let theme: Theme

    private static let prompt = "› "
    // As much as the tallest screen shows; a pasted book is not laid out with every key.
    private static let window = 6_000

    /// Lays out what is being written, near the cursor.
    init(_ composer: Composer, width: Int, theme: Theme) {
        self.theme = theme
        isEmpty = composer.before.isEmpty && composer.after.isEmpty
        let before = SafeText.sanitized(Self.end(of: composer.before))
        let after = SafeText.sanitized(String(composer.after.prefix(Self.window)))
        let text = before + after
        // One column stays free, so that the cursor has a place behind a full line.
        let layout = TextLayout(
            width: max(2, width - 1), firstPrefix: StyledText(Self.prompt, style: theme.prompt), nextPrefix: "  ",
            breaking: .anywhere)
        lines = layout.lines(of: text, style: theme.composer)
        cursor = layout.place(of: before.utf8.count, in: text, lines: lines)
    }

    /// The rows that it would like.
    var height: Int { lines.count }

    /// Draws it, scrolled so that the cursor is inside, and returns the cursor's place.
    func draw(on grid: inout Grid, in area: Rect) -> Point? {
        guard area.rows > 0 else { return nil }
        let top = min(max(0, cursor.row - area.rows + 1), max(0, lines.count - area.rows))
        for (offset, line) in lines.dropFirst(top).prefix(area.rows).enumerated() {
            grid.put(line, at: Point(column: area.column, row: area.row + offset), clip: area)
        }
        if isEmpty {
            let words = "Write a question …".shortened(to: area.columns - 3)
            grid.put(words, at: Point(column: area.column + 2, row: area.row), style: theme.dim, clip: area)
        }
        return Point(
            column: min(area.column + cursor.column, area.column + area.columns - 1),
            row: area.row + min(cursor.row - top, area.rows - 1))
    }

    private static func end(of text: String) -> String {
        guard text.utf8.count > window else { return text }
        guard let start = text.index(text.endIndex, offsetBy: -window, limitedBy: text.startIndex) else { return text }
        let part = text[start...]
        return String(part.firstIndex(of: "\n").map { part[part.index(after: $0)...] } ?? part)
    }
}
