/// How many columns a terminal gives to a glyph.
///
/// The rules are those of the C library's `wcwidth`, which terminals follow for single scalars, and of emoji-aware
/// terminals for sequences: East Asian wide and emoji presentation 2, combining and invisible 0, flags, keycaps and
/// joined emoji 2. Controls are 0, and a `Grid` drops them; tab and line breaks count 1, as a `Grid` draws them blank.
public enum DisplayWidth {
    /// The columns of a grapheme as a `Grid` draws it.
    public static func columns(of character: Character) -> Int {
        Glyphs.measure(character)
    }

    /// The columns of a text on one line, in linear time.
    public static func columns(of text: some StringProtocol) -> Int {
        var total = 0
        var glyphs = Glyphs(String(text))
        while let glyph = glyphs.next() { total += glyph.isBlank ? 1 : glyph.columns }
        return total
    }

    /// The columns of a scalar on its own.
    public static func columns(of scalar: Unicode.Scalar) -> Int {
        let value = scalar.value
        if value < 0x300 { return value < 0x20 || (0x7F..<0xA0).contains(value) || value == 0xAD ? 0 : 1 }
        if isPlainlyWide(value) { return 2 }
        if isPlainlyNarrow(value) { return 1 }
        if isHangulTail(value) { return 0 }
        let properties = scalar.properties
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .control, .surrogate, .lineSeparator, .paragraphSeparator: return 0
        case .format: return SafeText.isVisibleFormat(value) ? 1 : 0
        default: break
        }
        if isRegionalIndicator(value) { return 1 }
        return properties.isEmojiPresentation || isWideByTable(value) ? 2 : 1
    }

    static func isRegionalIndicator(_ value: UInt32) -> Bool { (0x1F1E6...0x1F1FF).contains(value) }

    // Ideographs, Hangul syllables and kana without the combining voice marks: most wide text, without a table.
    private static func isPlainlyWide(_ value: UInt32) -> Bool {
        (0x4E00...0x9FFF).contains(value) || (0xAC00...0xD7A3).contains(value) || (0x3041...0x3096).contains(value)
            || (0x30A0...0x30FF).contains(value)
    }

    // Cyrillic and Greek letters, punctuation, box drawing and blocks: most narrow text, without properties.
    private static func isPlainlyNarrow(_ value: UInt32) -> Bool {
        (0x370...0x482).contains(value) || (0x48A...0x52F).contains(value) || (0x2010...0x2027).contains(value)
            || (0x2500...0x25FC).contains(value)
    }

    // Vowels and final consonants of decomposed Hangul are drawn inside the syllable that the first consonant opened.
    private static func isHangulTail(_ value: UInt32) -> Bool {
        (0x1160...0x11FF).contains(value) || (0xD7B0...0xD7FF).contains(value)
    }

    private static func isWideByTable(_ value: UInt32) -> Bool {
        guard value >= wideRanges[0].lowerBound else { return false }
        var low = 0
        var high = wideRanges.count
        while low < high {
            let middle = (low + high) / 2
            if wideRanges[middle].upperBound < value { low = middle + 1 } else { high = middle }
        }
        return low < wideRanges.count && wideRanges[low].contains(value)
    }

    // EastAsianWidth.txt of Unicode 15, W and F, joined across unassigned places, without what Emoji_Presentation says.
    private static let wideRanges: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x4DFF, 0x4E00...0xA4CF, 0xA960...0xA97C,
        0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6,
        0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF, 0x1F200...0x1F265, 0x20000...0x2FFFD, 0x30000...0x3FFFD,
    ]
}
