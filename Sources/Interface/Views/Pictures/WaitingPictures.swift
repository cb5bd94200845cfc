import Cells
import Conversation
import Session

/// Small pictures of what waits in the composer, beside each other in the order of the chips below them.
struct WaitingPictures {
    private let pictures: [(picture: PictureCut, column: Int)]
    /// The rows that they would like.
    let rows: Int

    init(_ state: SessionState, width: Int, context: ViewContext) {
        var pictures: [(picture: PictureCut, column: Int)] = []
        var column = 0
        if let room = context.pictures, room.waitingRows > 0 {
            for attachment in state.composer.attachments {
                guard let media = attachment.pictures.first, context.canShow(media) else { continue }
                let picture = room.fit(media, columns: 16, rows: room.waitingRows)
                guard column + picture.cells.columns <= width else { break }
                pictures.append((picture, column))
                column += picture.cells.columns + 2
            }
        }
        self.pictures = pictures
        rows = pictures.map(\.picture.cells.rows).max() ?? 0
    }

    /// The rows that they take of an area: all that they would like, or none.
    func rows(in area: Rect, chips: Int) -> Int { area.rows >= rows + min(1, chips) ? rows : 0 }

    /// The picture in a column.
    func picture(at column: Int) -> PictureCut? {
        pictures.first { ($0.column..<$0.column + $0.picture.cells.columns).contains(column) }?.picture
    }

    /// Draws them where there is room for all of their rows, and returns what is left of the area.
    func draw(on screen: inout Screen, in area: Rect, chips: Int) -> Rect {
        let (top, rest) = area.splitTop(rows(in: area, chips: chips))
        guard top.rows > 0 else { return area }
        for (picture, column) in pictures {
            screen.place(picture, at: Point(column: area.column + 2 + column, row: top.row), clip: top)
        }
        return rest
    }
}
