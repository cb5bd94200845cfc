import Desktop

/// Rows of pixels whose brightness can be added up by cells.
protocol BrightnessRows {
    /// What a sum must be divided by, besides the number of pixels.
    var scale: Int { get }

    /// Adds the brightness of the rows' pixels to `sums`, one for each pair of neighbouring edges.
    func addBrightness(rows: Range<Int>, edges: UnsafeBufferPointer<Int>, sums: UnsafeMutableBufferPointer<UInt32>)

    /// Adds the differences of neighbouring pixels in a row to `sums`, one for each second edge.
    func addRoughness(row: Int, edges: UnsafeBufferPointer<Int>, sums: UnsafeMutableBufferPointer<UInt32>)
}

// Several bytes are added in one register: even and odd bytes apart, as 16-bit lanes that hold 257 additions of 255.
private let evenBytes: UInt64 = 0x00ff_00ff_00ff_00ff
private let additionsBeforeOverflow = 256

/// The sum of a register's four 16-bit lanes.
private func sumOfLanes(_ register: UInt64) -> UInt64 {
    (register & 0xffff) + (register >> 16 & 0xffff) + (register >> 32 & 0xffff) + register >> 48
}

/// Coloured pixels: brightness is (red + 2·green + blue) / 4, which keeps colours apart and needs no multiplication.
struct PixelRows: BrightnessRows {
    let bytes: UnsafeRawBufferPointer
    let stride: Int
    let format: PixelFormat

    var scale: Int { 4 }

    func addBrightness(rows: Range<Int>, edges: UnsafeBufferPointer<Int>, sums: UnsafeMutableBufferPointer<UInt32>) {
        for row in rows { addBrightness(row: row, edges: edges, sums: sums) }
    }

    private func addBrightness(
        row: Int, edges: UnsafeBufferPointer<Int>, sums: UnsafeMutableBufferPointer<UInt32>
    ) {
        guard let base = bytes.baseAddress else { return }
        let line = base + row * stride
        guard format != .rgb else { return addPacked(line: line, edges: edges, sums: sums) }
        for cell in 0..<sums.count {
            var x = edges[cell]
            let end = edges[cell + 1]
            var total: UInt64 = 0
            while x + 2 <= end {
                // Outer channels in two lanes a pixel; the middle channel shares its lanes with the unused byte.
                var outer: UInt64 = 0
                var middle: UInt64 = 0
                let stop = min(end - 1, x + 2 * additionsBeforeOverflow)
                while x < stop {
                    let two = line.loadUnaligned(fromByteOffset: 4 * x, as: UInt64.self)
                    outer &+= two & evenBytes
                    middle &+= two >> 8 & 0x0000_00ff_0000_00ff
                    x += 2
                }
                total &+= sumOfLanes(outer) &+ 2 &* ((middle & 0xffff_ffff) &+ middle >> 32)
            }
            if x < end {
                let one = line.loadUnaligned(fromByteOffset: 4 * x, as: UInt32.self)
                total &+= UInt64((one & 0xff) &+ 2 &* (one >> 8 & 0xff) &+ (one >> 16 & 0xff))
            }
            sums[cell] &+= UInt32(truncatingIfNeeded: total)
        }
    }

    func addRoughness(row: Int, edges: UnsafeBufferPointer<Int>, sums: UnsafeMutableBufferPointer<UInt32>) {
        guard let base = bytes.baseAddress else { return }
        // Green alone: it is most of the brightness, in the middle of every layout.
        let line = base + row * stride + 1
        let step = format.bytesPerPixel
        for cell in 0..<sums.count {
            var total: Int32 = 0
            var x = edges[2 * cell] * step
            let end = edges[2 * cell + 2] * step
            guard x < end else { continue }
            var before = Int32(line.load(fromByteOffset: x, as: UInt8.self))
            x += step
            while x < end {
                let now = Int32(line.load(fromByteOffset: x, as: UInt8.self))
                total &+= abs(now &- before)
                before = now
                x += step
            }
            sums[cell] &+= UInt32(bitPattern: total)
        }
    }

    private func addPacked(
        line: UnsafeRawPointer, edges: UnsafeBufferPointer<Int>, sums: UnsafeMutableBufferPointer<UInt32>
    ) {
        for cell in 0..<sums.count {
            var total: UInt32 = 0
            var x = 3 * edges[cell]
            let end = 3 * edges[cell + 1]
            while x < end {
                total &+= UInt32(line.load(fromByteOffset: x, as: UInt8.self))
                total &+= 2 &* UInt32(line.load(fromByteOffset: x + 1, as: UInt8.self))
                total &+= UInt32(line.load(fromByteOffset: x + 2, as: UInt8.self))
                x += 3
            }
            sums[cell] &+= total
        }
    }
}
