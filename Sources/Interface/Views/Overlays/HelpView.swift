import Cells
import Session

/// The map of the keys, made from the table of commands.
struct HelpView {
    private let lines: [StyledLine]
    private let context: ViewContext

    /// Collects the lines, no wider than a frame in so many columns leaves room for.
    init(columns: Int, context: ViewContext) {
        self.context = context
        let theme = context.theme
        let width = min(columns, OverlayFrame.widest) - 4
        var lines: [StyledLine] = []
        func add(_ title: String) {
            if !lines.isEmpty { lines.append(StyledLine()) }
            lines.append(StyledLine(StyledText(title, style: theme.title)))
        }
        func add(_ key: String, _ help: String) {
            let indent = min(28, width / 2)
            var mark = StyledText(" " + key.shortened(to: indent - 3), style: theme.key)
            mark.append(String(repeating: " ", count: indent - mark.columns), style: theme.text)
            let next = StyledText(String(repeating: " ", count: indent))
            lines += TextLayout(width: width, firstPrefix: mark, nextPrefix: next).lines(of: help, style: theme.text)
        }
        for topic in Command.Topic.allCases {
            add(topic.rawValue)
            for command in Command.allCases where command.description.topic == topic {
                let keys = context.keymap.chords(for: command).map(\.label)
                if !keys.isEmpty { add(keys.joined(separator: ", "), command.description.help) }
            }
        }
        add("Written in the composer")
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
