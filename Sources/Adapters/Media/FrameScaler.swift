import CLibAV
public import Desktop

/// Makes frames, or parts of them, smaller or larger.
public struct FrameScaler: Sendable {
    /// Makes a scaler.
    public init() {}

    /// A part of a frame in another size, as packed red, green and blue; what is transparent is laid over white or black.
    ///
    /// - Parameter part: In the frame's own pixels, and inside of it; nil for all of it.
    public func scaled(
        _ frame: Frame, part: Region? = nil, width: Int, height: Int
    ) throws(MediaFailure) -> Frame {
        try LibAV.prepare()
        let part = part ?? Region(x: 0, y: 0, width: frame.width, height: frame.height)
        guard width > 0, height > 0, width <= LibAV.maximumPixels / height, let cut = frame.cut(to: part) else {
            throw MediaFailure(.tooLarge, "A picture cannot be made \(width)×\(height) pixels large.")
        }
        let picture = try PictureScaler.rgb(
            cut.flattened(), width: width, height: height)
        // Libraries that draw read whole words.
        let stride = (width * 3 + 3) & ~3
        let pixels = PixelBuffer(byteCount: stride * height) { bytes in
            guard let source = picture.planes.starts[0], let target = bytes.baseAddress else { return }
            for row in 0..<height {
                (target + row * stride).copyMemory(
                    from: source + row * Int(picture.planes.strides[0]), byteCount: width * 3)
            }
        }
        return Frame(width: width, height: height, stride: stride, format: .rgb, pixels: pixels, time: frame.time)
    }
}

extension Frame {
    /// A part of the frame, which shares its pixels; nil where it is not inside.
    fileprivate func cut(to part: Region) -> Frame? {
        guard part.x >= 0, part.y >= 0, part.width > 0, part.height > 0, part.x <= width - part.width,
            part.y <= height - part.height
        else { return nil }
        if part.width == width, part.height == height { return self }
        let offset = part.y * stride + part.x * format.bytesPerPixel
        let shared = pixels.withBytes { bytes -> PixelBuffer? in
            guard let start = bytes.baseAddress else { return nil }
            // Nobody writes through it: a frame's pixels are read only.
            return PixelBuffer(
                lending: UnsafeMutableRawPointer(mutating: start + offset), byteCount: bytes.count - offset,
                release: { [pixels] _ in withExtendedLifetime(pixels) {} })
        }
        // The last row may end before a whole stride does.
        guard let shared, part.y + part.height < height || part.x == 0 else {
            return cut(copying: part)
        }
        return Frame(
            width: part.width, height: part.height, stride: stride, format: format, pixels: shared, time: time)
    }

    private func cut(copying part: Region) -> Frame {
        let row = part.width * format.bytesPerPixel
        let copy = PixelBuffer(byteCount: row * part.height) { target in
            pixels.withBytes { source in
                for y in 0..<part.height {
                    let from = (part.y + y) * stride + part.x * format.bytesPerPixel
                    UnsafeMutableRawBufferPointer(rebasing: target[y * row..<(y + 1) * row]).copyMemory(
                        from: UnsafeRawBufferPointer(rebasing: source[from..<from + row]))
                }
            }
        }
        return Frame(width: part.width, height: part.height, stride: row, format: format, pixels: copy, time: time)
    }
}
