/// Cuts text into what the search index takes for words.
///
/// Scripts that put no blanks between words are cut into overlapping pairs with an unseen separator between them: "截屏幕"
/// becomes "截屏", "屏幕", "幕". A search for two characters then finds a word, for three and more a phrase, and for one a
/// beginning. Everything else is left to the index's own tokenizer.
enum SearchWords {
    /// What of a text is indexed, in Unicode scalars; the rest of a longer one is not found.
    static let limit = 1 << 20

    /// Cuts a text for the index.
    static func cut(_ text: String) -> String {
        // Most text is ASCII, and is left as it is.
        if text.utf8.count <= limit, text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
        var cut = String.UnicodeScalarView()
        var isInRun = false
        for scalar in text.unicodeScalars.prefix(limit) {
            if isUnspaced(scalar) {
                if isInRun { cut.append(scalar) }
                cut.append(separator)
                cut.append(scalar)
                isInRun = true
            } else {
                if isInRun { cut.append(separator) }
                cut.append(plain(scalar))
                isInRun = false
            }
        }
        return String(cut)
    }

    /// Cuts a text that is looked for: its last pair may be followed by anything.
    static func cutForQuery(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard let last = scalars.last, isUnspaced(last), scalars.dropLast().last.map(isUnspaced) == true else {
            return cut(text)
        }
        return String(cut(text).unicodeScalars.dropLast())
    }

    /// Whether a character belongs to a script that puts no blanks between words.
    static func isUnspaced(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x30FB: false
        case 0x3041...0x30FF, 0x31F0...0x31FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
            0x20000...0x3134F:
            true
        default: false
        }
    }

    /// Whether the index takes a character for part of a word.
    static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value < 0x80 { return scalar.properties.isAlphabetic || (48...57).contains(scalar.value) }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber, .otherNumber, .privateUse:
            return true
        default: return false
        }
    }

    /// A character as it is compared: small, without its accent, of usual width.
    static func folded(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        if scalar.value < 0x80 {
            return (65...90).contains(scalar.value) ? Unicode.Scalar(UInt8(scalar.value) + 32) : scalar
        }
        let scalar = plain(scalar)
        if (0xC0..<0x180).contains(scalar.value) {
            let base = latin[Int(scalar.value - 0xC0)]
            if base != 0x2A { return Unicode.Scalar(base) }
        }
        let small = scalar.properties.lowercaseMapping.unicodeScalars
        return small.count == 1 ? small.first ?? scalar : scalar
    }

    // MARK: - Private

    /// Stands between the pairs of a run; the tokenizer takes it for a blank.
    private static let separator: Unicode.Scalar = "\u{1F}"

    /// The plain letters of U+00C0 to U+017F; a star where there is none.
    private static let latin = Array(
        ("aaaaaa*ceeeeiiii*nooooo*ouuuuy**aaaaaa*ceeeeiiii*nooooo*ouuuuy*y"
            + "aaaaaaccccccccdd**eeeeeeeeeegggggggghh**iiiiiiiii***jjkk*llllll****nnnnnn***oooooo**rrrrrr"
            + "ssssssssttttt*uuuuuuuuuuuuwwyyyzzzzzz*").utf8)

    private static func plain(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        guard (0xFF10...0xFF5A).contains(scalar.value) else { return scalar }
        return Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar
    }
}
