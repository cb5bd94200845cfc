import Desktop
import Evidence

/// A picture to draw rectangles on.
struct Canvas {
    let width: Int
    let height: Int
    private var bytes: [UInt8]

    init(width: Int = 640, height: Int = 360, shade: UInt8 = 230) {
        self.width = width
        self.height = height
        bytes = Array(repeating: shade, count: width * height * 4)
    }

    mutating func fill(x: Int, y: Int, width: Int, height: Int, red: UInt8, green: UInt8, blue: UInt8) {
        for row in max(0, y)..<min(self.height, y + height) {
            for column in max(0, x)..<min(self.width, x + width) {
                let at = (row * self.width + column) * 4
                bytes[at] = blue
                bytes[at + 1] = green
                bytes[at + 2] = red
            }
        }
    }

    mutating func fill(x: Int, y: Int, width: Int, height: Int, shade: UInt8) {
        fill(x: x, y: y, width: width, height: height, red: shade, green: shade, blue: shade)
    }

    var frame: Frame {
        let pixels = PixelBuffer(byteCount: bytes.count) { $0.copyBytes(from: bytes) }
        return Frame(width: width, height: height, stride: width * 4, format: .bgrx, pixels: pixels, time: 0)
    }

    var signature: FrameSignature { FrameSignature(frame) }
}
