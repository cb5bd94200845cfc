extension Frame {
    /// The frame with parts painted over in one colour each, so that nothing of what was there can be worked out.
    ///
    /// Blurring or coarse pixels would let letters be guessed: from a part only its mean colour stays, roughly.
    ///
    /// - Parameters:
    ///   - regions: The parts, in the frame's own pixels; what lies outside is ignored.
    ///   - isBlack: Whether the parts are black, and not even that of their colours stays.
    public func redacted(_ regions: [Region], isBlack: Bool = false) -> Frame {
        let bounds = Region(x: 0, y: 0, width: width, height: height)
        let parts = regions.map { $0.intersection(bounds) }.filter { !$0.isEmpty }
        guard !parts.isEmpty else { return self }
        let size = format.bytesPerPixel
        let copy = PixelBuffer(byteCount: stride * height) { target in
            pixels.withBytes { source in
                target.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[..<(stride * height)]))
                for part in parts {
                    let color = isBlack ? [UInt8](repeating: 0, count: size) : meanColor(of: part, in: source)
                    for row in part.y..<part.y + part.height {
                        for column in part.x..<part.x + part.width {
                            for channel in 0..<min(size, 3) {
                                target[row * stride + column * size + channel] = color[channel]
                            }
                        }
                    }
                }
            }
        }
        return Frame(width: width, height: height, stride: stride, format: format, pixels: copy, time: time)
    }

    /// The mean of a part, to a sixteenth.
    private func meanColor(of part: Region, in bytes: UnsafeRawBufferPointer) -> [UInt8] {
        let size = format.bytesPerPixel
        var sums = [0, 0, 0]
        for row in part.y..<part.y + part.height {
            for column in part.x..<part.x + part.width {
                for channel in 0..<3 { sums[channel] += Int(bytes[row * stride + column * size + channel]) }
            }
        }
        return sums.map { UInt8($0 / part.area & 0xF0 | 0x08) }
    }
}
