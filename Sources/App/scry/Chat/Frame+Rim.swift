import Desktop

extension Frame {
    /// Frames of fewer pixels than this on a side are marks and icons, which have no edge to show.
    private static let smallestRimmed = 24
    /// How far apart two tones may be that look the same, out of 255.
    private static let sameTone = 12
    /// How far the line is from the rim, which is seen on it and hurts nobody.
    private static let contrast = 96

    /// The frame with a line around it, where its rim is even: a white page on a white screen would have no edge otherwise.
    ///
    /// - Parameter thickness: How wide the line is, in pixels.
    func rimmed(_ thickness: Int = 1) -> Frame {
        guard min(width, height) >= Self.smallestRimmed, let tone = evenRimTone() else { return self }
        let value = UInt8(tone >= 128 ? tone - Self.contrast : tone + Self.contrast)
        let size = format.bytesPerPixel
        let copy = PixelBuffer(byteCount: stride * height) { target in
            pixels.withBytes { target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[..<(stride * height)])) }
            for row in 0..<height {
                let isWhole = row < thickness || row >= height - thickness
                for column in 0..<width where isWhole || column < thickness || column >= width - thickness {
                    let place = row * stride + column * size
                    for channel in 0..<3 { target[place + channel] = value }
                }
            }
        }
        return Frame(width: width, height: height, stride: stride, format: format, pixels: copy, time: time)
    }

    /// The tone of the outermost pixels, where most of them have the same one.
    private func evenRimTone() -> Int? {
        let size = format.bytesPerPixel
        return pixels.withBytes { bytes in
            var counts = [Int](repeating: 0, count: 256)
            func count(_ column: Int, _ row: Int) {
                let place = row * stride + column * size
                // The middle channel is green in all layouts, and most of what is seen.
                counts[(Int(bytes[place]) + 2 * Int(bytes[place + 1]) + Int(bytes[place + 2])) / 4] += 1
            }
            for column in 0..<width {
                count(column, 0)
                count(column, height - 1)
            }
            for row in 0..<height {
                count(0, row)
                count(width - 1, row)
            }
            let total = counts.reduce(0, +)
            var seen = 0
            let median =
                counts.firstIndex {
                    seen += $0; return seen * 2 >= total
                } ?? 0
            let alike = counts[max(0, median - Self.sameTone)...min(255, median + Self.sameTone)].reduce(0, +)
            return alike * 5 >= total * 4 ? median : nil
        }
    }
}
