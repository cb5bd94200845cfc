/// A picture on the screen.
///
/// The cells that are the picture's are marked in the grid (`Grid.reserve`); what is drawn over it afterwards takes them
/// away from it again.
public struct PicturePlace: Hashable, Sendable {
    /// What is shown.
    public var picture: PictureCut
    /// Where its top left cell is; above or below the screen when only a part of it is in sight.
    public var origin: Point
    /// The part of it that is in sight.
    public var visible: Rect

    /// Places a picture, as far as it is inside of the clip.
    public init(_ picture: PictureCut, at origin: Point, clip: Rect) {
        self.picture = picture
        self.origin = origin
        visible = Rect(
            column: origin.column, row: origin.row, columns: picture.cells.columns, rows: picture.cells.rows
        ).intersection(clip)
    }

    /// The rows of the picture that are in sight, counted from its top.
    public var rows: Range<Int> { visible.row - origin.row..<visible.row - origin.row + visible.rows }
}

extension Screen {
    /// Places a picture and marks its cells; nothing of it may be outside of the clip and be drawn.
    public mutating func place(_ picture: PictureCut, at origin: Point, clip: Rect) {
        let place = PicturePlace(picture, at: origin, clip: clip.intersection(grid.bounds))
        guard !place.visible.isEmpty else { return }
        grid.reserve(place.visible)
        pictures.append(place)
    }
}
