import Conversation

/// Cuts a line out of a text around what was looked for.
struct SnippetMaker {
    /// The words and phrases, the longest ones first.
    let terms: [SearchQuery.Term]
    /// How long the line may be, in Unicode scalars.
    var length = 120

    /// Makes the line; nil where nothing of the text is what was looked for.
    func snippet(of text: String) -> Snippet? {
        let scalars = Array(text.unicodeScalars.prefix(Self.limit))
        let folded = scalars.map(SearchWords.folded)
        guard let first = terms.lazy.compactMap({ firstHit(of: $0, in: folded, from: 0) }).first else { return nil }
        // A third of the line leads up to what was found.
        var start = max(0, first.lowerBound - length / 3)
        let end = min(scalars.count, max(first.upperBound, start + length))
        if start > 0, let blank = scalars[start..<first.lowerBound].firstIndex(where: \.properties.isWhitespace) {
            start = blank + 1
        }
        return Snippet(runs(scalars, folded, start..<end))
    }

    /// Makes the line of a text's beginning.
    func beginning(of text: String) -> Snippet {
        let scalars = Array(text.unicodeScalars.prefix(length + 1))
        return Snippet(runs(scalars, [], 0..<min(length, scalars.count)))
    }

    // MARK: - Private

    /// How much of a text is looked at.
    private static let limit = 1 << 16

    private func runs(_ scalars: [Unicode.Scalar], _ folded: [Unicode.Scalar], _ line: Range<Int>) -> [Snippet.Run] {
        var isHit = [Bool](repeating: false, count: line.count)
        for term in terms where !folded.isEmpty {
            var from = line.lowerBound
            while let hit = firstHit(of: term, in: folded, from: from), hit.lowerBound < line.upperBound {
                for place in hit where line.contains(place) { isHit[place - line.lowerBound] = true }
                from = hit.upperBound
            }
        }
        var runs: [Snippet.Run] = []
        if line.lowerBound > 0 { runs.append(Snippet.Run("…")) }
        var isBlank = true
        for place in line {
            let scalar = scalars[place]
            let blank = scalar.properties.isWhitespace || scalar.value < 0x20
            defer { isBlank = blank }
            if blank, isBlank { continue }
            if runs.last?.isHit != isHit[place - line.lowerBound] {
                runs.append(Snippet.Run("", isHit: isHit[place - line.lowerBound]))
            }
            runs[runs.count - 1].text.unicodeScalars.append(blank ? " " : scalar)
        }
        if line.upperBound < scalars.count { runs.append(Snippet.Run("…")) }
        return runs.filter { !$0.text.isEmpty }
    }

    private func firstHit(of term: SearchQuery.Term, in text: [Unicode.Scalar], from start: Int) -> Range<Int>? {
        guard let first = term.scalars.first, text.count >= term.scalars.count else { return nil }
        let isUnspaced = SearchWords.isUnspaced(first)
        for place in start..<max(start, text.count - term.scalars.count + 1) where text[place] == first {
            if !isUnspaced, place > 0, SearchWords.isWord(text[place - 1]), !SearchWords.isUnspaced(text[place - 1]) {
                continue
            }
            guard let end = end(of: term.scalars, in: text, from: place) else { continue }
            guard !isUnspaced, end < text.count, isInsideWord(text, end) else { return place..<end }
            if term.isPrefix { return place..<(text[end...].firstIndex { !SearchWords.isWord($0) } ?? text.count) }
        }
        return nil
    }

    private func isInsideWord(_ text: [Unicode.Scalar], _ place: Int) -> Bool {
        SearchWords.isWord(text[place]) && !SearchWords.isUnspaced(text[place])
    }

    /// Where a term ends that begins at a place; what is between its words may be anything that is no word.
    private func end(of term: [Unicode.Scalar], in text: [Unicode.Scalar], from start: Int) -> Int? {
        var place = start
        var isBetween = false
        for scalar in term {
            guard SearchWords.isWord(scalar) else {
                isBetween = true
                continue
            }
            if isBetween { while place < text.count, !SearchWords.isWord(text[place]) { place += 1 } }
            isBetween = false
            guard place < text.count, text[place] == scalar else { return nil }
            place += 1
        }
        return place
    }
}
