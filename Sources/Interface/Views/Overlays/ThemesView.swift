import Cells
import Session

/// The list of themes; the chosen one is what everything is drawn with.
struct ThemesView {
    let context: ViewContext

    /// Draws the list around the chosen entry, low on the screen, so that the conversation above shows the colours.
    func draw(_ menu: ThemeMenu, on grid: inout Grid, in area: Rect) -> OverlayPlaces {
        let theme = context.theme
        let entries = menu.entries
        let hints = [context.hint(.send, "keeps it"), context.hint(.cancel, "goes back"), "letters narrow the list"]
        let height = max(3, min(area.rows, max(6, area.rows / 2)))
        let low = Rect(
            column: area.column, row: area.row + area.rows - height, columns: area.columns, rows: height)
        let frame = OverlayFrame(
            title: menu.filter.isEmpty ? "Themes" : "Themes: \(SafeText.singleLine(menu.filter))",
            hint: hints.compactMap { $0 }.joined(separator: " · "), lines: max(1, entries.count), theme: theme,
            on: &grid, in: low)
        let inside = frame.inside
        guard !entries.isEmpty else {
            let words = menu.listings.isEmpty ? "reading …" : "nothing matches"
            grid.put(words, at: inside.origin, style: theme.dim, clip: inside)
            return OverlayPlaces()
        }
        let rows = ListRows(in: inside, count: entries.count, selected: menu.selected ?? 0)
        let width = min(24, entries.map { DisplayWidth.columns(of: $0.name) }.max() ?? 0)
        for (index, line) in rows.shown {
            let entry = entries[index]
            let isChosen = entry.name == menu.chosen
            let style = isChosen ? theme.selection : theme.text
            if isChosen { grid.fill(line, style: style) }
            let mark = (isChosen ? "›" : " ") + (entry.name == menu.original ? "● " : "  ")
            grid.put(
                mark + SafeText.singleLine(entry.name).shortened(to: width), at: line.origin, style: style, clip: line)
            let about = SafeText.singleLine(entry.about).shortened(to: inside.columns - width - 5)
            let place = Point(column: line.column + 5 + width, row: line.row)
            grid.put(about, at: place, style: isChosen ? style : theme.dim, clip: line)
        }
        return OverlayPlaces(rows: rows)
    }
}
