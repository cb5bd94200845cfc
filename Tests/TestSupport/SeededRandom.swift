/// Random numbers that are the same in every run (SplitMix64), and hostile text made of them.
public struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    /// Starts a sequence.
    public init(seed: UInt64) { state = seed }

    /// The next number.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Bytes read as UTF-8, mostly broken.
    public mutating func bytes(count: Int) -> String {
        String(decoding: (0..<count).map { _ in UInt8.random(in: 0...255, using: &self) }, as: UTF8.self)
    }

    /// Scalars from everywhere, the troublesome ones often.
    public mutating func scalars(count: Int) -> String {
        var view = String.UnicodeScalarView()
        for _ in 0..<count {
            switch Int.random(in: 0..<6, using: &self) {
            case 0: view.append(Unicode.Scalar(UInt8.random(in: 0...255, using: &self)))
            case 1: view.append(Self.traps.randomElement(using: &self) ?? " ")
            case 2: view.append(Unicode.Scalar(UInt32.random(in: 0x4E00...0x9FFF, using: &self)) ?? " ")
            case 3: view.append(Unicode.Scalar(UInt32.random(in: 0...0x10FFFF, using: &self)) ?? "\u{1B}")
            default: view.append(" ae-\t\n".unicodeScalars.randomElement(using: &self) ?? " ")
            }
        }
        return String(view)
    }

    private static let traps = Array(
        "\u{1B}\u{9B}\u{7F}\u{202E}\u{2066}\u{200D}\u{200B}\u{FE0F}\u{FE0E}\u{20E3}\u{301}🇫🏽👩👍\u{E0041}\u{600}\u{93F}\u{94D}कषᄀ각\u{1161}\u{11A8}、（"
            .unicodeScalars)
}
