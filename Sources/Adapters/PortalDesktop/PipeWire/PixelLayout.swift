import CPipeWire

/// How a pixel lies in a producer's memory.
enum PixelLayout: UInt32, CaseIterable, Sendable {
    case bgrx, bgra, rgbx, rgba, xrgb, argb, xbgr, abgr, bgr, rgb
    /// Little-endian numbers of 32 bits: two for alpha or nothing, then ten for each colour.
    case xrgb210, argb210, xbgr210, abgr210

    /// The layout by the number that C has for it.
    init?(_ number: UInt32) {
        // Both lists are in the same order; the tests see to it.
        self.init(rawValue: number)
    }

    /// Bytes a pixel.
    var byteCount: Int { self == .bgr || self == .rgb ? 3 : 4 }

    /// Whether a pixel is what frames have: blue, green, red, and something else.
    var isNative: Bool { self == .bgrx || self == .bgra }

    /// Whether a pixel can be transparent.
    var hasAlpha: Bool {
        switch self {
        case .bgra, .rgba, .argb, .abgr, .argb210, .abgr210: true
        default: false
        }
    }

    /// Reads pixels as 0xAARRGGBB, opaque where there is no alpha.
    ///
    /// - Parameters:
    ///   - source: The first pixel; no alignment is assumed.
    ///   - step: Bytes from a pixel to the next, negative when they are read backwards.
    ///   - target: Memory for `count` of them.
    func read(_ source: UnsafeRawPointer, step: Int, count: Int, into target: UnsafeMutablePointer<UInt32>) {
        // One loop for each layout: the compiler makes vectors of most of them.
        switch self {
        case .bgrx: words(source, step, count, target) { 0xFF00_0000 | $0 }
        case .bgra: words(source, step, count, target) { $0 }
        case .rgbx: words(source, step, count, target) { 0xFF00_0000 | Self.swapped($0) }
        case .rgba: words(source, step, count, target) { $0 & 0xFF00_0000 | Self.swapped($0) }
        case .xrgb: words(source, step, count, target) { 0xFF00_0000 | $0.byteSwapped }
        case .argb: words(source, step, count, target) { $0.byteSwapped }
        case .xbgr: words(source, step, count, target) { 0xFF00_0000 | $0 >> 8 }
        case .abgr: words(source, step, count, target) { $0 >> 8 | $0 << 24 }
        case .bgr: bytes(source, step, count, target, red: 2, blue: 0)
        case .rgb: bytes(source, step, count, target, red: 0, blue: 2)
        case .xrgb210: words(source, step, count, target) { 0xFF00_0000 | Self.narrowed($0) }
        case .argb210: words(source, step, count, target) { ($0 >> 30) * 0x5500_0000 | Self.narrowed($0) }
        case .xbgr210: words(source, step, count, target) { 0xFF00_0000 | Self.swapped(Self.narrowed($0)) }
        case .abgr210:
            words(source, step, count, target) { ($0 >> 30) * 0x5500_0000 | Self.swapped(Self.narrowed($0)) }
        }
    }

    /// Red and blue exchanged, without what is above them.
    @inline(__always)
    private static func swapped(_ word: UInt32) -> UInt32 {
        word & 0x00FF00 | word >> 16 & 0x0000FF | word << 16 & 0xFF0000
    }

    /// The upper eight bits of each ten, without what is above them.
    @inline(__always)
    private static func narrowed(_ word: UInt32) -> UInt32 {
        word >> 6 & 0xFF0000 | word >> 4 & 0x00FF00 | word >> 2 & 0x0000FF
    }

    @inline(__always)
    private func words(
        _ source: UnsafeRawPointer, _ step: Int, _ count: Int, _ target: UnsafeMutablePointer<UInt32>,
        _ convert: (UInt32) -> UInt32
    ) {
        if step == 4 {
            for index in 0..<count {
                target[index] = convert(
                    UInt32(littleEndian: source.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self)))
            }
        } else {
            for index in 0..<count {
                target[index] = convert(
                    UInt32(littleEndian: source.loadUnaligned(fromByteOffset: index * step, as: UInt32.self)))
            }
        }
    }

    @inline(__always)
    private func bytes(
        _ source: UnsafeRawPointer, _ step: Int, _ count: Int, _ target: UnsafeMutablePointer<UInt32>, red: Int,
        blue: Int
    ) {
        for index in 0..<count {
            let pixel = source + index * step
            func byte(_ offset: Int) -> UInt32 { UInt32(pixel.load(fromByteOffset: offset, as: UInt8.self)) }
            target[index] = 0xFF00_0000 | byte(red) << 16 | byte(1) << 8 | byte(blue)
        }
    }
}
