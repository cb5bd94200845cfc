/// The paths that a pasted or dropped text names, when it names nothing else.
///
/// Terminals write what is dropped on them in quotation marks, with backslashes, or as `file://` addresses; several with
/// blanks or line breaks between them.
struct PastedPaths: Equatable {
    /// The paths as they were meant, in their order; `~/` and `file://` still stand before them.
    let paths: [String]

    /// A drop of more files is text: it would be no question any more.
    private static let limit = 50

    /// Reads a text; nil when it is something else than paths.
    init?(_ text: String) {
        let text = text.trimmingBlanks
        guard !text.isEmpty, text.utf8.count < 16_384 else { return nil }
        var paths: [String] = []
        for line in text.split(whereSeparator: \.isNewline) {
            let line = String(line).trimmingBlanks
            if line.isEmpty { continue }
            if let words = Self.words(of: line), words.allSatisfy(Self.looksLikePath) {
                paths += words
            } else if Self.looksLikePath(line) {
                // A path whose blanks nobody has marked.
                paths.append(line)
            } else {
                return nil
            }
        }
        guard !paths.isEmpty, paths.count <= Self.limit else { return nil }
        self.paths = paths
    }

    private static func looksLikePath(_ word: String) -> Bool {
        (word.hasPrefix("/") || word.hasPrefix("~/") || word.hasPrefix("file://")) && word.utf8.count < 4096
    }

    /// The words of a line as a shell takes them apart; nil when a quotation mark has no other.
    private static func words(of line: String) -> [String]? {
        var words: [String] = []
        var word = ""
        var isInWord = false
        var quote: Character?
        var rest = line[...]
        while let character = rest.popFirst() {
            if let open = quote {
                if character == open {
                    quote = nil
                } else if open == "\"", character == "\\", let next = rest.first, "\"\\$`".contains(next) {
                    word.append(rest.removeFirst())
                } else {
                    word.append(character)
                }
            } else if character == "'" || character == "\"" {
                (quote, isInWord) = (character, true)
            } else if character == "\\", let next = rest.popFirst() {
                word.append(next)
                isInWord = true
            } else if character.isWhitespace {
                if isInWord { words.append(word) }
                (word, isInWord) = ("", false)
            } else {
                word.append(character)
                isInWord = true
            }
        }
        guard quote == nil else { return nil }
        if isInWord { words.append(word) }
        return words
    }
}
