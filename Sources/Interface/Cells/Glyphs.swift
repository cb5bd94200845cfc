/// Cuts text into what is drawn in one or two cells.
///
/// Mostly that is a grapheme. A grapheme of several spacing scalars that is no emoji (an Indic conjunct, a mark with
/// room of its own) is cut further, since terminals and curses draw it scalar by scalar: each piece is one spacing
/// scalar with what combines with it.
struct Glyphs: IteratorProtocol {
    /// What is drawn in one place.
    struct Glyph {
        /// The safe scalars to draw; meaningless when `columns` is 0.
        var grapheme: Grapheme
        /// 0 (draws nothing), 1 or 2.
        var columns: Int
        /// UTF-8 bytes of the text that it stands for.
        var byteCount: Int
        /// A tab or line break.
        var isBlank = false
    }

    // Longer clusters than any emoji sequence in use are only ever made to annoy.
    private static let scalarLimit = 12

    private var text: String
    private var index: String.Index
    private var pending: ArraySlice<Glyph> = []

    init(_ text: String) {
        self.text = text
        self.text.makeContiguousUTF8()
        index = text.startIndex
    }

    mutating func next() -> Glyph? {
        if !pending.isEmpty { return pending.removeFirst() }
        let utf8 = text.utf8
        guard index < utf8.endIndex else { return nil }
        let byte = utf8[index]
        let following = utf8.index(after: index)
        // Two ASCII bytes in a row never belong to one grapheme, but for a carriage return.
        if byte < 0x80, byte != 0x0D, following == utf8.endIndex || utf8[following] < 0x80 {
            index = following
            return glyph(ascii: byte)
        }
        let character = text[index]
        let end = text.index(after: index)
        let byteCount = utf8.distance(from: index, to: end)
        index = end
        if byteCount == 1 { return glyph(ascii: byte) }
        if byte == 0x0D { return Glyph(grapheme: .blank, columns: 0, byteCount: byteCount, isBlank: true) }
        if let glyph = Self.single(character) { return glyph }
        return first(of: Self.glyphs(of: character), byteCount: byteCount)
    }

    /// The columns that the glyphs of a grapheme take together.
    static func measure(_ character: Character) -> Int {
        if let byte = character.utf8.first, character.utf8.count == 1 {
            return byte >= 0x20 && byte < 0x7F || byte == 0x09 || byte == 0x0A || byte == 0x0D ? 1 : 0
        }
        if character == "\r\n" { return 1 }
        return glyphs(of: character).reduce(0) { $0 + $1.columns }
    }

    // MARK: - One grapheme

    private func glyph(ascii byte: UInt8) -> Glyph {
        Glyph(
            grapheme: Grapheme(ascii: byte), columns: byte >= 0x20 && byte < 0x7F ? 1 : 0, byteCount: 1,
            isBlank: byte == 0x09 || byte == 0x0A || byte == 0x0D)
    }

    private mutating func first(of glyphs: [Glyph], byteCount: Int) -> Glyph {
        guard var first = glyphs.first else {
            return Glyph(grapheme: .blank, columns: 0, byteCount: byteCount)
        }
        first.byteCount = byteCount - glyphs.dropFirst().reduce(0) { $0 + $1.byteCount }
        pending = glyphs.dropFirst()
        return first
    }

    private static func glyphs(of character: Character) -> [Glyph] {
        if let single = single(character) { return [single] }
        let scalars = character.unicodeScalars
        if let emoji = emojiSequence(scalars) {
            return [Glyph(grapheme: emoji, columns: 2, byteCount: character.utf8.count)]
        }
        return pieces(scalars)
    }

    // A grapheme of one scalar, which is most of them.
    private static func single(_ character: Character) -> Glyph? {
        let scalars = character.unicodeScalars
        guard let scalar = scalars.first, scalars.index(after: scalars.startIndex) == scalars.endIndex else {
            return nil
        }
        let columns = SafeText.isHarmless(scalar) ? DisplayWidth.columns(of: scalar) : 0
        return Glyph(
            grapheme: Grapheme(CollectionOfOne(scalar)), columns: columns, byteCount: character.utf8.count)
    }

    // A joined, coloured, selected or paired sequence that an emoji-aware terminal draws as one picture.
    private static func emojiSequence(_ scalars: Character.UnicodeScalarView) -> Grapheme? {
        guard let base = scalars.first, base.properties.isEmoji else { return nil }
        let isPair = DisplayWidth.isRegionalIndicator(base.value)
        let isSequence =
            isPair
            || scalars.dropFirst().contains { scalar in
                scalar.value == 0xFE0F || scalar.properties.isEmojiModifier
                    || scalar.value == 0x200D && base.properties.isEmojiPresentation
            }
        guard isSequence else { return nil }
        var kept = String.UnicodeScalarView()
        kept.append(contentsOf: scalars.lazy.filter(SafeText.isHarmless).prefix(scalarLimit))
        return Grapheme(String(kept).count == 1 ? kept : String.UnicodeScalarView([base]))
    }

    private static func pieces(_ scalars: Character.UnicodeScalarView) -> [Glyph] {
        var glyphs: [Glyph] = []
        var piece = String.UnicodeScalarView()
        var columns = 0
        var byteCount = 0
        func close() {
            // A piece may fall apart when a joining scalar was left out; its base is what must stay.
            let text = String(piece)
            guard let base = piece.first else { return }
            glyphs.append(
                Glyph(
                    grapheme: Grapheme(text.count == 1 ? piece : String.UnicodeScalarView([base])), columns: columns,
                    byteCount: byteCount))
        }
        for scalar in scalars {
            let width = SafeText.isHarmless(scalar) ? DisplayWidth.columns(of: scalar) : 0
            if width > 0 {
                close()
                piece = String.UnicodeScalarView()
                piece.append(scalar)
                columns = width
                byteCount = UTF8.width(scalar)
            } else {
                byteCount += UTF8.width(scalar)
                if SafeText.isHarmless(scalar), piece.count > 0, piece.count < scalarLimit { piece.append(scalar) }
            }
        }
        close()
        return glyphs
    }
}
