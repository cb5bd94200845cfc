import FoundationEssentials

/// A prompt with a name.
struct NamedPrompt: Sendable, Equatable {
    var name: String
    var body: String
    /// Whether it is a file of the person's.
    var isOwn: Bool

    /// What is asked: the prompt with the words in place of `{{words}}`, or behind it.
    func text(with words: String) -> String {
        if body.contains("{{words}}") { return body.replacing("{{words}}", with: words) }
        return words.isEmpty ? body : body + "\n\n" + words
    }

    /// The first line, for the list.
    var summary: String { String((body.split(whereSeparator: \.isNewline).first ?? "").prefix(100)) }
}

/// The prompts that have names: some come with the program, the person's own are Markdown files in their configuration.
struct PromptLibrary: Sendable {
    let places: Places

    /// Where the person's own are.
    var directory: String { places.config + "/prompts" }

    /// Finds a prompt; the person's own goes before one of the program of the same name.
    ///
    /// - Throws: `CommandFailure` when there is none.
    func prompt(_ name: String) throws -> NamedPrompt {
        if let own = try own(name) { return own }
        if let body = Self.builtIn[name] { return NamedPrompt(name: name, body: body, isOwn: false) }
        throw CommandFailure(.usage, "There is no prompt \(name); `scry prompts` lists those that there are.")
    }

    /// All prompts, by name.
    var names: [String] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        let own = files.filter { $0.hasSuffix(".md") }.map { String($0.dropLast(3)) }.filter(Self.isName)
        return Set(own).union(Self.builtIn.keys).sorted()
    }

    /// Where a prompt of the person's is, or would be.
    ///
    /// - Throws: `CommandFailure` when the name is none that a file may have.
    func path(of name: String) throws -> String {
        guard Self.isName(name) else {
            throw CommandFailure(.usage, "The name of a prompt is letters, digits, - and _.")
        }
        return "\(directory)/\(name).md"
    }

    private func own(_ name: String) throws -> NamedPrompt? {
        let path = try path(of: name)
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        guard let data = FileManager.default.contents(atPath: path), data.count < 1 << 20 else {
            throw CommandFailure(
                .usage, "The prompt \(path) cannot be read; check that it is a file and that it is yours.")
        }
        let body = String(decoding: data, as: UTF8.self).trimmingWhitespace
        guard !body.isEmpty else { throw CommandFailure(.usage, "The prompt \(path) is empty.") }
        return NamedPrompt(name: name, body: body, isOwn: true)
    }

    private static func isName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 80 && !name.hasPrefix("-")
            && name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
    }

    /// Those that come with the program.
    static let builtIn = [
        "explain-error": """
        Explain the error above, or in the picture. Say in one sentence what failed, then why, then what to do about it, \
        with the commands to run. When several things failed, begin with the first: the others often follow from it.
        """,
        "explain": """
        Explain what is above, or in the picture, to somebody who knows computers and does not know this. Begin with \
        what it is for.
        """,
        "summarize": """
        Summarize what is above, or in the picture: one sentence that says what matters most, then at most seven points \
        of one line each. Leave out what is not there.
        """,
        "translate": """
        Translate what is above, or the text in the picture, into the language that is named next, or into English when \
        none is named. Keep the layout, code and names. Print the translation and nothing else.
        """,
        "commit-message": """
        Write the message of a commit for the diff above. The first line has at most 60 characters, is in the imperative \
        and says what changes for a reader of the history. A body of lines up to 72 characters follows only where the \
        reason is not obvious. Print the message in one block of code and nothing else.
        """,
        "review": """
        Review the diff or the code above. Name what is wrong, unsafe or unclear, each with its place, the worst first; \
        say nothing of what is fine.
        """,
        "command": """
        Write the shell command for Linux that does what is said next. Print it in one block of code and nothing else. \
        Prefer what every distribution has, and never remove or overwrite anything that was not named.
        """,
        "what-changed": """
        The first picture was taken before the second one. Say what changed between them that matters to somebody who \
        works there, the most important first; say so when nothing did.
        """,
        "read-text": """
        Write down the text in the picture exactly as it is, line by line. Mark what cannot be read with [?]. Add \
        nothing.
        """,
        "table": """
        Write what is above, or in the picture, as a Markdown table with a header row, and nothing else.
        """,
    ]
}
