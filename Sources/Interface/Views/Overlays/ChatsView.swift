import Cells
import Conversation
import FoundationEssentials
import Session

/// The list of old conversations, and what a search in them has found.
struct ChatsView {
    let context: ViewContext
    let secondsFromGMT: @Sendable (Double) -> Int

    /// What stands before the words that are looked for.
    private static let prompt = "/ "

    /// Draws the field and the lines around the chosen one.
    func draw(_ menu: ChatMenu, on screen: inout Screen, in area: Rect) -> OverlayPlaces {
        let height = menu.showsHits ? 2 : 1
        let hint = [
            context.hint(.send, menu.showsHits ? "opens there" : "opens"), context.hint(.cancel, "closes"),
        ].compactMap { $0 }
        let frame = OverlayFrame(
            title: "Earlier chats", hint: hint.joined(separator: " · "),
            lines: 1 + max(hasPictures(menu) ? Self.pictureRows : 1, menu.count * height),
            theme: context.theme, on: &screen.grid, in: area)
        let (field, below) = frame.inside.splitTop(1)
        let cursor = draw(field: menu.query, note: note(menu), on: &screen.grid, in: field)
        let inside = drawPicture(of: menu, on: &screen, in: below)
        let rows = ListRows(in: inside, count: menu.count, selected: menu.selected, height: height)
        for (index, line) in rows.shown {
            let isChosen = index == menu.selected
            if isChosen { screen.grid.fill(line, style: context.theme.selection) }
            if menu.showsHits, let hits = menu.hits {
                draw(hits[index], isChosen: isChosen, on: &screen.grid, in: line)
            } else if let chats = menu.chats {
                draw(chats[index], isChosen: isChosen, on: &screen.grid, in: line)
            }
        }
        return OverlayPlaces(cursor: cursor, rows: rows)
    }

    private func note(_ menu: ChatMenu) -> String {
        if menu.isSearching { return menu.hits == nil ? "searching …" : "" }
        if menu.showsHits { return menu.count == 0 ? "nothing found" : "\(menu.count) found" }
        guard let chats = menu.chats else { return "reading …" }
        return chats.isEmpty ? "no earlier chats" : menu.query.isEmpty ? "letters search in them" : ""
    }

    private func draw(field query: String, note: String, on grid: inout Grid, in line: Rect) -> Point? {
        let theme = context.theme
        var column = line.column + grid.put(Self.prompt, at: line.origin, style: theme.prompt, clip: line)
        // The end of a long query is what is being written.
        var words = SafeText.singleLine(query)[...]
        let room = line.columns - Self.prompt.count - 1
        while DisplayWidth.columns(of: String(words)) > room { words.removeFirst() }
        column += grid.put(String(words), at: Point(column: column, row: line.row), style: theme.composer, clip: line)
        let start = line.column + line.columns - DisplayWidth.columns(of: note)
        if start > column + 1 {
            grid.put(note, at: Point(column: start, row: line.row), style: theme.dim, clip: line)
        }
        return line.rows > 0 ? Point(column: min(column, line.column + line.columns - 1), row: line.row) : nil
    }

    // MARK: - A conversation

    private func draw(_ chat: ChatSummary, isChosen: Bool, on grid: inout Grid, in line: Rect) {
        let count = "\(chat.messageCount) \(chat.messageCount == 1 ? "message" : "messages")"
        draw(title: chat.title, chat.updatedAt, aside: count, isChosen: isChosen, on: &grid, in: line)
    }

    private func draw(
        title: String, _ date: Date, aside: String, isChosen: Bool, on grid: inout Grid, in line: Rect
    ) {
        let theme = context.theme
        let base = isChosen ? theme.selection : theme.text
        let seconds = date.timeIntervalSince1970
        let date = CivilTime(seconds: seconds, offset: secondsFromGMT(seconds)).minute
        let title = title.isEmpty ? "untitled" : SafeText.singleLine(title)
        let mark = isChosen ? "› " : "  "
        let room = line.columns - mark.count - date.count - aside.count - 4
        var column = line.column
        column += grid.put(mark + date + "  ", at: Point(column: column, row: line.row), style: base, clip: line)
        grid.put(
            title.shortened(to: room >= 8 ? room : line.columns - date.count - 4),
            at: Point(column: column, row: line.row), style: base, clip: line)
        if room >= 8 {
            let end = line.column + line.columns - DisplayWidth.columns(of: aside)
            grid.put(aside, at: Point(column: end, row: line.row), style: isChosen ? base : theme.dim, clip: line)
        }
    }

    // MARK: - A hit

    /// The rows that a list with pictures has at least.
    private static let pictureRows = 8

    private func hasPictures(_ menu: ChatMenu) -> Bool {
        context.pictures != nil && menu.showsHits
            && (menu.hits ?? []).contains { $0.picture.map(context.canShow) ?? false }
    }

    /// Draws the picture of the chosen hit beside the list, and returns the room that is left to it.
    ///
    /// The room is the same whichever hit is chosen, so that the lines stay where they are.
    private func drawPicture(of menu: ChatMenu, on screen: inout Screen, in area: Rect) -> Rect {
        guard let room = context.pictures, let hits = menu.hits, hasPictures(menu), area.columns >= 56 else {
            return area
        }
        let columns = area.columns / 3
        let (list, side) = area.splitLeft(area.columns - columns)
        let picture = hits.indices.contains(menu.selected) ? hits[menu.selected].picture : nil
        guard let picture, context.canShow(picture), picture.width > 0, picture.height > 0 else { return list }
        let cut = room.fit(picture, columns: columns - 2, rows: side.rows)
        screen.place(cut, at: Point(column: side.column + 2, row: side.row), clip: side)
        return list
    }

    private func draw(_ hit: SearchHit, isChosen: Bool, on grid: inout Grid, in lines: Rect) {
        draw(title: hit.title, hit.date, aside: Self.speaker(hit), isChosen: isChosen, on: &grid, in: lines)
        guard lines.rows > 1 else { return }
        let theme = context.theme
        let base = isChosen ? theme.selection : theme.dim
        let row = lines.row + 1
        var column = lines.column + 4
        if hit.place == .screen {
            column += grid.put("◉ ", at: Point(column: column, row: row), style: theme.chip.over(base), clip: lines)
        }
        for run in hit.snippet.runs {
            let style = run.isHit ? theme.hit.over(base) : base
            let words = SafeText.singleLine(run.text)
            column += grid.put(words, at: Point(column: column, row: row), style: style, clip: lines)
        }
    }

    private static func speaker(_ hit: SearchHit) -> String {
        switch hit.place {
        case .title: "title"
        case .reasoning: "thought"
        case .screen: "screen"
        case .words: hit.role == .user ? "you" : "answer"
        }
    }
}
