import Cells
import Conversation
import Desktop
import Session

/// A picture on the whole screen, with a line about it below.
struct PictureView {
    let context: ViewContext
    let cell: PixelSize?
    /// The most cells that the picture may take; nil for any number.
    var limit: Size?

    /// Draws what is looked at over everything.
    func draw(_ viewing: PictureViewing, in state: SessionState, on screen: inout Screen) {
        let bounds = screen.grid.bounds
        screen.pictures = []
        screen.grid.fill(bounds)
        let (area, line) = bounds.splitBottom(1)
        let all = state.viewablePictures
        let place = all.firstIndex { $0.attachment.id == viewing.attachment && $0.number == viewing.number }
        guard let place else { return }
        let picture = all[place]
        if let cell {
            var (cut, origin) = self.place(picture.media, viewing, in: area, cell: cell)
            if let marking = viewing.marking { cut.marks = Self.marks(marking) }
            screen.place(cut, at: origin, clip: area)
        } else {
            let words = "Pictures are not shown in this terminal; o opens them in the desktop's viewer."
            screen.grid.put(words.shortened(to: area.columns), at: area.origin, style: context.theme.dim, clip: area)
        }
        screen.grid.fill(line, style: context.theme.status)
        let column = screen.grid.put(
            " " + caption(picture, viewing, all: all, place: place).shortened(to: line.columns - 1), at: line.origin,
            style: context.theme.statusStrong, clip: line)
        var hints = viewing.marking.map(Self.hints) ?? hints(all.count, isWaiting: picture.message == nil)
        // What is being done with it, or was, is said in their place.
        if viewing.marking == nil, let notice = state.notice { hints = [SafeText.singleLine(notice.text)] }
        // How to close it is said last and longest.
        while hints.count > 1, column + 2 + Self.columns(of: hints) > line.columns { hints.removeFirst() }
        let start = line.columns - Self.columns(of: hints)
        if start > column + 1 {
            screen.grid.put(
                hints.joined(separator: Self.between) + " ", at: Point(column: start, row: line.row),
                style: context.theme.status, clip: line)
        }
    }

    /// The pixel of the picture that is marked at a cell of the screen; nil while nothing is marked.
    func pixel(
        at point: Point, of viewing: PictureViewing, in state: SessionState, size: Size
    ) -> (x: Int, y: Int)? {
        guard viewing.marking != nil, let cell,
            let picture = state.viewablePictures.first(where: {
                $0.attachment.id == viewing.attachment && $0.number == viewing.number
            })
        else { return nil }
        let (cut, origin) = place(picture.media, viewing, in: Rect(size).splitBottom(1).rest, cell: cell)
        // The middle of the cell.
        let x = Double((point.column - origin.column) * cell.width + cell.width / 2)
        let y = Double((point.row - origin.row) * cell.height + cell.height / 2)
        return (
            cut.part.x + Int((x * Double(cut.part.width) / Double(cut.drawn.width)).rounded(.down)),
            cut.part.y + Int((y * Double(cut.part.height) / Double(cut.drawn.height)).rounded(.down))
        )
    }

    private func place(
        _ media: MediaReference, _ viewing: PictureViewing, in area: Rect, cell: PixelSize
    ) -> (PictureCut, Point) {
        let room = Size(
            columns: min(area.columns, limit?.columns ?? area.columns), rows: min(area.rows, limit?.rows ?? area.rows))
        let cut = Self.cut(media, viewing, into: room, cell: cell)
        let origin = Point(
            column: area.column + (area.columns - cut.cells.columns) / 2,
            row: area.row + (area.rows - cut.cells.rows) / 2)
        return (cut, origin)
    }

    private static func marks(_ marking: PictureMarking) -> [PictureMark] {
        func mark(_ part: Region, _ isCovered: Bool) -> PictureMark {
            PictureMark(
                part: PixelRect(x: part.x, y: part.y, width: part.width, height: part.height), isCovered: isCovered)
        }
        return marking.parts.map { mark($0, true) } + (marking.part.map { [mark($0, false)] } ?? [])
    }

    private static func hints(_ marking: PictureMarking) -> [String] {
        if marking.isApplied { return ["…"] }
        let own =
            marking.purpose == .cover
            ? ["u back", "Space one more", "Enter covers"]
            : [marking.isDetail ? "Enter takes it as a detail" : "Enter cuts it out"]
        return ["h j k l finely", "arrows move", "Shift+arrows size"] + own + ["Esc leaves it"]
    }

    private static let between = " · "

    private static func columns(of hints: [String]) -> Int {
        DisplayWidth.columns(of: hints.joined(separator: between)) + 1
    }

    private static func cut(
        _ media: MediaReference, _ viewing: PictureViewing, into area: Size, cell: PixelSize
    ) -> PictureCut {
        let whole = PixelSize(width: max(1, media.width), height: max(1, media.height))
        let fit = PictureCut(of: media.sha256, whole: whole, into: area, cell: cell)
        guard viewing.zoom > 0 else { return fit }
        let scale = Double(fit.drawn.width) / Double(fit.part.width) * viewing.factor
        let width = min(fit.whole.width, max(1, Int(Double(area.columns * cell.width) / scale)))
        let height = min(fit.whole.height, max(1, Int(Double(area.rows * cell.height) / scale)))
        let part = PixelRect(
            x: Int(Double(fit.whole.width) * viewing.x) - width / 2,
            y: Int(Double(fit.whole.height) * viewing.y) - height / 2, width: width, height: height)
        return PictureCut(of: media.sha256, whole: whole, part: part, into: area, cell: cell, enlarging: scale)
    }

    private func caption(_ picture: ViewedPicture, _ viewing: PictureViewing, all: [ViewedPicture], place: Int)
        -> String
    {
        var parts = [SafeText.singleLine(picture.attachment.label)]
        if let time = picture.time { parts.append(Quantity.moment(time)) }
        parts.append("\(picture.media.width)×\(picture.media.height)")
        if let part = viewing.marking?.part { parts.append("\(part.width)×\(part.height) at \(part.x), \(part.y)") }
        if viewing.zoom > 0 { parts.append("\(Int((viewing.factor * 100).rounded())) %") }
        if all.count > 1 { parts.append("\(place + 1) of \(all.count)") }
        return parts.joined(separator: " · ")
    }

    private func hints(_ count: Int, isWaiting: Bool) -> [String] {
        var hints = ["+ − size", "h j k l part", "o opens"]
        hints += isWaiting ? ["c cuts out", "b covers parts"] : ["c, z a detail"]
        hints.append("t copies words")
        if count > 1 { hints.insert("← → others", at: 0) }
        return hints + [context.hint(.cancel, "closes") ?? "q closes"]
    }
}
