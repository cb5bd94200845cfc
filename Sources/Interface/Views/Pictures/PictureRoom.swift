import Cells
import Conversation

/// The room that pictures get among the lines.
struct PictureRoom: Hashable {
    /// How large a cell is.
    var cell: PixelSize
    /// The rows of a picture in the transcript.
    var rows: Int
    /// The rows of the frames of a recording.
    var frameRows: Int
    /// The rows of what waits in the composer; 0 for none.
    var waitingRows: Int

    /// The room on a screen of this size; nil where pictures would leave none for words.
    init?(cell: PixelSize?, size: Size) {
        guard let cell, size.rows >= 14 else { return nil }
        self.cell = cell
        rows = min(12, size.rows / 2 - 3)
        frameRows = min(6, rows)
        waitingRows = size.rows >= 24 ? 3 : 0
    }

    /// A picture in at most so many cells; small ones stay as they are.
    func fit(_ media: MediaReference, columns: Int, rows: Int) -> PictureCut {
        PictureCut(
            of: media.sha256, whole: PixelSize(width: media.width, height: media.height),
            into: Size(columns: columns, rows: rows), cell: cell)
    }
}

/// A row of cells of a picture within a line.
struct PicturePiece: Hashable {
    /// The picture.
    var picture: PictureCut
    /// The column of the line where it begins.
    var column: Int
    /// Which row of the picture it is.
    var row: Int
}
