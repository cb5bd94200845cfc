public import Conversation

/// Something that stands as one character among the words that are being written.
public enum ComposerChip: Sendable, Equatable {
    /// A picture, a recording or a text that goes with the words.
    case attachment(Attachment)
    /// Pasted words that are too long to be shown; they are sent unfolded.
    case paste(Paste)
    /// An attachment that is on its way: a picture of the screen without a ticket, a file with one.
    case pending(ticket: Int?)

    /// A long paste.
    public struct Paste: Sendable, Equatable {
        /// The words.
        public let text: String
        /// How many lines they have.
        public let lineCount: Int
        /// How many bytes of UTF-8 they have.
        public let byteCount: Int

        /// Folds words.
        init(_ text: String) {
            self.text = text
            byteCount = text.utf8.count
            let ends = text.utf8.reduce(0) { $1 == 0x0A ? $0 + 1 : $0 }
            lineCount = ends + (text.utf8.last == 0x0A ? 0 : 1)
        }

        /// What stands in its place.
        public var label: String { lineCount > 1 ? "Pasted \(lineCount) lines" : "Pasted \(text.count) characters" }
    }

    /// The characters that chips have: from the end of the last private plane, which no font and no keyboard uses.
    static let markers: ClosedRange<UInt32> = 0x10F000...0x10FFFD

    /// Whether a character is a chip.
    static func isMarker(_ character: Character) -> Bool {
        character.unicodeScalars.contains { markers.contains($0.value) }
    }

    /// Whether a text may hold chips, told from its bytes.
    static func mayBe(in text: String) -> Bool { text.utf8.contains(0xF4) }
}
