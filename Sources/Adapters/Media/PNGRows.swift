import Desktop

/// Rows of opaque pixels as PNG wants them: packed red, green and blue, each row after the number of its filter.
///
/// Of the five filters two are used, which cost next to nothing. What is drawn repeats itself, and is packed best as it is;
/// photographs are packed better as differences from the row above.
struct PNGRows {
    /// Pixels in a row.
    let width: Int
    /// How many rows.
    let height: Int
    /// The first pixel.
    let start: UnsafeRawPointer
    /// Bytes from a row to the next.
    let stride: Int
    /// The layout of a pixel; alpha is left out.
    let format: PixelFormat

    private static let plain: UInt8 = 0
    private static let up: UInt8 = 2

    /// How many bytes `write` may touch: the last pixel is written with a byte too many.
    var capacity: Int { byteCount + 1 }
    /// How many bytes the rows have.
    var byteCount: Int { height * (3 * width + 1) }

    /// Writes all rows to memory of `capacity` bytes.
    func write(to target: UnsafeMutableRawPointer) {
        var out = target
        for y in 0..<height {
            let row = start + y * stride
            // The first row has none above it.
            let above = y > 0 && !isDrawn(row, above: row - stride) ? row - stride : nil
            out.storeBytes(of: above == nil ? Self.plain : Self.up, as: UInt8.self)
            if format == .rgb {
                writePacked(row, minus: above, to: out + 1)
            } else {
                writeWords(row, minus: above, to: out + 1)
            }
            out += 3 * width + 1
        }
    }

    /// Whether half of a row's pixels are as their neighbours to the left, or as those above: a sample says it.
    private func isDrawn(_ row: UnsafeRawPointer, above: UnsafeRawPointer) -> Bool {
        let step = format.bytesPerPixel
        var (count, asLeft, asAbove) = (0, 0, 0)
        var x = 1
        while x < width {
            let color = color(row + x * step)
            if color == self.color(row + (x - 1) * step) { asLeft &+= 1 }
            if color == self.color(above + x * step) { asAbove &+= 1 }
            count &+= 1
            x &+= 7
        }
        return max(asLeft, asAbove) * 2 >= count
    }

    @inline(__always)
    private func color(_ pixel: UnsafeRawPointer) -> UInt32 {
        if format != .rgb { return UInt32(littleEndian: pixel.loadUnaligned(as: UInt32.self)) & 0xFF_FFFF }
        let low = UInt32(pixel.loadUnaligned(as: UInt16.self))
        return low | UInt32(pixel.load(fromByteOffset: 2, as: UInt8.self)) << 16
    }

    // MARK: - Pixels

    private func writePacked(
        _ row: UnsafeRawPointer, minus above: UnsafeRawPointer?, to target: UnsafeMutableRawPointer
    ) {
        guard let above else { return target.copyMemory(from: row, byteCount: 3 * width) }
        for index in 0..<3 * width {
            let (new, old) = (
                row.load(fromByteOffset: index, as: UInt8.self), above.load(fromByteOffset: index, as: UInt8.self)
            )
            target.storeBytes(of: new &- old, toByteOffset: index, as: UInt8.self)
        }
    }

    private func writeWords(
        _ row: UnsafeRawPointer, minus above: UnsafeRawPointer?, to target: UnsafeMutableRawPointer
    ) {
        if format == .rgbx {
            writeWords(row, minus: above, to: target) { $0 & 0xFF_FFFF }
        } else {
            writeWords(row, minus: above, to: target) { $0.byteSwapped &>> 8 }
        }
    }

    @inline(__always)
    private func writeWords(
        _ row: UnsafeRawPointer, minus above: UnsafeRawPointer?, to target: UnsafeMutableRawPointer,
        _ color: (UInt32) -> UInt32
    ) {
        if let above {
            write(to: target) { x in
                // Four bytes at once, with the highest bits apart so that none borrows from the next.
                let (new, old) = (word(row, x), word(above, x))
                return color((new | 0x8080_8080) &- (old & 0x7F7F_7F7F) ^ (new ^ ~old) & 0x8080_8080)
            }
        } else {
            write(to: target) { x in color(word(row, x)) }
        }
    }

    /// Writes a row of colours, each in the lower three bytes: four of them are three words.
    @inline(__always)
    private func write(to target: UnsafeMutableRawPointer, _ color: (Int) -> UInt32) {
        var out = target
        var x = 0
        while x &+ 4 <= width {
            let colors = (color(x), color(x &+ 1), color(x &+ 2), color(x &+ 3))
            let low = UInt64(colors.0) | UInt64(colors.1) &<< 24 | UInt64(colors.2) &<< 48
            out.storeBytes(of: low.littleEndian, as: UInt64.self)
            out.storeBytes(of: (colors.2 &>> 16 | colors.3 &<< 8).littleEndian, toByteOffset: 8, as: UInt32.self)
            out += 12
            x &+= 4
        }
        while x < width {
            // Three bytes and one that is overwritten by the pixel or row after it.
            out.storeBytes(of: color(x).littleEndian, as: UInt32.self)
            out += 3
            x &+= 1
        }
    }

    @inline(__always)
    private func word(_ row: UnsafeRawPointer, _ x: Int) -> UInt32 {
        UInt32(littleEndian: (row + 4 &* x).loadUnaligned(as: UInt32.self))
    }
}
