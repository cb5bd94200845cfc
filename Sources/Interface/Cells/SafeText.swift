/// Makes foreign text harmless before it is stored in a view: what an engine, a file, a window title or a paste says.
///
/// What could move a cursor, change a terminal's state, reorder or hide other text is dropped: control characters,
/// escape, bidirectional overrides, invisible format characters, tags. A `Grid` refuses the same characters, so that
/// forgetting to call this leaks nothing.
public enum SafeText {
    /// The text without harmful characters; line feeds and tabs stay, other line ends become line feeds.
    public static func sanitized(_ text: String) -> String {
        if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) || $0 == 0x0A || $0 == 0x09 }) { return text }
        var result = String.UnicodeScalarView()
        var previousWasReturn = false
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x0A:
                if !previousWasReturn { result.append("\n") }
            case 0x09:
                result.append(scalar)
            case 0x0D, 0x85, 0x2028, 0x2029:
                result.append("\n")
            default:
                if isHarmless(scalar) { result.append(scalar) }
            }
            previousWasReturn = scalar.value == 0x0D
        }
        return String(result)
    }

    /// The text on one line: as `sanitized`, with line breaks and tabs made blanks.
    public static func singleLine(_ text: String) -> String {
        String(sanitized(text).map { $0 == "\n" || $0 == "\t" ? " " : $0 })
    }

    /// Whether a scalar may reach a cell.
    ///
    /// Line feed and tab may not: layout turns them into lines and blanks.
    public static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        let value = scalar.value
        if value < 0x300 { return value >= 0x20 && !(0x7F..<0xA0).contains(value) && value != 0xAD }
        if (0x370...0x57F).contains(value) || (0x2500...0x27FF).contains(value) || (0x3041...0xD7A3).contains(value) {
            return !isHiddenLetter(value)
        }
        switch scalar.properties.generalCategory {
        case .control, .surrogate, .lineSeparator, .paragraphSeparator: return false
        case .format: return value == 0x200C || value == 0x200D || isVisibleFormat(value)
        case .nonspacingMark: return !isHiddenMark(value)
        case .unassigned: return !scalar.properties.isNoncharacterCodePoint && value < 0xE0000
        default: return !isHiddenLetter(value) && scalar != Cell.picturePlaceholder
        }
    }

    // Arabic, Syriac and Kaithi number signs are format characters by name only: they are drawn.
    static func isVisibleFormat(_ value: UInt32) -> Bool {
        (0x600...0x605).contains(value) || [0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD].contains(value)
    }

    // Letters that are drawn as nothing.
    private static func isHiddenLetter(_ value: UInt32) -> Bool {
        value == 0x3164 || value == 0xFFA0 || value == 0x115F || value == 0x1160
    }

    // Grapheme joiner, Khmer inherent vowels, Mongolian and supplementary variation selectors.
    private static func isHiddenMark(_ value: UInt32) -> Bool {
        value == 0x34F || value == 0x17B4 || value == 0x17B5 || (0x180B...0x180F).contains(value)
            || (0xE0000...0xE0FFF).contains(value)
    }
}
