import Cells
import Conversation
import Session

/// The contact sheet: the frames of a recording with their times, which of them go, and what they cost.
struct FramesView {
    let context: ViewContext

    /// Rows that the picture beside the list has at least.
    private static let pictureRows = 12
    /// Columns below which there is no room for a picture beside the list.
    private static let fewestColumns = 56

    /// Draws the lines around the chosen one, with its picture beside them.
    func draw(_ sheet: FrameSheet, on screen: inout Screen, in area: Rect) -> OverlayPlaces {
        let theme = context.theme
        var hints = ["Space takes or leaves", context.hint(.send, "keeps"), context.hint(.cancel, "closes"), "o opens"]
        if sheet.isSent { hints.removeFirst(2) }
        let frame = OverlayFrame(
            title: title(sheet), hint: hints.compactMap { $0 }.joined(separator: " · "),
            lines: max(context.pictures == nil ? 1 : Self.pictureRows, sheet.entries.count), theme: theme,
            on: &screen.grid, in: area)
        let list = drawPicture(of: sheet, on: &screen, in: frame.inside)
        let rows = ListRows(in: list, count: sheet.entries.count, selected: sheet.selected)
        for (index, line) in rows.shown {
            draw(sheet.entries[index], isChosen: index == sheet.selected, on: &screen.grid, in: line)
        }
        return OverlayPlaces(rows: rows)
    }

    private func title(_ sheet: FrameSheet) -> String {
        let tokens = sheet.entries.filter(\.isKept).reduce(0) { $0 + cost($1.frame) }
        let goes = sheet.isSent ? "went" : "go"
        return "Frames of \(Quantity.moment(sheet.seconds)): \(sheet.keptCount) of \(sheet.entries.count) \(goes), "
            + "\(Quantity.tokens(tokens)) tokens"
    }

    private func cost(_ frame: TimedPicture) -> Int { context.tokenCost(frame.picture, context.model?.id) }

    private func draw(_ entry: FrameSheet.Entry, isChosen: Bool, on grid: inout Grid, in line: Rect) {
        let theme = context.theme
        let style = isChosen ? theme.selection : entry.isKept ? theme.text : theme.dim
        if isChosen { grid.fill(line, style: style) }
        let time = Quantity.moment(entry.frame.time)
        let text =
            (isChosen ? "› " : "  ") + (entry.isKept ? "● " : "○ ")
            + String(repeating: " ", count: max(0, 8 - time.count)) + time + "  "
            + SafeText.singleLine(entry.frame.why)
            + (entry.frame.windowTitle.map { "  " + SafeText.singleLine($0) } ?? "")
        let aside = context.canShow(entry.frame.picture) ? "\(Quantity.tokens(cost(entry.frame)))" : "no longer kept"
        // A long title leaves room for what the frame costs.
        let room = entry.frame.windowTitle == nil ? line.columns : line.columns - DisplayWidth.columns(of: aside) - 2
        let column = grid.put(text.shortened(to: max(0, room)), at: line.origin, style: style, clip: line)
        let start = line.column + line.columns - DisplayWidth.columns(of: aside)
        if start > line.column + column + 1 {
            grid.put(aside, at: Point(column: start, row: line.row), style: isChosen ? style : theme.dim, clip: line)
        }
    }

    /// Draws the chosen frame beside the list, and returns the room that is left to it.
    private func drawPicture(of sheet: FrameSheet, on screen: inout Screen, in area: Rect) -> Rect {
        guard let room = context.pictures, area.columns >= Self.fewestColumns else { return area }
        let (list, side) = area.splitLeft(area.columns * 2 / 5)
        let picture = sheet.entries[sheet.selected].frame.picture
        guard context.canShow(picture), picture.width > 0, picture.height > 0 else { return list }
        let cut = room.fit(picture, columns: side.columns - 2, rows: side.rows)
        screen.place(cut, at: Point(column: side.column + 2, row: side.row), clip: side)
        return list
    }
}
