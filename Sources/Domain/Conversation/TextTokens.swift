/// Estimates how many tokens a text is, without a tokenizer.
///
/// It cuts as the tokenizers of GLM and Qwen do: a word with the blank before it, digits, runs of punctuation, runs of blanks;
/// and knows how many tokens such a piece is on average. One pass, no copies.
public struct TextTokens: Sendable {
    private enum Piece { case none, word, letters, ideographs, digits, marks, blanks, breaks, pictures }

    /// A hundredth of a token is the unit, so that sums are exact.
    private var hundredths = 0
    private var piece = Piece.none
    private var length = 0

    /// Estimates the tokens of a text.
    public static func estimate(_ text: String) -> Int {
        var tokens = TextTokens()
        for scalar in text.unicodeScalars { tokens.add(scalar) }
        tokens.endPiece()
        return (tokens.hundredths + 99) / 100
    }

    private mutating func add(_ scalar: Unicode.Scalar) {
        let next = Self.piece(of: scalar)
        // A word in camel case is several to a tokenizer.
        let isHump = next == .word && piece == .word && scalar.value < 0x5B && length > 2
        if next != piece || isHump {
            endPiece()
            piece = next
        }
        length += 1
    }

    private mutating func endPiece() {
        switch piece {
        case .none: break
        case .word: hundredths += length <= 7 ? 103 : 103 + (length - 7) * 12
        case .letters: hundredths += max(100, length * 42)
        case .ideographs: hundredths += max(100, length * 66)
        case .digits: hundredths += length * 75
        case .marks: hundredths += 100 + (length - 1) / 3 * 70
        // The last blank belongs to the word behind it.
        case .blanks: hundredths += length > 1 ? 100 : 0
        case .breaks: hundredths += 80
        case .pictures: hundredths += length * 180
        }
        piece = .none
        length = 0
    }

    private static func piece(of scalar: Unicode.Scalar) -> Piece {
        switch scalar.value {
        case 0x30...0x39: .digits
        case 0x41...0x5A, 0x61...0x7A: .word
        case 0x0A, 0x0D: .breaks
        case 0x20, 0x09, 0xA0: .blanks
        case ..<0x80: .marks
        case 0x3040...0x30FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xAC00...0xD7AF, 0xF900...0xFAFF, 0x20000...0x3FFFF:
            .ideographs
        case 0x2000...0x206F, 0x3000...0x303F, 0xFF00...0xFF65: .marks
        case 0x2190...0x2BFF, 0x1F000...0x1FAFF, 0xFE00...0xFE0F: .pictures
        default: .letters
        }
    }
}
