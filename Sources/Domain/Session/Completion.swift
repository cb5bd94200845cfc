import Conversation

/// What could be meant by what is being typed: a file behind "@", a command behind "/", or what a command takes.
public struct Completion: Sendable, Equatable {
    /// What is completed.
    public enum Kind: Sendable, Equatable {
        /// A file that becomes an attachment.
        case file
        /// The name of a command.
        case command
        /// What a command takes: a name, or a path.
        case argument(Command)
    }

    /// Something that could be meant.
    public struct Candidate: Sendable, Equatable {
        /// What is shown and put in.
        public var text: String
        /// What is said about it.
        public var detail: String
        /// Whether more follows: a directory, a command that takes something.
        public var isOpen: Bool

        /// Makes a candidate.
        public init(_ text: String, detail: String = "", isOpen: Bool = false) {
            self.text = text
            self.detail = detail
            self.isOpen = isOpen
        }
    }

    /// What is completed.
    public internal(set) var kind: Kind
    /// What was typed of it.
    public internal(set) var query: String
    /// What could be meant, the best first.
    public internal(set) var candidates: [Candidate] = []
    /// Which of them is chosen; less than nought for none, where what is typed is enough.
    public internal(set) var selected = 0

    /// Whether the candidates are those of what was typed before; those of what is typed are being looked for.
    var isStale = false
    /// How many bytes before the cursor give way to what is taken.
    var byteCount: Int

    /// Whether there is something to choose from.
    public var isShown: Bool { !candidates.isEmpty }

    /// Reads what stands before the cursor; nil when nothing of it can be completed.
    init?(before: String, settings: SessionSettings, isQuestion: Bool) {
        if isQuestion, before.hasPrefix("/"), !before.contains("\n"), before.utf8.count < 1_000 {
            let word = before.dropFirst().prefix { !$0.isWhitespace }
            if word.count + 1 == before.count {
                guard !word.contains("/") else { return nil }
                self.init(.command, String(word), byteCount: before.utf8.count)
                return
            }
            guard let command = Command(slash: word), command.description.argument != nil else { return nil }
            let argument = String(before.dropFirst(word.count + 1).drop { $0.isWhitespace })
            self.init(.argument(command), argument, byteCount: argument.utf8.count)
            return
        }
        let tail = before.suffix(300)
        guard let at = tail.lastIndex(of: "@") else { return nil }
        let query = tail[tail.index(after: at)...]
        let isQuoted = query.hasPrefix("\"")
        if at > tail.startIndex {
            let last = tail[tail.index(before: at)]
            guard last.isWhitespace || ComposerChip.isMarker(last) || "([{".contains(last) else { return nil }
        }
        guard !query.contains(where: { $0.isNewline || ComposerChip.isMarker($0) }),
            isQuoted ? !query.dropFirst().contains("\"") : !query.contains(where: \.isWhitespace)
        else { return nil }
        self.init(.file, String(isQuoted ? query.dropFirst() : query), byteCount: query.utf8.count + 1)
    }

    private init(_ kind: Kind, _ query: String, byteCount: Int) {
        (self.kind, self.query, self.byteCount) = (kind, query, byteCount)
    }

    /// The path that is to be listed; nil where no path is meant.
    var path: String? {
        switch kind {
        case .file: query
        case .argument(.attach): query
        case .command, .argument: nil
        }
    }

    mutating func move(by step: Int) {
        guard !candidates.isEmpty else { return }
        if selected < 0, step < 0 { selected = 0 }
        selected = (selected + step + candidates.count) % candidates.count
    }
}

extension SessionState {
    /// Opens, follows or closes what completes the word before the cursor.
    mutating func complete(opens: Bool) -> [SessionEffect] {
        let old = completion
        guard overlay == nil, reading == nil, find?.isTyping != true, composer.selection == nil,
            var new = Completion(before: composer.before, settings: settings, isQuestion: editing == nil),
            composer.after.first.map({ $0.isWhitespace || ComposerChip.isMarker($0) }) ?? true
        else {
            completion = nil
            dismissedCompletion = nil
            return []
        }
        let start = composer.cursor - new.byteCount
        // What was closed stays closed until something else is begun.
        guard old != nil || opens, dismissedCompletion != start else { return [] }
        dismissedCompletion = nil
        guard old?.kind != new.kind || old?.query != new.query else { return [] }
        if let path = new.path {
            // The old ones stay until the answer comes, so that nothing flickers.
            if let old, old.kind == new.kind { (new.candidates, new.selected) = (old.candidates, 0) }
            new.isStale = true
            completion = new
            return [.listPaths(path)]
        }
        if new.kind == .argument(.chooseTheme), themeNames.isEmpty {
            new.isStale = true
            completion = new
            return [.listThemes]
        }
        new.candidates = candidates(for: new)
        if case .argument = new.kind, new.query.isEmpty { new.selected = -1 }
        completion = new
        return []
    }

