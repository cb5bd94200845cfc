import Cells
import Conversation
import Session

/// The list of engines and models to choose from.
struct EnginesView {
    let context: ViewContext
    let current: (engine: EngineProfile, model: String)?

    /// Draws the list around the chosen entry, and below it the places where nothing can be asked.
    func draw(_ menu: EngineMenu, on grid: inout Grid, in area: Rect) -> OverlayPlaces {
        let theme = context.theme
        let entries = menu.entries
        let silent = menu.filter.isEmpty ? menu.silent : []
        let hint = [context.hint(.send, "switches"), context.hint(.cancel, "closes"), "letters narrow the list"]
        let width = min(area.columns, OverlayFrame.widest) - 4
        let notes = silent.flatMap { lines(of: $0, width: width) }
        let status = statusLine(menu, isEmpty: entries.isEmpty)
        let count = entries.count + notes.count + (status == nil ? 0 : 1)
        let title =
            menu.filter.isEmpty ? "Engines and models" : "Engines and models: \(SafeText.singleLine(menu.filter))"
        let frame = OverlayFrame(
            title: title, hint: hint.compactMap { $0 }.joined(separator: " · "), lines: max(1, count), theme: theme,
            on: &grid, in: area)
        let inside = frame.inside
        var row = inside.row
        let end = inside.row + inside.rows
        // The entries come first; what cannot be asked keeps a third of the room.
        let rest = min(notes.count + (status == nil ? 0 : 1), max(inside.rows / 3, inside.rows - entries.count))
        let room = max(0, inside.rows - rest)
        let chosen = menu.selected(current: current)
        let columns = Columns(entries, width: inside.columns)
        let rows = ListRows(in: inside.splitTop(room).top, count: entries.count, selected: chosen)
        for (index, line) in rows.shown {
            draw(entries[index], isChosen: index == chosen, columns, on: &grid, in: line)
            row += 1
        }
        for note in notes where row < end - (status == nil ? 0 : 1) {
            grid.put(note, at: Point(column: inside.column, row: row), clip: inside)
            row += 1
        }
        if let status, row < end {
            grid.put(status, at: Point(column: inside.column, row: row), style: theme.dim, clip: inside)
        }
        return OverlayPlaces(rows: rows)
    }

    private func statusLine(_ menu: EngineMenu, isEmpty: Bool) -> String? {
        if menu.isAsking { return "asking the engines …" }
        guard isEmpty else { return nil }
        return menu.filter.isEmpty ? "no engine answers" : "nothing matches"
    }

    private func lines(of silent: (name: String, sentence: String), width: Int) -> [StyledLine] {
        let words = SafeText.singleLine("\(silent.name): \(silent.sentence.prefix(500))")
        let mark = StyledText("✗ ", style: context.theme.dim)
        return TextLayout(width: width, firstPrefix: mark, nextPrefix: "  ").lines(of: words, style: context.theme.dim)
    }

    // MARK: - An entry

    /// How wide the parts of the lines are: what a model can do is worth more than the end of its name.
    private struct Columns {
        var model: Int
        var engine: Int

        init(_ entries: [EngineMenu.Entry], width: Int) {
            func widest(_ text: (EngineMenu.Entry) -> String) -> Int {
                entries.map { DisplayWidth.columns(of: SafeText.singleLine(text($0))) }.max() ?? 0
            }
            engine = min(widest(\.engine.name), width / 4)
            let rest = width - engine - EnginesView.gaps
            model = min(widest(\.model.id), max(rest - widest(EnginesView.abilities), rest / 3, 12))
        }
    }

    /// The mark before a line, and what is between its parts.
    private static let gaps = 7

    private static func abilities(_ entry: EngineMenu.Entry) -> String {
        let length = entry.model.contextLength.map { [Quantity.contextLength($0)] } ?? []
        return (length + entry.model.abilities + (entry.engine.isLocal ? [] : ["remote"])).joined(separator: " · ")
    }

    private func draw(
        _ entry: EngineMenu.Entry, isChosen: Bool, _ columns: Columns, on grid: inout Grid, in line: Rect
    ) {
        let theme = context.theme
        let base = isChosen ? theme.selection : theme.text
        if isChosen { grid.fill(line, style: base) }
        let isCurrent = current.map { EngineID($0.engine) == EngineID(entry.engine) && $0.model == entry.model.id }
        var column = line.column
        func put(_ text: String, _ width: Int?, _ style: Style) {
            let shown = width.map { text.shortened(to: $0) } ?? text
            grid.put(shown, at: Point(column: column, row: line.row), style: style, clip: line)
            column += width ?? DisplayWidth.columns(of: shown)
        }
        put((isChosen ? "›" : " ") + (isCurrent == true ? "● " : "  "), nil, base)
        put(SafeText.singleLine(entry.model.id), columns.model, base)
        column += 2
        put(SafeText.singleLine(entry.engine.name), columns.engine, isChosen ? base : theme.dim)
        column += 2
        let room = line.column + line.columns - column
        put(Self.abilities(entry).shortened(to: room), nil, isChosen ? base : theme.dim)
    }
}
