extension String {
    /// The first line that says something, short enough to quote, without what could change a terminal.
    func shown(atMost limit: Int) -> String {
        let line = split(whereSeparator: \.isNewline).first { !$0.allSatisfy(\.isWhitespace) } ?? ""
        var shown = ""
        var count = 0
        for scalar in line.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: continue
            default:
                shown.unicodeScalars.append(scalar)
                count += 1
            }
            if count > limit { return String(shown.prefix(limit - 1)).trimmed + "…" }
        }
        return shown.trimmed
    }

    /// With its first letter in upper case, to begin a sentence.
    var capitalizedFirst: String { hasPrefix("http") ? self : prefix(1).uppercased() + dropFirst() }

    /// With its first letter in lower case, to go on with a sentence.
    var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }

    /// With an ellipsis in the place of a key; a word so short that it is in half of all sentences is no key.
    func withholding(_ key: String?) -> String {
        guard let key, key.count >= 4 else { return self }
        return replacing(key, with: "…")
    }

    /// Without white space at either end.
    var trimmed: String {
        var text = Substring(self)
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }
}
