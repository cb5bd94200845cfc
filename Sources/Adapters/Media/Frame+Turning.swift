import Desktop

extension Frame {
    /// The frame turned clockwise by right angles.
    ///
    /// - Parameter isMirrored: Whether left and right are exchanged before.
    func turned(_ quarterTurns: Int, isMirrored: Bool = false) -> Frame {
        let turns = quarterTurns & 3
        let size = format.bytesPerPixel
        guard turns != 0 || isMirrored, size == 4 else { return self }
        let (wide, high) = turns & 1 == 0 ? (width, height) : (height, width)
        // Where the first pixel comes from, and how far away those to the right and below are.
        let (lastRow, lastColumn) = ((height - 1) * stride, (width - 1) * size)
        let (start, right, down) =
            switch (turns, isMirrored) {
            case (0, false): (0, size, stride)
            case (0, true): (lastColumn, -size, stride)
            case (1, false): (lastRow, -stride, size)
            case (1, true): (lastRow + lastColumn, -stride, -size)
            case (2, false): (lastRow + lastColumn, -size, -stride)
            case (2, true): (lastRow, size, -stride)
            case (_, false): (lastColumn, stride, -size)
            case (_, true): (0, stride, size)
            }
        let turned = PixelBuffer(byteCount: wide * high * 4) { target in
            pixels.withBytes { source in
                for y in 0..<high {
                    for x in 0..<wide {
                        let place = start + x * right + y * down
                        let pixel = source.loadUnaligned(fromByteOffset: place, as: UInt32.self)
                        target.storeBytes(of: pixel, toByteOffset: (y * wide + x) * 4, as: UInt32.self)
                    }
                }
            }
        }
        return Frame(width: wide, height: high, stride: wide * 4, format: format, pixels: turned, time: time)
    }
}
