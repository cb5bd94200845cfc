import Cells
import Conversation
import Desktop
import History
import Media
import Terminal

/// Reads pictures and makes them as large, and such, as a terminal wants them.
///
/// A picture is decoded once: what the transcript shows is made of a reduced copy, and only who looks at it on the whole
/// screen needs all of its pixels, which are kept while that lasts.
actor PictureWorker {
    private let store: MediaStore

    /// Copies of pictures that are large enough for the transcript, those used last at the end.
    private var copies: [(name: String, frame: Frame)] = []
    private var whole: (name: String, frame: Frame)?

    private static let copySize = (width: 1_024, height: 768)
    private static let copyBytes = 48 << 20

    init(store: MediaStore) { self.store = store }

    /// Makes a picture.
    ///
    /// - Throws: `PictureFailure`, or why it cannot be read.
    func image(for picture: PictureCut, of media: MediaReference, ability: PictureAbility) throws -> PictureImage {
        var frame = try scaled(picture, media)
        if picture.isWhole { frame = frame.rimmed(Self.rim(of: picture, ability)) }
        if !picture.marks.isEmpty { frame = frame.marked(picture.marks, of: picture.part) }
        switch ability.method {
        case .kitty, .kittyPlaced: return .png(try StillEncoder().encode(frame).bytes)
        case .blocks: return try Self.block(frame).blocks(picture.cells, colors: ability.colors)
        case .sixel: return try Self.block(frame).sixels(colors: ability.registers)
        case .none, .undecided: throw PictureFailure.notDrawn
        }
    }

    /// How wide the line around a picture is: one pixel, or as much of a cell as blocks can show.
    private static func rim(of picture: PictureCut, _ ability: PictureAbility) -> Int {
        ability.method == .blocks ? max(1, picture.drawn.width / max(1, picture.cells.columns) / 4) : 1
    }

    /// Forgets the pixels that only the whole screen needs.
    func forgetWhole() { whole = nil }

    // MARK: - Pixels

    private func scaled(_ picture: PictureCut, _ media: MediaReference) throws -> Frame {
        let frame = try frame(for: picture, media)
        // What the reference says of the size may not be what the file has.
        let (x, y) = (
            Double(frame.width) / Double(picture.whole.width), Double(frame.height) / Double(picture.whole.height)
        )
        var part = Region(
            x: Int(Double(picture.part.x) * x), y: Int(Double(picture.part.y) * y),
            width: min(frame.width, max(1, Int((Double(picture.part.width) * x).rounded()))),
            height: min(frame.height, max(1, Int((Double(picture.part.height) * y).rounded()))))
        part.x = min(max(0, part.x), frame.width - part.width)
        part.y = min(max(0, part.y), frame.height - part.height)
        return try FrameScaler().scaled(frame, part: part, width: picture.drawn.width, height: picture.drawn.height)
    }

    private func frame(for picture: PictureCut, _ media: MediaReference) throws -> Frame {
        if let whole, whole.name == picture.name { return whole.frame }
        let isSmall = picture.drawn.width <= Self.copySize.width && picture.drawn.height <= Self.copySize.height
        if picture.isWhole, isSmall, let index = copies.firstIndex(where: { $0.name == picture.name }) {
            let copy = copies.remove(at: index)
            copies.append(copy)
            return copy.frame
        }
        if picture.isWhole, let thumbnail = thumbnail(for: picture, of: media) { return thumbnail }
        let decoded = try StillDecoder().decode(try store.bytes(of: media))
        guard picture.isWhole, isSmall else {
            whole = (picture.name, decoded)
            return decoded
        }
        let copy = try Self.copy(of: decoded)
        copies.append((picture.name, copy))
        while copies.count > 1, copies.reduce(0, { $0 + $1.frame.pixels.byteCount }) > Self.copyBytes {
            copies.removeFirst()
        }
        return copy
    }

    /// The small picture that lies beside a stored one, where it is large enough: it takes a twentieth of the time.
    private func thumbnail(for picture: PictureCut, of media: MediaReference) -> Frame? {
        guard max(picture.drawn.width, picture.drawn.height) <= Thumbnails.side, let bytes = store.thumbnail(of: media),
            let frame = try? StillDecoder().decode(bytes), frame.width >= picture.drawn.width
        else { return nil }
        return frame
    }

    private static func copy(of frame: Frame) throws -> Frame {
        let scale = min(
            1, Double(copySize.width) / Double(frame.width), Double(copySize.height) / Double(frame.height))
        return try FrameScaler().scaled(
            frame, width: max(1, Int(Double(frame.width) * scale)), height: max(1, Int(Double(frame.height) * scale)))
    }

    private static func block(_ frame: Frame) -> PixelBlock {
        PixelBlock(
            size: PixelSize(width: frame.width, height: frame.height), stride: frame.stride,
            bytes: frame.pixels.withBytes { Array($0) })
    }
}
