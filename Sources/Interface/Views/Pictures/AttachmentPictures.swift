import Cells
import Conversation

/// The pictures of an attachment as lines: a still picture, or the frames of a recording and the pages of a
/// document beside each other, with their times and numbers.
///
/// How many lines that are follows from the sizes in the references: nothing moves when the pixels arrive.
struct AttachmentPictures {
    /// The lines, each after the bar.
    let lines: [TranscriptLine]

    init(_ attachment: Attachment, width: Int, bar: StyledText, context: ViewContext) {
        guard let room = context.pictures else {
            lines = []
            return
        }
        let left = bar.columns
        let free = max(1, width - left)
        switch attachment.content {
        case .picture(let media):
            guard context.canShow(media), media.width > 0, media.height > 0 else {
                lines = []
                return
            }
            let picture = room.fit(media, columns: min(free, max(24, width / 2)), rows: room.rows)
            lines = (0..<picture.cells.rows).map {
                Self.line(bar, [PicturePiece(picture: picture, column: left, row: $0)])
            }
        case .recording(let recording):
            let frames = recording.frames.map { ($0.picture, Quantity.moment($0.time)) }
            lines = Self.strip(of: frames, left: left, free: free, bar: bar, room: room, context)
        case .document(let document):
            let pages = document.pages.compactMap { page in page.picture.map { ($0, "page \(page.number)") } }
            lines = Self.strip(of: pages, left: left, free: free, bar: bar, room: room, context)
        case .text:
            lines = []
        }
    }

    // MARK: - Recordings and documents

    private static let gap = 1

    private static func strip(
        of pictures: [(picture: MediaReference, label: String)], left: Int, free: Int, bar: StyledText,
        room: PictureRoom, _ context: ViewContext
    ) -> [TranscriptLine] {
        let frames = pictures.filter {
            context.canShow($0.picture) && $0.picture.width > 0 && $0.picture.height > 0
        }
        guard let first = frames.first else { return [] }
        let limit = min(free, 28)
        let columns = max(room.fit(first.picture, columns: limit, rows: room.frameRows).cells.columns, 6)
        let count = min(frames.count, max(1, (free + gap) / (columns + gap)))
        var placed: [(picture: PictureCut, column: Int, label: String)] = []
        var column = left
        for index in 0..<count {
            // The first, the last, and what lies evenly between them.
            let chosen = count == 1 ? 0 : index * (frames.count - 1) / (count - 1)
            let picture = room.fit(frames[chosen].picture, columns: columns, rows: room.frameRows)
            placed.append((picture, column, frames[chosen].label))
            column += columns + gap
        }
        let rows = placed.map(\.picture.cells.rows).max() ?? 0
        var lines = (0..<rows).map { row in
            line(
                bar,
                placed.filter { row < $0.picture.cells.rows }.map {
                    PicturePiece(picture: $0.picture, column: $0.column, row: row)
                })
        }
        var labels = bar
        for (_, column, label) in placed {
            labels.append(String(repeating: " ", count: max(0, column - labels.columns)))
            labels.append(label.shortened(to: columns), style: context.theme.dim)
        }
        lines.append(TranscriptLine(labels))
        return lines
    }

    private static func line(_ bar: StyledText, _ pieces: [PicturePiece]) -> TranscriptLine {
        var line = TranscriptLine(bar)
        line.pieces = pieces
        return line
    }
}
