public import Conversation

/// What is being written: text with a cursor, and among the words the chips that stand for more than they show.
///
/// The text is held in two halves, so that typing, pasting and moving cost the same in a long text as in a short one. A
/// chip is one character in it, from a range that nobody types; what it stands for is in `chips`.
public struct Composer: Sendable, Equatable {
    /// The text before the cursor, a character a chip.
    public internal(set) var before = ""
    /// The text after the cursor.
    public internal(set) var after = ""
    /// What the chips stand for; more than are in the text, since undoing may bring one back.
    public internal(set) var chips: [Unicode.Scalar: ComposerChip] = [:]

    /// Where the selection began, in UTF-8 bytes from the start; nil when nothing is being selected.
    var anchor: Int?
    /// The column that moves up and down keep to, as the layout counts them.
    public internal(set) var goal: Int?
    /// What was written before the last changes, oldest first, and what was undone.
    var undo = ComposerUndo()

    /// Makes an empty composer.
    public init() {}

    /// Makes a composer with what a message is made of; reasoning has no place in it.
    init(_ parts: [Part]) {
        for part in parts {
            switch part {
            case .text(let words): before += Self.harmless(words)
            case .attachment(let attachment): append(.attachment(attachment))
            case .reasoning: break
            }
        }
    }

    /// Where the cursor is, in UTF-8 bytes from the start.
    public var cursor: Int { before.utf8.count }

    /// Whether there is neither text nor chip.
    public var isEmpty: Bool { before.isEmpty && after.isEmpty }

    /// Whether there is nothing but blanks.
    public var isBlank: Bool { before.allSatisfy(\.isWhitespace) && after.allSatisfy(\.isWhitespace) }

    /// Whether something that belongs into the text is still on its way.
    public var isWaiting: Bool {
        chipsInText.contains { if case .pending = $0 { true } else { false } }
    }

    mutating func clear() { self = Composer() }

    // MARK: - What it says

    /// The words, pastes unfolded and attachments left out.
    public var text: String { chips.isEmpty ? before + after : Self.words(of: before + after, chips) }

    /// The attachments, in the order in which they stand among the words.
    public var attachments: [Attachment] {
        chipsInText.compactMap { if case .attachment(let attachment) = $0 { attachment } else { nil } }
    }

    /// What is written, as the parts of a message: words and attachments in their order, without blanks at the ends.
    public var parts: [Part] {
        var parts: [Part] = []
        var words = ""
        func flush(isLast: Bool) {
            var said = parts.isEmpty ? words.droppingFirstBlanks : words
            if isLast { said = said.trimmingBlanks(keepingFirst: true) }
            // A blank between two pictures says nothing.
            if !said.allSatisfy(\.isWhitespace) { parts.append(.text(said)) }
            words = ""
        }
        for scalar in (before + after).unicodeScalars {
            switch chips[scalar] {
            case nil: words.unicodeScalars.append(scalar)
            case .paste(let paste): words += paste.text
            case .pending: break
            case .attachment(let attachment):
                flush(isLast: false)
                parts.append(.attachment(attachment))
            }
        }
        flush(isLast: true)
        return parts
    }

    /// The chip at a UTF-8 offset; nil where there are words.
    public func chip(at offset: Int) -> ComposerChip? {
        let whole = before + after
        guard offset >= 0, offset < whole.utf8.count else { return nil }
        return chips[whole.unicodeScalars[whole.utf8.index(whole.startIndex, offsetBy: offset)]]
    }

    /// The words of a piece of the text.
    static func words(of piece: String, _ chips: [Unicode.Scalar: ComposerChip]) -> String {
        guard ComposerChip.mayBe(in: piece) else { return piece }
        var words = String.UnicodeScalarView()
        for scalar in piece.unicodeScalars {
            switch chips[scalar] {
            case nil: words.append(scalar)
            case .paste(let paste): words.append(contentsOf: paste.text.unicodeScalars)
            case .attachment, .pending: break
            }
        }
        return String(words)
    }