    /// Takes in the files that a path may mean.
    mutating func take(paths: [Completion.Candidate], for path: String) {
        guard completion?.path == path else { return }
        completion?.candidates = paths
        completion?.isStale = false
        completion?.selected = 0
    }

    /// Takes in the names of themes.
    mutating func listThemeNames() {
        guard var completion, completion.kind == .argument(.chooseTheme) else { return }
        completion.candidates = candidates(for: completion)
        completion.isStale = false
        completion.selected = completion.query.isEmpty ? -1 : 0
        self.completion = completion
    }

    private func candidates(for completion: Completion) -> [Completion.Candidate] {
        switch completion.kind {
        case .file: []
        case .command:
            Command.allCases.filter { $0.description.slash != nil }
                .ranked(by: completion.query) { [$0.description.slash ?? ""] }
                .map {
                    Completion.Candidate(
                        $0.description.slash ?? "", detail: $0.description.help,
                        isOpen: $0.description.argument != nil)
                }
        case .argument(let command):
            names(for: command).filter { $0 != completion.query }.ranked(by: completion.query) { [$0] }
                .map { Completion.Candidate($0) }
        }
    }

    private func names(for command: Command) -> [String] {
        switch command {
        case .chooseModel: currentEngine?.engine.models.map(\.id) ?? []
        case .chooseEngine: settings.engineNames
        case .chooseTheme: themeNames
        default: []
        }
    }

    // MARK: - Keys

    /// Handles a command while there is something to choose from; nil for one that means the same there as elsewhere.
    mutating func performInCompletion(_ command: Command) -> [SessionEffect]? {
        guard let completion, completion.isShown else { return nil }
        switch command {
        case .moveUp: self.completion?.move(by: -1)
        case .moveDown: self.completion?.move(by: 1)
        case .cancel:
            dismissedCompletion = composer.cursor - completion.byteCount
            self.completion = nil
        case .read: return takeCompletion(runs: false)
        case .send: return takeCompletion(runs: true)
        default: return nil
        }
        return []
    }

    /// Takes one of the candidates.
    mutating func take(candidate: Int) -> [SessionEffect] {
        guard let count = completion?.candidates.count, candidate < count else { return [] }
        completion?.selected = candidate
        return takeCompletion(runs: true)
    }

    private mutating func takeCompletion(runs: Bool) -> [SessionEffect] {
        guard let completion else { return [] }
        self.completion = nil
        // Who types fast means what is typed, and not what would have been meant a letter ago.
        let isOutdated =
            completion.isStale
            && (completion.kind != .file || completion.candidates.first?.text.hasPrefix(completion.query) != true)
        if runs, completion.selected < 0 || isOutdated { return send() }
        let chosen = completion.candidates[max(0, completion.selected)]
        switch completion.kind {
        case .file where chosen.isOpen:
            let quote = chosen.text.contains(where: \.isWhitespace) ? "\"" : ""
            composer.replaceLast(completion.byteCount, with: "@" + quote + chosen.text)
            return complete(opens: true)
        case .file:
            lastTicket += 1
            pendingAttachments += 1
            composer.replaceLast(completion.byteCount, with: .pending(ticket: lastTicket))
            return [.attach(path: chosen.text, ticket: lastTicket)]
        case .command where runs && chosen.text == completion.query: return send()
        case .command:
            composer.replaceLast(completion.byteCount, with: "/" + chosen.text + (chosen.isOpen || !runs ? " " : ""))
            if !chosen.isOpen, runs { return send() }
            return complete(opens: true)
        case .argument:
            composer.replaceLast(completion.byteCount, with: chosen.text)
            if chosen.isOpen { return complete(opens: true) }
            return runs ? send() : []
        }
    }
}
