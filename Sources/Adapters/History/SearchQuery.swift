/// What a person looks for, as the index understands it.
///
/// Every word must be there, in any order and anywhere in a message; what stands in quotation marks must be there as it is.
/// Nothing that a person can type has another meaning, and nothing is an error.
struct SearchQuery {
    /// The words and phrases, folded, for marking them in what was found; the longest ones first.
    let terms: [Term]
    /// The query in the index's own language; nil when there is nothing to look for.
    let match: String?

    /// A word or a phrase.
    struct Term: Equatable {
        /// Its characters, folded.
        var scalars: [Unicode.Scalar]
        /// Whether it may be the beginning of a longer word.
        var isPrefix: Bool
    }

    /// Reads what a person typed.
    ///
    /// - Parameter isTyping: Whether the last word may go on.
    init(_ text: String, isTyping: Bool) {
        var terms: [Term] = []
        var phrases: [String] = []
        let pieces = Self.pieces(of: text)
        let endsInWord = text.unicodeScalars.last.map(SearchWords.isWord) ?? false
        for (index, piece) in pieces.enumerated() {
            let isLast = index == pieces.count - 1
            let words = Self.trimmed(piece.text)
            guard let last = words.last else { continue }
            let isOneOfRun = SearchWords.isUnspaced(last) && words.dropLast().last.map(SearchWords.isUnspaced) != true
            let mayGoOn = isTyping && isLast && !piece.isClosed && endsInWord
            let isPrefix = isOneOfRun || (mayGoOn && !SearchWords.isUnspaced(last))
            let phrase = SearchWords.cutForQuery(String(String.UnicodeScalarView(words)))
            phrases.append("\"\(phrase)\"" + (isPrefix ? "*" : ""))
            terms.append(Term(scalars: words.map(SearchWords.folded), isPrefix: isPrefix))
        }
        self.terms = terms.sorted { $0.scalars.count > $1.scalars.count }
        match = phrases.isEmpty ? nil : phrases.joined(separator: " AND ")
    }

    // MARK: - Private

    /// The longest query that is read, in Unicode scalars, and the most words of it.
    private static let limits = (scalars: 1000, pieces: 24)

    private struct Piece {
        var text: [Unicode.Scalar]
        /// Whether it stood in quotation marks, both of them.
        var isClosed: Bool
    }

    /// Splits at blanks, except inside quotation marks.
    private static func pieces(of text: String) -> [Piece] {
        var pieces: [Piece] = []
        var piece: [Unicode.Scalar] = []
        var isQuoted = false
        func end(closed: Bool = false) {
            if piece.contains(where: SearchWords.isWord) { pieces.append(Piece(text: piece, isClosed: closed)) }
            piece = []
        }
        for scalar in text.unicodeScalars.prefix(limits.scalars) {
            if "\"“”„«»".unicodeScalars.contains(scalar) {
                end(closed: isQuoted)
                isQuoted.toggle()
            } else if !isQuoted, scalar.properties.isWhitespace {
                end()
            } else {
                piece.append(scalar.value < 0x20 ? " " : scalar)
            }
        }
        end()
        return Array(pieces.prefix(limits.pieces))
    }

    /// A phrase without what is no word at its ends.
    private static func trimmed(_ piece: [Unicode.Scalar]) -> [Unicode.Scalar] {
        let start = piece.drop { !SearchWords.isWord($0) }
        let end = start.lastIndex(where: SearchWords.isWord) ?? start.startIndex
        return start.isEmpty ? [] : Array(start[...end])
    }
}