    private var chipsInText: [ComposerChip] {
        chips.isEmpty ? [] : (before + after).unicodeScalars.compactMap { chips[$0] }
    }

    // MARK: - Putting things in

    /// Puts typed or pasted words in the place of what is selected.
    mutating func insert(_ text: String, as change: ComposerUndo.Change = .typing) {
        let words = Self.harmless(text)
        guard !words.isEmpty else { return }
        let isWordStart = before.last.map { $0.isWhitespace } ?? true
        begin(change == .typing && isWordStart && !words.allSatisfy(\.isWhitespace) ? .typingWord : change)
        removeSelection()
        before += words
    }

    /// Puts a chip in the place of what is selected.
    ///
    /// - Returns: The character that stands for it; nil when there are more chips than anybody needs.
    @discardableResult
    mutating func insert(_ chip: ComposerChip) -> Unicode.Scalar? {
        begin(.other)
        removeSelection()
        return append(chip)
    }

    /// Puts something else in the place of the last bytes before the cursor.
    mutating func replaceLast(_ byteCount: Int, with chip: ComposerChip) {
        begin(.other)
        anchor = nil
        dropLast(byteCount)
        append(chip)
    }

    /// Puts other words in the place of the last bytes before the cursor.
    mutating func replaceLast(_ byteCount: Int, with words: String) {
        begin(.other)
        anchor = nil
        dropLast(byteCount)
        before += Self.harmless(words)
    }

    /// Puts all else away, for words that come from elsewhere; undoing brings it back.
    mutating func replaceAll(with new: Composer) {
        begin(.other)
        anchor = nil
        (before, after) = ("", "")
        var words = String.UnicodeScalarView()
        // What the old chips are called is taken: undoing brings them back.
        for scalar in (new.before + new.after).unicodeScalars {
            guard let chip = new.chips[scalar] else {
                words.append(scalar)
                continue
            }
            before.unicodeScalars.append(contentsOf: words)
            words = String.UnicodeScalarView()
            append(chip)
        }
        before.unicodeScalars.append(contentsOf: words)
        undo.endGroup()
    }

    mutating func replace(with text: String) {
        anchor = nil
        goal = nil
        undo.endGroup()
        before = Self.harmless(text)
        after = ""
    }

    private mutating func dropLast(_ byteCount: Int) {
        let start = before.utf8.index(before.endIndex, offsetBy: -min(byteCount, before.utf8.count))
        before = String(before[..<start])
    }

    @discardableResult
    mutating func append(_ chip: ComposerChip) -> Unicode.Scalar? {
        forgetOldPastes()
        guard let marker = ComposerChip.markers.lazy.compactMap(Unicode.Scalar.init).first(where: { chips[$0] == nil })
        else { return nil }
        chips[marker] = chip
        before.unicodeScalars.append(marker)
        return marker
    }

    /// Long pastes that were deleted are kept to be brought back, but not without end.
    private mutating func forgetOldPastes() {
        var byteCount = 0
        for case .paste(let paste) in chips.values { byteCount += paste.byteCount }
        guard byteCount > Self.keptPasteBytes else { return }
        undo = ComposerUndo()
        let used = Set((before + after).unicodeScalars)
        chips = chips.filter { used.contains($0.key) }
    }

    private static let keptPasteBytes = 32 << 20

    /// Foreign text must not be taken for a chip.
    static func harmless(_ text: String) -> String {
        guard ComposerChip.mayBe(in: text) else { return text }
        return String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { ComposerChip.markers.contains($0.value) ? "\u{FFFD}" : $0 }))
    }
}

extension String {
    var droppingFirstBlanks: String { String(drop { $0.isWhitespace }) }

    func trimmingBlanks(keepingFirst: Bool) -> String {
        var rest = self[...]
        while let last = rest.last, last.isWhitespace { rest.removeLast() }
        return keepingFirst ? String(rest) : String(rest).droppingFirstBlanks
    }
}
