public import Cells

/// A picture, or rows of it, that a screen has a place for and the terminal does not have.
public struct PictureRequest: Hashable, Sendable {
    /// What is shown.
    public var picture: PictureCut
    /// The rows of its cells that are needed; all but for sixels, which cannot be cut afterwards.
    public var rows: Range<Int>

    /// Asks for rows of a picture.
    public init(_ picture: PictureCut, rows: Range<Int>) {
        self.picture = picture
        self.rows = rows
    }
}

/// A picture made ready for a terminal.
public enum PictureImage: Hashable, Sendable {
    /// A file for the kitty protocol, as large as it is drawn.
    case png([UInt8])
    /// A sixel sequence.
    case sixel([UInt8])
    /// Characters with colours, row by row.
    case cells([BlockCell])

    var byteCount: Int {
        switch self {
        case .png(let bytes), .sixel(let bytes): bytes.count
        case .cells(let cells): cells.count * MemoryLayout<BlockCell>.stride
        }
    }
}

/// A character that stands for some pixels.
public struct BlockCell: Hashable, Sendable {
    /// The character, one column wide.
    public var scalar: Unicode.Scalar
    /// Its colours.
    public var style: Style

    /// Makes a cell.
    public init(_ scalar: Unicode.Scalar, style: Style) {
        self.scalar = scalar
        self.style = style
    }
}
