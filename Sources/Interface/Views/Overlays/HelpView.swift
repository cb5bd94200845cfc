import Cells
import Session

/// The map of the keys, made from the table of commands.
struct HelpView {
    private let lines: [StyledText]
    private let context: ViewContext

    /// Collects the lines.
    init(context: ViewContext) {
        self.context = context
        let theme = context.theme
        var lines: [StyledText] = []
        func add(_ left: String, _ right: String) {
            var line = StyledText(" " + left, style: theme.key)
            let blanks = max(2, 26 - DisplayWidth.columns(of: left))
            line.append(String(repeating: " ", count: blanks) + right, style: theme.text)
            lines.append(line)
        }
        for topic in Command.Topic.allCases {
            if !lines.isEmpty { lines.append(StyledText()) }
            lines.append(StyledText(topic.rawValue, style: theme.title))
            for command in Command.allCases where command.description.topic == topic {
                let keys = context.keymap.chords(for: command).map(\.label)
                guard !keys.isEmpty else { continue }
                add(keys.joined(separator: ", "), command.description.help)
            }
        }
        lines += [StyledText(), StyledText("Written in the composer", style: theme.title)]
        for command in Command.allCases {
            guard let slash = command.description.slash else { continue }
            add("/" + slash + (command.description.argument.map { " " + $0 } ?? ""), command.description.help)
        }
        self.lines = lines
    }

    /// Draws the lines from one on; never past the last.
    func draw(top: Int, on grid: inout Grid, in area: Rect) {
        let hint = context.hint(.cancel, "closes") ?? ""
        let frame = OverlayFrame(
            title: "Keys", hint: "↑ ↓ scroll · " + hint, lines: lines.count, theme: context.theme, on: &grid, in: area)
        let rows = frame.inside.rows
        let first = min(max(0, top), max(0, lines.count - rows))
        for (offset, line) in lines.dropFirst(first).prefix(rows).enumerated() {
            grid.put(line, at: Point(column: frame.inside.column, row: frame.inside.row + offset), clip: frame.inside)
        }
    }
}
