import Cells
import Conversation
import FoundationEssentials
import Session

/// The list of old conversations.
struct ChatsView {
    let context: ViewContext
    let secondsFromGMT: @Sendable (Double) -> Int

    /// Draws the list around the chosen one.
    func draw(_ chats: [ChatSummary]?, selected: Int, on grid: inout Grid, in area: Rect) {
        let theme = context.theme
        let hint = [context.hint(.send, "opens"), context.hint(.cancel, "closes")].compactMap { $0 }
        let frame = OverlayFrame(
            title: "Earlier chats", hint: hint.joined(separator: " · "), lines: max(1, chats?.count ?? 1),
            theme: theme, on: &grid, in: area)
        let inside = frame.inside
        guard let chats, !chats.isEmpty else {
            grid.put(
                chats == nil ? "reading …" : "no earlier chats", at: inside.origin, style: theme.dim, clip: inside)
            return
        }
        let chosen = min(max(0, selected), chats.count - 1)
        let first = min(max(0, chosen - inside.rows / 2), max(0, chats.count - inside.rows))
        for (offset, chat) in chats.dropFirst(first).prefix(inside.rows).enumerated() {
            let line = Rect(column: inside.column, row: inside.row + offset, columns: inside.columns, rows: 1)
            draw(chat, isChosen: first + offset == chosen, on: &grid, in: line)
        }
    }

    private func draw(_ chat: ChatSummary, isChosen: Bool, on grid: inout Grid, in line: Rect) {
        let theme = context.theme
        let base = isChosen ? theme.selection : theme.text
        if isChosen { grid.fill(line, style: base) }
        let seconds = chat.updatedAt.timeIntervalSince1970
        let date = CivilTime(seconds: seconds, offset: secondsFromGMT(seconds)).minute
        let count = "\(chat.messageCount) \(chat.messageCount == 1 ? "message" : "messages")"
        let title = chat.title.isEmpty ? "untitled" : SafeText.singleLine(chat.title)
        let mark = isChosen ? "› " : "  "
        let room = line.columns - mark.count - date.count - count.count - 4
        var column = line.column
        column += grid.put(mark + date + "  ", at: Point(column: column, row: line.row), style: base, clip: line)
        grid.put(
            title.shortened(to: room >= 8 ? room : line.columns - date.count - 4),
            at: Point(column: column, row: line.row), style: base, clip: line)
        if room >= 8 {
            let end = line.column + line.columns - count.count
            let style = isChosen ? base : theme.dim
            grid.put(count, at: Point(column: end, row: line.row), style: style, clip: line)
        }
    }
}
