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
        let isSwapped = format != .rgbx
        guard let above else {
            for x in 0..<width { store(word(row, x), at: x, of: target, isSwapped) }
            return
        }
        for x in 0..<width {
            // Four bytes at once, with the highest bits apart so that none borrows from the next.
            let (new, old) = (word(row, x), word(above, x))
            let difference = (new | 0x8080_8080) &- (old & 0x7F7F_7F7F) ^ (new ^ ~old) & 0x8080_8080
            store(difference, at: x, of: target, isSwapped)
        }
    }

    @inline(__always)
    private func word(_ row: UnsafeRawPointer, _ x: Int) -> UInt32 {
        UInt32(littleEndian: (row + 4 &* x).loadUnaligned(as: UInt32.self))
    }

    /// Writes three bytes and one that is overwritten by the pixel or row after it.
    @inline(__always)
    private func store(_ word: UInt32, at x: Int, of target: UnsafeMutableRawPointer, _ isSwapped: Bool) {
        let color = isSwapped ? word.byteSwapped &>> 8 : word
        (target + 3 &* x).storeBytes(of: color.littleEndian, as: UInt32.self)
    }
}
