import CChafa
public import Cells
import Glibc

/// Pixels: red, green and blue, a byte each, row by row.
public struct PixelBlock: Sendable {
    /// The width and height.
    public let size: PixelSize
    /// Bytes from a row to the next.
    public let stride: Int
    /// The bytes.
    public let bytes: [UInt8]

    /// Makes a block; `bytes` must hold three for every pixel, in rows of whole words of four.
    public init(size: PixelSize, stride: Int, bytes: [UInt8]) {
        // The library takes rows for arrays of words.
        precondition(
            size.width > 0 && size.height > 0 && stride >= size.width * 3 && stride % 4 == 0
                && bytes.count >= stride * size.height, "no such block")
        self.size = size
        self.stride = stride
        self.bytes = bytes
    }

    /// Draws the block as characters.
    ///
    /// - Parameter colors: 0, 8, 16, 256 or 2²⁴.
    public func blocks(_ cells: Size, colors: Int) throws(PictureFailure) -> PictureImage {
        try Self.load()
        var drawn = [cchafa_cell](repeating: cchafa_cell(), count: cells.cellCount)
        let status = cchafa_draw_cells(
            bytes, Int32(size.width), Int32(size.height), Int32(stride), Int32(cells.columns),
            Int32(cells.rows), Int32(colors), &drawn)
        guard status == 0 else { throw .notDrawn }
        func color(_ value: Int32) -> Color {
            // Past the palette are numbers of the library for the terminal's own.
            guard value >= 0, colors > 256 || value < 256 else { return .standard }
            if colors <= 256 { return .palette(UInt8(value)) }
            return .rgb(
                UInt8(truncatingIfNeeded: value >> 16), UInt8(truncatingIfNeeded: value >> 8),
                UInt8(truncatingIfNeeded: value))
        }
        return .cells(
            drawn.map { cell in
                let scalar = Unicode.Scalar(cell.character).flatMap { $0.value > 0x20 ? $0 : nil } ?? " "
                return BlockCell(
                    scalar, style: Style(foreground: color(cell.foreground), background: color(cell.background)))
            })
    }

    /// Draws the block as sixels; up to five rows at the bottom stay free.
    ///
    /// - Parameter colors: 16 or 256.
    public func sixels(colors: Int) throws(PictureFailure) -> PictureImage {
        try Self.load()
        // Less than a band is nothing to the library.
        guard size.height >= SixelBands.height else { throw .notDrawn }
        var length = 0
        let text = cchafa_encode_sixel(
            bytes, Int32(size.width), Int32(size.height), Int32(stride), colors >= 256 ? 256 : 16, &length)
        guard let text else { throw .notDrawn }
        defer { free(text) }
        let sequence = text.withMemoryRebound(to: UInt8.self, capacity: length) {
            Array(UnsafeBufferPointer(start: $0, count: length))
        }
        guard let bands = SixelBands(sequence) else { throw .notDrawn }
        return .sixel(bands)
    }

    private static func load() throws(PictureFailure) {
        if let reason = PictureFailure.missingLibrary { throw .noLibrary(reason) }
    }
}
