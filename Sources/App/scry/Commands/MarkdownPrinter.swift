import Cells
import Glibc
import Views

/// Draws Markdown on a terminal as it streams: what is open is drawn again when more of it arrives.
struct MarkdownPrinter {
    private var lines: MarkdownLines
    private let rows: Int
    /// Open lines on the screen, which are taken back before the next ones are drawn.
    private var openCount = 0

    /// Makes a printer for the terminal that standard output is.
    init(theme: Theme) {
        var size = winsize()
        let isKnown = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 && size.ws_row > 2
        lines = MarkdownLines(columns: isKnown ? Int(size.ws_col) - 1 : 79, theme: theme)
        rows = isKnown ? Int(size.ws_row) : 24
    }

    /// What to write for more of the text.
    mutating func append(_ text: String) -> String {
        let (final, open) = lines.append(text)
        var output = takeBack() + final.map { $0.sequences + "\n" }.joined()
        // What has scrolled off the screen cannot be taken back, so it is not drawn before it is final.
        let shown = open.suffix(rows - 2)
        output += shown.map { $0.sequences + "\n" }.joined()
        openCount = shown.count
        return output
    }

    /// What to write at the end.
    mutating func finish() -> String {
        let output = takeBack() + lines.finish().map { $0.sequences + "\n" }.joined()
        openCount = 0
        return output
    }

    private func takeBack() -> String { openCount == 0 ? "" : "\u{1B}[\(openCount)A\r\u{1B}[J" }
}

extension StyledLine {
    /// The line with the escape sequences of ECMA-48 for its styles; ends in the terminal's own style.
    var sequences: String {
        runs.map { run in
            let parameters = run.style.parameters
            let text = parameters.isEmpty ? run.text : "\u{1B}[\(parameters.joined(separator: ";"))m\(run.text)\u{1B}[m"
            return run.style.link.map { "\u{1B}]8;;\($0.target)\u{1B}\\\(text)\u{1B}]8;;\u{1B}\\" } ?? text
        }.joined()
    }
}

extension Style {
    /// The parameters of "select graphic rendition".
    fileprivate var parameters: [String] {
        let names: [(Attributes, String)] = [
            (.bold, "1"), (.dim, "2"), (.italic, "3"), (.underline, "4"), (.reverse, "7"), (.strikethrough, "9"),
        ]
        return names.filter { attributes.contains($0.0) }.map(\.1) + Self.parameters(foreground, "38")
            + Self.parameters(background, "48")
    }

    private static func parameters(_ color: Color, _ plane: String) -> [String] {
        switch color {
        case .standard: []
        case .palette(let index): [plane, "5", "\(index)"]
        case .rgb(let red, let green, let blue): [plane, "2", "\(red)", "\(green)", "\(blue)"]
        }
    }
}
