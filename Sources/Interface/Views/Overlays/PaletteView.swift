import Cells
import Session

/// Every command with its keys, narrowed by what is typed.
struct PaletteView {
    let context: ViewContext

    /// Draws the field and the commands around the chosen one.
    func draw(_ menu: PaletteMenu, on grid: inout Grid, in area: Rect) -> OverlayPlaces {
        let theme = context.theme
        let commands = menu.commands
        let hint = [context.hint(.send, "does it"), context.hint(.cancel, "closes")].compactMap(\.self)
        let frame = OverlayFrame(
            title: "Commands", hint: hint.joined(separator: " · "), lines: 1 + menu.total, theme: theme,
            on: &grid, in: area)
        let (field, inside) = frame.inside.splitTop(1)
        var column = field.column + grid.put("› ", at: field.origin, style: theme.prompt, clip: field)
        column += grid.put(
            SafeText.singleLine(menu.query), at: Point(column: column, row: field.row), style: theme.composer,
            clip: field)
        if commands.isEmpty {
            grid.put("nothing is called that", at: inside.origin, style: theme.dim, clip: inside)
        }
        let rows = ListRows(in: inside, count: commands.count, selected: menu.selected)
        for (index, line) in rows.shown {
            draw(commands[index], isChosen: index == menu.selected, on: &grid, in: line)
        }
        let end = Point(column: min(column, field.column + field.columns - 1), row: field.row)
        return OverlayPlaces(cursor: field.rows > 0 ? end : nil, rows: rows)
    }

    private func draw(_ command: Command, isChosen: Bool, on grid: inout Grid, in line: Rect) {
        let theme = context.theme
        let base = isChosen ? theme.selection : theme.text
        if isChosen { grid.fill(line, style: base) }
        let slash = command.description.slash.map { "/" + $0 }
        let keys = context.keymap.chords(for: command).prefix(2).map(\.label)
        let aside = (keys + [slash].compactMap(\.self)).joined(separator: "  ")
        let room = line.columns - DisplayWidth.columns(of: aside) - 4
        let help = command.description.help
        grid.put((isChosen ? "› " : "  ") + help.shortened(to: room), at: line.origin, style: base, clip: line)
        let start = line.column + line.columns - DisplayWidth.columns(of: aside)
        grid.put(aside, at: Point(column: start, row: line.row), style: isChosen ? base : theme.dim, clip: line)
    }
}
