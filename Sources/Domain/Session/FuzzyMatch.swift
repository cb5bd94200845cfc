/// How well a few typed letters name something: all of them must be in it, in their order.
///
/// The start of the text, starts of words and letters in a row count most, so that "nc" finds "new chat" before "once".
struct FuzzyMatch {
    private static let longest = 120

    /// How well the letters fit, the more the better; nil when they do not.
    static func score(_ letters: String, in text: String) -> Int? {
        guard mayFit(letters, text) else { return nil }
        let query = Array(letters.lowercased().filter { !$0.isWhitespace }.prefix(40))
        guard !query.isEmpty else { return 0 }
        let characters = Array(text.prefix(longest))
        let folded = characters.map { $0.lowercased() }
        guard query.count <= folded.count else { return nil }
        // The best score of the letters so far when the last of them is at this place.
        var best = [Int?](repeating: nil, count: folded.count)
        for (number, letter) in query.enumerated() {
            var next = [Int?](repeating: nil, count: folded.count)
            var before: Int?
            for place in folded.indices {
                if folded[place] == String(letter) {
                    let reward = reward(at: place, characters)
                    if number == 0 {
                        next[place] = reward - min(place, 10)
                    } else {
                        let joined = (place > 0 ? best[place - 1] : nil).map { $0 + reward + 6 }
                        next[place] = [joined, before.map { $0 + reward }].compactMap(\.self).max()
                    }
                }
                // A gap costs a little, so that what is near is found first.
                before = [before.map { $0 - 1 }, best[place].map { $0 - 1 }].compactMap(\.self).max()
            }
            best = next
        }
        let whole = folded.count == query.count ? 30 : 0
        return best.compactMap(\.self).max().map { $0 + whole }
    }

    /// Whether the plain letters among those typed are in the text in their order: most names are left out by this alone.
    private static func mayFit(_ letters: String, _ text: String) -> Bool {
        func isPlain(_ byte: UInt8) -> Bool { byte > 0x20 && byte < 0x7F }
        func lowered(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
        var rest = text.utf8.makeIterator()
        for letter in letters.utf8 where isPlain(letter) {
            let wanted = lowered(letter)
            while true {
                // A letter that is not plain may become one when it is lower case.
                guard let byte = rest.next() else { return false }
                if lowered(byte) == wanted { break }
                if byte >= 0x80 { return true }
            }
        }
        return true
    }

    private static func reward(at place: Int, _ text: [Character]) -> Int {
        if place == 0 { return 20 }
        let (here, last) = (text[place], text[place - 1])
        if !(last.isLetter || last.isNumber), here.isLetter || here.isNumber { return 12 }
        return last.isLowercase && here.isUppercase ? 10 : 2
    }
}

extension Sequence {
    /// What the letters name, the best first; what fits equally well stays in its order.
    public func ranked(by letters: String, _ texts: (Element) -> [String]) -> [Element] {
        let scored = enumerated().compactMap { place, element -> (score: Int, place: Int, element: Element)? in
            let score = texts(element).enumerated().compactMap { rank, text in
                FuzzyMatch.score(letters, in: text).map { $0 - 3 * rank }
            }.max()
            return score.map { ($0, place, element) }
        }
        return scored.sorted { ($1.score, $0.place) < ($0.score, $1.place) }.map(\.element)
    }
}
