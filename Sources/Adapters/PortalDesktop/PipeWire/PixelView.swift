import Desktop

/// Pixels in a producer's memory, lent for a while, checked to be where it says they are.
///
/// @unchecked because the memory is only read, and whoever lends it sees to it that it stays.
struct PixelView: @unchecked Sendable {
    /// The pixel at the top left.
    let start: UnsafeRawPointer
    /// Bytes to the next pixel of a row.
    let columnStep: Int
    /// Bytes to the next row.
    let rowStep: Int
    /// Width in pixels, as it is seen.
    let width: Int
    /// Height in pixels, as it is seen.
    let height: Int
    /// What a pixel is.
    let layout: PixelLayout

    /// The largest picture that makes sense, in pixels along an edge.
    static let limit = 16_384

    /// Looks at memory that starts with the picture's first row; nil when the picture is not all in there.
    ///
    /// - Parameters:
    ///   - stride: Bytes from a row to the next: 0 for no gap; negative when the lowest row comes first.
    ///   - crop: The part that counts, in pixels of the memory; nil for all of it.
    ///   - transform: How the picture was turned, as `cpipewire_picture` has it; it is turned back.
    init?(
        _ bytes: UnsafeRawBufferPointer, layout: PixelLayout, width: Int, height: Int, stride: Int, crop: Region? = nil,
        transform: UInt32 = 0
    ) {
        guard let base = bytes.baseAddress, (1...Self.limit).contains(width), (1...Self.limit).contains(height) else {
            return nil
        }
        let rowBytes = width * layout.byteCount
        let pitch = stride == 0 ? rowBytes : stride.magnitude <= UInt(Int32.max) ? abs(stride) : 0
        guard pitch >= rowBytes, pitch * (height - 1) + rowBytes <= bytes.count else { return nil }
        let everything = Region(x: 0, y: 0, width: width, height: height)
        let part = crop.map(everything.intersection) ?? everything
        // A crop of nothing is what producers leave there that do not crop.
        let seen = part.isEmpty ? everything : part

        let rowStep = stride < 0 ? -pitch : pitch
        let top = base + (stride < 0 ? pitch * (height - 1) : 0)
        let corner = top + seen.y * rowStep + seen.x * layout.byteCount
        self.init(
            corner, columnStep: layout.byteCount, rowStep: rowStep, width: seen.width, height: seen.height,
            layout: layout, transform: transform)
    }

    /// Turns a view of memory back, by walking through it another way.
    private init(
        _ corner: UnsafeRawPointer, columnStep: Int, rowStep: Int, width: Int, height: Int, layout: PixelLayout,
        transform: UInt32
    ) {
        let right = columnStep * (width - 1)
        let bottom = rowStep * (height - 1)
        self.layout = layout
        (self.width, self.height) = transform & 1 == 0 ? (width, height) : (height, width)
        switch transform {
        case 1: (start, self.columnStep, self.rowStep) = (corner + bottom, -rowStep, columnStep)
        case 2: (start, self.columnStep, self.rowStep) = (corner + right + bottom, -columnStep, -rowStep)
        case 3: (start, self.columnStep, self.rowStep) = (corner + right, rowStep, -columnStep)
        case 4: (start, self.columnStep, self.rowStep) = (corner + right, -columnStep, rowStep)
        case 5: (start, self.columnStep, self.rowStep) = (corner, rowStep, columnStep)
        case 6: (start, self.columnStep, self.rowStep) = (corner + bottom, columnStep, -rowStep)
        case 7: (start, self.columnStep, self.rowStep) = (corner + right + bottom, -rowStep, -columnStep)
        default: (start, self.columnStep, self.rowStep) = (corner, columnStep, rowStep)
        }
    }

    /// A part of a row as frames have it: where it lies if that will do, else converted into `scratch`.
    func pixels(x: Int, y: Int, count: Int, scratch: UnsafeMutablePointer<UInt32>) -> UnsafeRawPointer {
        let source = start + y * rowStep + x * columnStep
        if layout.isNative, columnStep == 4 { return source }
        layout.read(source, step: columnStep, count: count, into: scratch)
        return UnsafeRawPointer(scratch)
    }
}
