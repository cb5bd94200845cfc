import Desktop

extension Frame {
    /// The frame turned clockwise by right angles.
    func turned(_ quarterTurns: Int) -> Frame {
        let turns = quarterTurns & 3
        let size = format.bytesPerPixel
        guard turns != 0, size == 4 else { return self }
        let (wide, high) = turns == 2 ? (width, height) : (height, width)
        let turned = PixelBuffer(byteCount: wide * high * 4) { target in
            pixels.withBytes { source in
                for y in 0..<high {
                    for x in 0..<wide {
                        let (column, row) =
                            switch turns {
                            case 1: (y, height - 1 - x)
                            case 2: (width - 1 - x, height - 1 - y)
                            default: (width - 1 - y, x)
                            }
                        let pixel = source.loadUnaligned(
                            fromByteOffset: row * stride + column * 4, as: UInt32.self)
                        target.storeBytes(of: pixel, toByteOffset: (y * wide + x) * 4, as: UInt32.self)
                    }
                }
            }
        }
        return Frame(width: wide, height: high, stride: wide * 4, format: format, pixels: turned, time: time)
    }
}
