import Desktop
import Glibc
import Media

/// A screen to draw on, that carries a number which survives encoding: sixteen black or white cells.
struct Scene {
    static let cell = 16

    let width: Int
    let height: Int
    private(set) var bytes: [UInt8]

    init(width: Int, height: Int, shade: UInt8 = 120) {
        self.width = width
        self.height = height
        bytes = Array(repeating: shade, count: width * height * 4)
    }

    /// A screen with the mix of a real one: lines of text, flat panels, a photo with noise.
    static func desktop(width: Int, height: Int) -> Scene {
        var scene = Scene(width: width, height: height, shade: 60)
        var random = SeededGenerator(seed: 5)
        scene.bytes.withUnsafeMutableBytes { bytes in
            for y in height / 18..<height * 17 / 18 {
                for x in width / 48..<width * 23 / 48 {
                    let isInk = y % 16 < 11 && x % 8 < 6 && (x / 8 &* 31 &+ y / 16 &* 17 &+ (x % 8) * (y % 16)) % 3 == 0
                    let at = (y * width + x) * 4
                    for channel in 0..<3 { bytes[at + channel] = isInk ? 20 : 250 }
                }
                for x in stride(from: width / 2, to: width * 23 / 24, by: 2) where y < height / 2 {
                    let noise = UInt8(truncatingIfNeeded: random.next() % 18)
                    for near in x...x + 1 {
                        let at = (y * width + near) * 4
                        bytes[at] = UInt8(near * 200 / width) + noise
                        bytes[at + 1] = UInt8(y * 180 / height) + noise
                        bytes[at + 2] = 90 + noise
                    }
                }
            }
        }
        return scene
    }

    mutating func fill(_ region: Region, red: UInt8, green: UInt8, blue: UInt8) {
        let part = region.intersection(Region(x: 0, y: 0, width: width, height: height))
        let (width, pixel) = (width, [blue, green, red])
        bytes.withUnsafeMutableBytes { bytes in
            for y in part.y..<part.y + part.height {
                for x in part.x..<part.x + part.width {
                    for channel in 0..<3 { bytes[(y * width + x) * 4 + channel] = pixel[channel] }
                }
            }
        }
    }

    /// Draws the number and returns where.
    @discardableResult
    mutating func draw(number: Int, x: Int = 0, y: Int = 0) -> Region {
        for bit in 0..<16 {
            let shade: UInt8 = number >> bit & 1 == 1 ? 255 : 0
            fill(
                Region(x: x + bit % 8 * Self.cell, y: y + bit / 8 * Self.cell, width: Self.cell, height: Self.cell),
                red: shade, green: shade, blue: shade)
        }
        return Region(x: x, y: y, width: 8 * Self.cell, height: 2 * Self.cell)
    }

    func frame(at seconds: Double = 0) -> Frame {
        let pixels = PixelBuffer(byteCount: bytes.count) { $0.copyBytes(from: bytes) }
        return Frame(
            width: width, height: height, stride: width * 4, format: .bgrx, pixels: pixels,
            time: 1_000_000_000 + UInt64((seconds * 1e9).rounded()))
    }
}

extension Frame {
    /// Red, green and blue at a place.
    func color(x: Int, y: Int) -> [Int] {
        pixels.withBytes { bytes in
            let at = y * stride + x * format.bytesPerPixel
            let order = format == .bgrx || format == .bgra ? [2, 1, 0] : [0, 1, 2]
            return order.map { Int(bytes[at + $0]) }
        }
    }

    /// The number that a scene carries.
    func number(x: Int = 0, y: Int = 0, scale: Double = 1) -> Int {
        (0..<16).reduce(0) { number, bit in
            let cell = Double(Scene.cell) * scale
            let place = (Double(bit % 8) * cell + cell / 2, Double(bit / 8) * cell + cell / 2)
            let color = color(x: x + Int(place.0), y: y + Int(place.1))
            return number | (color.reduce(0, +) > 3 * 128 ? 1 << bit : 0)
        }
    }

    /// All pixels as red, green, blue.
    var packed: [UInt8] {
        pixels.withBytes { bytes in
            let order = format == .bgrx || format == .bgra ? [2, 1, 0] : [0, 1, 2]
            var packed: [UInt8] = []
            packed.reserveCapacity(width * height * 3)
            for y in 0..<height {
                for x in 0..<width {
                    for channel in order { packed.append(bytes[y * stride + x * format.bytesPerPixel + channel]) }
                }
            }
            return packed
        }
    }
}

/// The numbers of a recording's frames, and their times in seconds.
func numberedFrames(of path: String) throws -> [(number: Int, time: Double)] {
    var found: [(Int, Double)] = []
    try VideoReader(path: path).forEachFrame { frame, time in found.append((frame.number(), time)) }
    return found
}

/// Random numbers that are the same in every run.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state &* 0x2545_f491_4f6c_dd1d
    }
}
