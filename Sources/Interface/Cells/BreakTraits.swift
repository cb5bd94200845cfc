/// What line breaking has to know about a glyph.
struct BreakTraits: OptionSet {
    let rawValue: UInt8

    /// A line may end before and after it.
    static let ideograph = BreakTraits(rawValue: 1)
    /// No line begins with it.
    static let closing = BreakTraits(rawValue: 2)
    /// No line ends with it.
    static let opening = BreakTraits(rawValue: 4)
    /// A word may be broken after it.
    static let hyphen = BreakTraits(rawValue: 8)
    /// Part of a word.
    static let letter = BreakTraits(rawValue: 16)

    init(rawValue: UInt8) { self.rawValue = rawValue }

    init(ascii byte: UInt8) {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): self = .letter
        case UInt8(ascii: "-"): self = .hyphen
        case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): self = .opening
        case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: ","), UInt8(ascii: "."),
            UInt8(ascii: ";"), UInt8(ascii: ":"), UInt8(ascii: "!"), UInt8(ascii: "?"):
            self = .closing
        default: self = []
        }
    }

    init(_ text: String) {
        guard let scalar = text.unicodeScalars.first else {
            self = []
            return
        }
        let value = scalar.value
        // Korean is written with blanks between words, and reads better when only those break.
        if (0xAC00...0xD7A3).contains(value) || value < 0x2010 {
            self = .letter
        } else if value == 0x2010 || value == 0x2013 || value == 0x2014 {
            self = .hyphen
        } else if Self.closingMarks.contains(scalar) {
            self = [.closing, .ideograph]
        } else if Self.openingMarks.contains(scalar) {
            self = [.opening, .ideograph]
        } else {
            self = DisplayWidth.columns(of: scalar) == 2 ? .ideograph : .letter
        }
    }

    private static let closingMarks = Set(
        "、。，．・：；？！）］｝〕〉》」』】〗〙〛’”…‥ー々〻ゝゞヽヾぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ％｡､｣"
            .unicodeScalars)
    private static let openingMarks = Set("（［｛〔〈《「『【〖〘〚‘“｢".unicodeScalars)
}
