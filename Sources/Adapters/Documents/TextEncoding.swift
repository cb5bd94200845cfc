import FoundationEssentials

/// How a text file is encoded.
public enum TextEncoding: Sendable, Equatable {
    /// UTF-8, with or without a byte order mark.
    case utf8
    /// UTF-16 with the low byte first.
    case utf16LittleEndian
    /// UTF-16 with the high byte first.
    case utf16BigEndian
    /// Latin-1, or Windows' code page 1252, which is the same but for quotation marks, dashes and the like.
    case latin1

    /// Guesses how bytes are encoded; nil where they are no text.
    ///
    /// - Parameter isWhole: Whether the bytes are the whole text; otherwise a character may be cut at the end.
    init?(of bytes: [UInt8], isWhole: Bool) {
        if bytes.starts(with: [0xFF, 0xFE]) && !bytes.starts(with: [0xFF, 0xFE, 0, 0]) {
            self = .utf16LittleEndian
        } else if bytes.starts(with: [0xFE, 0xFF]) {
            self = .utf16BigEndian
        } else if bytes.contains(where: Self.neverInText) {
            return nil
        } else if Self.isUTF8(bytes, isWhole: isWhole) {
            self = .utf8
        } else if bytes.count(where: { $0 >= 0x80 }) * 2 <= bytes.count {
            self = .latin1
        } else {
            // Not even half of it is plain letters: this is something else.
            return nil
        }
    }

    /// Whether the text can be read: bell, backspace, form feed and escape do occur in logs and listings.
    private static func neverInText(_ byte: UInt8) -> Bool {
        byte < 0x20 && !(0x07...0x0D).contains(byte) && byte != 0x1B || byte == 0x7F
    }

    private static func isUTF8(_ bytes: [UInt8], isWhole: Bool) -> Bool {
        if String(validating: bytes, as: UTF8.self) != nil { return true }
        guard !isWhole else { return false }
        // A character has at most four bytes, so at most three of a cut one are here.
        return (1...3).contains { cut in
            cut <= bytes.count && bytes[bytes.count - cut] >= 0xC0
                && String(validating: bytes.dropLast(cut), as: UTF8.self) != nil
        }
    }

    /// Reads bytes as text; what cannot be read becomes U+FFFD.
    public func text(of bytes: some Collection<UInt8>) -> String {
        switch self {
        case .utf8:
            let start: [UInt8] = [0xEF, 0xBB, 0xBF]
            return String(decoding: bytes.starts(with: start) ? bytes.dropFirst(3) : bytes[...], as: UTF8.self)
        case .utf16LittleEndian, .utf16BigEndian:
            let bytes = Array(bytes.dropFirst(2))
            let low = self == .utf16LittleEndian ? 0 : 1
            let units = stride(from: 0, to: bytes.count - 1, by: 2).map { index in
                UInt16(bytes[index + low]) | UInt16(bytes[index + 1 - low]) << 8
            }
            return String(decoding: units, as: UTF16.self)
        case .latin1:
            var scalars = String.UnicodeScalarView()
            for byte in bytes { scalars.append(Self.windows1252(byte)) }
            return String(scalars)
        }
    }

    /// The bytes 0x80 to 0x9F as Windows uses them; Latin-1 has control characters there, which no text contains.
    private static let windowsExtras = Array("€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8D}Ž\u{8F}\u{90}‘’“”•–—˜™š›œ\u{9D}žŸ".unicodeScalars)

    private static func windows1252(_ byte: UInt8) -> Unicode.Scalar {
        (0x80...0x9F).contains(byte) ? windowsExtras[Int(byte) - 0x80] : Unicode.Scalar(byte)
    }
}
