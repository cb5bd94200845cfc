public import Desktop

/// What the clock of Tests/Rigs/testcard shows in a picture: the frame's number and when it was drawn.
///
/// Three rows of 32 cells of 16 pixels, white for 1: they survive video codecs, and a checksum tells a torn or blurred
/// picture from a good one.
public struct TestCard: Equatable, Sendable {
    /// The frame's number, from 0.
    public var number: UInt32
    /// When it was drawn: milliseconds of CLOCK_MONOTONIC, the lower 32 bits.
    public var milliseconds: UInt32

    /// A cell's edge, in pixels.
    public static let cell = 16

    /// Makes a reading.
    public init(number: UInt32, milliseconds: UInt32) {
        self.number = number
        self.milliseconds = milliseconds
    }

    /// Reads the clock in a frame; nil when there is none, or it is damaged.
    ///
    /// - Parameters:
    ///   - x: Where the clock's left edge is, in pixels.
    ///   - y: Where the clock's top edge is, in pixels.
    ///   - scale: The size of the picture against the screen's.
    public init?(_ frame: Frame, x: Int = 0, y: Int = 0, scale: Double = 1) {
        let order = frame.format == .rgb || frame.format == .rgbx ? [0, 1, 2] : [2, 1, 0]
        let reading = frame.pixels.withBytes { bytes in
            TestCard(width: frame.width, height: frame.height, x: x, y: y, scale: scale) { column, row in
                let pixel = row * frame.stride + column * frame.format.bytesPerPixel
                return order.reduce(0) { $0 + Int(bytes[pixel + $1]) } / 3
            }
        }
        guard let reading else { return nil }
        self = reading
    }

    /// Reads the clock in rows of red, green, blue, three bytes a pixel, without padding.
    public init?(rgb bytes: [UInt8], width: Int, height: Int, x: Int = 0, y: Int = 0, scale: Double = 1) {
        guard bytes.count >= width * height * 3 else { return nil }
        let reading = TestCard(width: width, height: height, x: x, y: y, scale: scale) { column, row in
            let pixel = (row * width + column) * 3
            return (Int(bytes[pixel]) + Int(bytes[pixel + 1]) + Int(bytes[pixel + 2])) / 3
        }
        guard let reading else { return nil }
        self = reading
    }

    /// Reads the clock where `brightness` tells how bright a pixel is, 0 to 255.
    public init?(width: Int, height: Int, x: Int, y: Int, scale: Double, brightness: (Int, Int) -> Int) {
        let cell = Double(Self.cell) * scale
        guard cell >= 2, x >= 0, y >= 0, x + Int(cell * 32) <= width, y + Int(cell * 3) <= height else { return nil }
        let rows = (0..<3).map { row in
            (0..<32).reduce(UInt32(0)) { value, column in
                // The middle of the cell: codecs blur the edges.
                var sum = 0
                var count = 0
                for down in stride(from: 0.375, through: 0.625, by: 0.125) {
                    for across in stride(from: 0.375, through: 0.625, by: 0.125) {
                        let atX = x + Int((Double(column) + across) * cell)
                        let atY = y + Int((Double(row) + down) * cell)
                        sum += brightness(atX, atY)
                        count += 1
                    }
                }
                return value << 1 | (sum > 128 * count ? 1 : 0)
            }
        }
        let bytes = rows[0...1].flatMap { row in (0..<4).map { UInt8(row >> UInt32(24 - 8 * $0) & 0xFF) } }
        guard rows[2] == UInt32(Self.checksum(bytes)) << 16 | 0x5C21 else { return nil }
        self.init(number: rows[0], milliseconds: rows[1])
    }

    private static func checksum(_ bytes: [UInt8]) -> UInt16 {
        bytes.reduce(0xFFFF) { checksum, byte in
            (0..<8).reduce(checksum ^ UInt16(byte) << 8) { value, _ in
                value & 0x8000 != 0 ? value << 1 ^ 0x1021 : value << 1
            }
        }
    }
}
