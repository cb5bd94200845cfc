extension Conversation {
    /// The title that the first exchange suggests: what the question is about, in at most 60 characters.
    ///
    /// Greetings, Markdown and the folders of paths are left out. A question without words of its own is called by the
    /// window that it shows, by what is attached, or by what the answer begins with.
    public var suggestedTitle: String {
        guard let question = messages.first(where: { $0.role == .user && !($0.text.isEmpty && $0.attachments.isEmpty) })
        else { return "" }
        var names = [Self.title(of: question.text)]
        names += question.attachments.compactMap(\.windowTitle).map(Self.shortened)
        names += question.attachments.map { Self.shortened($0.label) }
        if let answer = messages.first(where: { $0.role == .assistant }) { names.append(Self.title(of: answer.text)) }
        return names.first { !$0.isEmpty } ?? Self.shortened(question.text)
    }

    // MARK: - Private

    /// How much of a text is looked at: somebody may paste a log.
    private static let limit = 4000

    private static func title(of text: String) -> String {
        var isCode = false
        for line in text.prefix(limit).split(whereSeparator: \.isNewline) {
            let bare = line.drop { $0.isWhitespace }
            if bare.hasPrefix("```") || bare.hasPrefix("~~~") {
                isCode.toggle()
                continue
            }
            if isCode { continue }
            let title = shortened(withoutGreeting(plain(bare)))
            if title.contains(where: { $0.isLetter || $0.isNumber }) { return title }
        }
        return ""
    }

    /// A line without Markdown, and with the last names of paths.
    private static func plain(_ line: Substring) -> String {
        var line = line.drop { "#>*+-•= \t".contains($0) }
        // The number of a list.
        let digits = line.prefix { $0.isASCII && $0.isNumber }
        if !digits.isEmpty, digits.count < 3, line.dropFirst(digits.count).hasPrefix(". ") {
            line = line.dropFirst(digits.count + 2)
        }
        let words = line.split(separator: " ").map { word -> String in
            let bare = word.filter { !"`*".contains($0) }
            // Underlines inside a word are part of a name.
            let trimmed = bare.hasPrefix("__") && bare.hasSuffix("__") ? bare.dropFirst(2).dropLast(2) : bare[...]
            return name(of: trimmed)
        }
        return words.filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// The last name of a path, the host of an address; anything else as it is.
    private static func name(of word: Substring) -> String {
        if word.hasPrefix("http://") || word.hasPrefix("https://") {
            let rest = word.drop { $0 != "/" }.dropFirst(2)
            return String(rest.prefix { $0 != "/" && $0 != "?" })
        }
        let isPath = word.hasPrefix("/") || word.hasPrefix("~/") || word.hasPrefix("./") || word.hasPrefix("../")
        guard isPath, let last = word.split(separator: "/").last, last.contains(where: \.isLetter) else {
            return String(word)
        }
        return String(last)
    }

    /// Words that say hello, not what a conversation is about.
    private static let greetings: Set<String> = [
        "hi", "hello", "hey", "hallo", "greetings", "please", "pls", "ok", "okay", "so", "thanks", "moin", "bonjour",
        "hola",
        "there", "scry", "good", "morning", "afternoon", "evening", "你好", "您好", "请问", "嗨", "bitte",
    ]

    private static func withoutGreeting(_ line: String) -> String {
        var rest = line[...]
        while true {
            let word = rest.prefix { $0.isLetter }
            let after = rest.dropFirst(word.count)
            let next = after.drop { " ,.!;:，。！、～~-".contains($0) }
            // "Please" is a greeting, "please_me()" is none; and something has to be left.
            guard !word.isEmpty, after.count != next.count, greetings.contains(word.lowercased()), !next.isEmpty else {
                return capitalized(rest, if: rest.count < line.count)
            }
            // "Good" alone says something of what follows.
            if word.lowercased() == "good",
                !["morning", "afternoon", "evening"].contains(next.prefix { $0.isLetter }.lowercased())
            {
                return capitalized(rest, if: rest.count < line.count)
            }
            rest = next
        }
    }

    private static func capitalized(_ text: Substring, if isCut: Bool) -> String {
        guard isCut, let first = text.first else { return String(text) }
        return first.uppercased() + text.dropFirst()
    }

    /// One line of at most 60 characters, cut between words where that leaves enough.
    private static func shortened(_ text: String) -> String {
        let words = text.prefix(limit).split(whereSeparator: \.isWhitespace)
        let line = words.joined(separator: " ")
        guard line.count > 60 else { return line }
        let cut = line.prefix(59)
        if let blank = cut.lastIndex(of: " "), cut.distance(from: cut.startIndex, to: blank) > 40 {
            return cut[..<blank] + "…"
        }
        return cut + "…"
    }
}
