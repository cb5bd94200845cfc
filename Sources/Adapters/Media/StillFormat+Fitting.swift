public import Desktop

extension StillFormat {
    /// The format that is smaller for a picture at equal legibility: PNG for screens, JPEG for photographs.
    ///
    /// Drawn pixels mostly equal their neighbours; those of a camera hardly ever do.
    public static func fitting(_ frame: Frame) -> StillFormat {
        guard frame.width > 64, frame.height > 64 else { return .png }
        let size = frame.format.bytesPerPixel
        let rows = Swift.stride(from: 0, to: frame.height, by: max(1, frame.height / 97))
        let (equal, count) = frame.pixels.withBytes { bytes in
            var (equal, count) = (0, 0)
            for row in rows {
                for x in 1..<frame.width {
                    let place = row * frame.stride + x * size
                    let isEqual =
                        bytes[place] == bytes[place - size] && bytes[place + 1] == bytes[place - size + 1]
                        && bytes[place + 2] == bytes[place - size + 2]
                    equal += isEqual ? 1 : 0
                    count += 1
                }
            }
            return (equal, count)
        }
        return equal * 100 < count * flatPercent ? .jpeg(quality: 90) : .png
    }

    /// Between what is drawn and what a camera took, far from both.
    private static let flatPercent = 35
}
