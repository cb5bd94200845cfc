public import Cells

/// A picture made ready for a terminal.
public enum PictureImage: Hashable, Sendable {
    /// A file for the kitty protocol, as large as it is drawn.
    case png([UInt8])
    /// Sixels.
    case sixel(SixelBands)
    /// Characters with colours, row by row.
    case cells([BlockCell])

    var byteCount: Int {
        switch self {
        case .png(let bytes): bytes.count
        case .sixel(let bands): bands.byteCount
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
