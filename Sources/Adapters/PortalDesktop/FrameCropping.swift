import Desktop

extension Frame {
    /// The frame as blue, green, red; the pixels are copied.
    func whole() throws(CaptureFailure) -> Frame {
        try cropped(to: Region(x: 0, y: 0, width: width, height: height))
    }

    /// A part of the frame, of blue, green, red; the pixels are copied.
    ///
    /// - Throws: `CaptureFailure` when the region lies outside.
    func cropped(to region: Region) throws(CaptureFailure) -> Frame {
        let part = region.intersection(Region(x: 0, y: 0, width: width, height: height))
        guard !part.isEmpty else {
            throw CaptureFailure(
                .noTarget, "The region lies outside of what is shared. It is \(width)x\(height) pixels large.")
        }
        let layout: PixelLayout =
            switch format {
            case .bgrx, .bgra: .bgrx
            case .rgbx: .rgbx
            case .rgb: .rgb
            }
        let copy = PixelBuffer(byteCount: part.width * part.height * 4) { target in
            guard let words = target.baseAddress?.assumingMemoryBound(to: UInt32.self) else { return }
            pixels.withBytes { bytes in
                guard let start = bytes.baseAddress else { return }
                for y in 0..<part.height {
                    let source = start + (part.y + y) * stride + part.x * format.bytesPerPixel
                    layout.read(source, step: format.bytesPerPixel, count: part.width, into: words + y * part.width)
                }
            }
        }
        return Frame(
            width: part.width, height: part.height, stride: part.width * 4, format: .bgrx, pixels: copy,
            time: MonotonicClock.now())
    }
}
