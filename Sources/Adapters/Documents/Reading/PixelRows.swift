import Desktop

/// The colours of a frame by column and row, whatever its format; valid as long as its memory is lent.
struct PixelRows: ~Copyable {
    let width: Int
    let height: Int
    private let bytes: UnsafeRawBufferPointer
    private let stride: Int
    private let step: Int
    private let red: Int
    private let blue: Int

    /// Lends the pixels of a frame.
    static func with<Result>(_ frame: Frame, _ body: (borrowing PixelRows) -> Result) -> Result {
        frame.pixels.withBytes { body(PixelRows(frame, $0)) }
    }

    private init(_ frame: Frame, _ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        width = frame.width
        height = frame.height
        stride = frame.stride
        step = frame.format.bytesPerPixel
        (red, blue) = frame.format == .bgrx || frame.format == .bgra ? (2, 0) : (0, 2)
    }

    subscript(column: Int, row: Int) -> GroundGrid.Pixel {
        let at = row * stride + column * step
        return GroundGrid.Pixel(red: bytes[at + red], green: bytes[at + 1], blue: bytes[at + blue])
    }
}
