/// How a visual stores a colour in a pixel, and the way from there to blue, green, red, unused.
struct PixelLayout: Equatable {
    /// Bits from a pixel to the next: 8, 16, 24 or 32.
    var bitsPerPixel: Int
    /// Whether a pixel's first byte is its highest.
    var isBigEndian: Bool
    /// The bits of red.
    var redMask: UInt32
    /// The bits of green.
    var greenMask: UInt32
    /// The bits of blue.
    var blueMask: UInt32
    /// Whether what is behind shines through: the highest byte says how little, and the colours are multiplied with it.
    var isTransparent = false
    /// The colours, as 0x00RRGGBB, of a visual whose pixels are indices; nil when pixels hold the colour themselves.
    var palette: [UInt32]?

    /// What nearly every desktop has: the bytes already are blue, green, red, unused.
    static let bgrx = PixelLayout(
        bitsPerPixel: 32, isBigEndian: false, redMask: 0xFF0000, greenMask: 0xFF00, blueMask: 0xFF, palette: nil)

    /// Whether pixels can be copied as they are.
    var isNative: Bool { self == .bgrx }

    /// Whether `converter` can read such pixels.
    var isReadable: Bool { [8, 16, 24, 32].contains(bitsPerPixel) }
}

/// Turns rows of one layout into blue, green, red, unused.
struct PixelConverter {
    private let layout: PixelLayout
    private let red: Channel
    private let green: Channel
    private let blue: Channel

    init(_ layout: PixelLayout) {
        self.layout = layout
        red = Channel(mask: layout.redMask)
        green = Channel(mask: layout.greenMask)
        blue = Channel(mask: layout.blueMask)
    }

    /// Whether pixels need no conversion.
    var isNative: Bool { layout.isNative }

    /// Converts `count` pixels; `destination` has four bytes for each.
    func convert(_ source: UnsafeRawPointer, count: Int, into destination: UnsafeMutableRawPointer) {
        if layout.isNative {
            destination.copyMemory(from: source, byteCount: count * 4)
            return
        }
        if layout.isTransparent { return layOverWhite(source, count: count, into: destination) }
        let step = layout.bitsPerPixel / 8
        for index in 0..<count {
            let colour = colour(of: pixel(source + index * step, byteCount: step))
            destination.storeBytes(of: (colour | 0xFF00_0000).littleEndian, toByteOffset: index * 4, as: UInt32.self)
        }
    }

    /// White, as paper: shadows stay soft and rounded corners round, where over black both become a frame.
    private func layOverWhite(_ source: UnsafeRawPointer, count: Int, into destination: UnsafeMutableRawPointer) {
        for index in 0..<count {
            let pixel = pixel(source + index * 4, byteCount: 4)
            let white = 255 - pixel >> 24
            var result: UInt32 = 0xFF00_0000
            for shift: UInt32 in [0, 8, 16] {
                // An application may paint colours that are brighter than their alpha allows.
                result |= min(255, pixel >> shift & 255 + white) << shift
            }
            destination.storeBytes(of: result.littleEndian, toByteOffset: index * 4, as: UInt32.self)
        }
    }

    @inline(__always)
    private func pixel(_ bytes: UnsafeRawPointer, byteCount: Int) -> UInt32 {
        var value: UInt32 = 0
        for index in 0..<byteCount {
            let byte = UInt32(bytes.load(fromByteOffset: index, as: UInt8.self))
            value |= byte << UInt32(8 * (layout.isBigEndian ? byteCount - 1 - index : index))
        }
        return value
    }

    @inline(__always)
    private func colour(of pixel: UInt32) -> UInt32 {
        if let palette = layout.palette {
            return Int(pixel) < palette.count ? palette[Int(pixel)] : 0
        }
        return red.value(in: pixel) << 16 | green.value(in: pixel) << 8 | blue.value(in: pixel)
    }
}

/// One of the three colours in a pixel.
private struct Channel {
    private let mask: UInt32
    private let shift: UInt32
    /// Values up to eight bits wide, spread over 0...255.
    private let spread: [UInt32]

    init(mask: UInt32) {
        let width = mask.nonzeroBitCount
        let used = min(width, 8)
        self.mask = mask
        // Wider than eight bits: the lowest ones are dropped.
        shift = mask == 0 ? 0 : UInt32(mask.trailingZeroBitCount + width - used)
        let most = UInt32(1) << UInt32(used) - 1
        spread = most == 0 ? [0] : (0...most).map { ($0 * 255 + most / 2) / most }
    }

    @inline(__always)
    func value(in pixel: UInt32) -> UInt32 { spread[Int((pixel & mask) >> shift)] }
}
