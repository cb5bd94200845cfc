/// A glyph's text kept inside its cell: at most fifteen bytes of UTF-8, the length in the last byte.
///
/// A grid is thousands of cells that are filled, compared and copied for every frame; as plain bytes they need no
/// reference counting. Fifteen bytes hold every emoji of one or two pictures. What is longer keeps its first scalars,
/// and a terminal draws no more of it anyway.
struct Grapheme: Hashable, Sendable {
    private static let capacity = 15

    private var low: UInt64
    private var high: UInt64

    static let blank = Grapheme(ascii: 0x20)

    init(ascii byte: UInt8) {
        low = UInt64(byte)
        high = 1 << 56
    }

    init(_ scalars: some Sequence<Unicode.Scalar>) {
        low = 0
        high = 0
        var count = 0
        // Where the text ends if a joiner that joins nothing is left out.
        var end = 0
        for scalar in scalars {
            guard let encoded = UTF8.encode(scalar), count + encoded.count <= Self.capacity else { break }
            for byte in encoded {
                if count < 8 {
                    low |= UInt64(byte) << (8 * UInt64(count))
                } else {
                    high |= UInt64(byte) << (8 * UInt64(count - 8))
                }
                count += 1
            }
            if scalar.value != 0x200D { end = count }
        }
        if end < count {
            if end < 8 {
                low &= end == 0 ? 0 : UInt64.max >> (64 - 8 * UInt64(end))
                high = 0
            } else {
                high &= (1 << (8 * UInt64(end - 8))) - 1
            }
        }
        high |= UInt64(end) << 56
    }

    /// The byte, if the text is one ASCII character.
    var ascii: UInt8? { high == 1 << 56 && low < 0x80 ? UInt8(truncatingIfNeeded: low) : nil }

    var text: String {
        withUnsafeBytes(of: (low.littleEndian, high.littleEndian)) {
            String(decoding: UnsafeRawBufferPointer(rebasing: $0[..<Int(high >> 56)]), as: UTF8.self)
        }
    }

    var character: Character { text.first ?? " " }
}
