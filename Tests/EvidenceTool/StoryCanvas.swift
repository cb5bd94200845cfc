import Desktop

/// A grey picture to draw a screen on.
struct StoryCanvas {
    let width: Int
    let height: Int
    private(set) var bytes: [UInt8]

    init(width: Int, height: Int, shade: UInt8 = 90) {
        self.width = width
        self.height = height
        bytes = Array(repeating: shade, count: width * height)
    }

    mutating func fill(x: Int, y: Int, width: Int, height: Int, shade: UInt8) {
        let left = max(0, x)
        let right = min(self.width, x + width)
        guard left < right else { return }
        for row in max(0, y)..<max(0, y, min(self.height, y + height)) {
            for column in left..<right { bytes[row * self.width + column] = shade }
        }
    }

    /// Draws characters of 8×16 pixels, made up from their codes: as dense as type, and the same every time.
    mutating func text(_ text: String, x: Int, y: Int, shade: UInt8, on ground: UInt8? = nil) {
        for (index, scalar) in text.unicodeScalars.enumerated() {
            let left = x + index * 8
            if let ground { fill(x: left, y: y, width: 8, height: 16, shade: ground) }
            guard scalar != " " else { continue }
            var bits = (UInt64(scalar.value) &+ 77) &* 0x9e37_79b9_7f4a_7c15
            for row in 3..<13 where y + row >= 0 && y + row < height {
                if row % 2 == 1 { bits = (bits ^ bits >> 29) &* 0xbf58_476d_1ce4_e5b9 }
                for column in 1..<7 where bits >> UInt64(column / 2 * 3 + 20) & 3 == 0 {
                    let at = left + column
                    if at >= 0, at < width { bytes[(y + row) * width + at] = shade }
                }
            }
        }
    }

    /// Lends the brightness.
    func withLuma<Result>(_ body: (LumaView) throws -> Result) rethrows -> Result {
        try bytes.withUnsafeBytes { try body(LumaView(bytes: $0, width: width, height: height, stride: width)) }
    }

    /// The picture as a frame of a recording, with its time in seconds.
    func frame(at seconds: Double) -> Frame {
        let pixels = PixelBuffer(byteCount: bytes.count * 4) { target in
            for (index, byte) in bytes.enumerated() {
                let word = UInt32(byte) * 0x0001_0101
                target.storeBytes(of: word, toByteOffset: index * 4, as: UInt32.self)
            }
        }
        return Frame(
            width: width, height: height, stride: width * 4, format: .bgrx, pixels: pixels,
            time: UInt64((seconds * 1e9).rounded()))
    }
}
