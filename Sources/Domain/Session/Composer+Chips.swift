import Conversation

extension Composer {
    // MARK: - What is on its way

    /// Puts an attachment into the place that was kept for it; false when no place was.
    ///
    /// - Parameter ticket: Which one; nil for the picture that was asked for first.
    mutating func resolve(_ ticket: Int?, with attachment: Attachment) -> Bool {
        guard let marker = marker(of: ticket) else { return false }
        chips[marker] = .attachment(attachment)
        return true
    }

    /// Puts a changed attachment into the place of the one with its id.
    mutating func replace(_ attachment: Attachment) {
        for (marker, chip) in chips {
            if case .attachment(let old) = chip, old.id == attachment.id { chips[marker] = .attachment(attachment) }
        }
    }

    /// Puts a folded paste into the place that was kept for an attachment.
    mutating func resolve(_ ticket: Int?, with paste: ComposerChip.Paste) {
        if let marker = marker(of: ticket) { chips[marker] = .paste(paste) }
    }

    /// Puts words, or nothing, into the place that was kept for an attachment.
    mutating func resolve(_ ticket: Int?, with words: String) {
        if let marker = marker(of: ticket) { replace(marker, with: words) }
    }

    /// Takes an attachment away, wherever it stands.
    mutating func remove(_ attachment: Attachment.ID) {
        for (marker, chip) in chips {
            if case .attachment(let one) = chip, one.id == attachment { replace(marker, with: "") }
        }
    }

    private mutating func replace(_ marker: Unicode.Scalar, with words: String) {
        chips[marker] = nil
        let isBehind = !before.unicodeScalars.contains(marker) && after.unicodeScalars.contains(marker)
        let words = Self.harmless(words)
        func replaced(_ text: String) -> String {
            guard ComposerChip.mayBe(in: text) else { return text }
            var result = String.UnicodeScalarView()
            for scalar in text.unicodeScalars {
                if scalar == marker { result.append(contentsOf: words.unicodeScalars) } else { result.append(scalar) }
            }
            return String(result)
        }
        before = replaced(before)
        if isBehind { after = replaced(after) }
        undo.rewrite(replaced)
        anchor = nil
    }

    /// The place that was kept; of several without a ticket the first.
    private func marker(of ticket: Int?) -> Unicode.Scalar? {
        func waits(_ scalar: Unicode.Scalar) -> Bool { chips[scalar] == .pending(ticket: ticket) }
        if let shown = (before + after).unicodeScalars.first(where: waits) { return shown }
        return chips.keys.filter(waits).min()
    }

    // MARK: - Pastes

    /// Shows the words of the folded paste at the cursor, or of the last one before it, or of the first one behind it.
    ///
    /// - Returns: What came of it; nil when there is none, false when it is too long to be shown.
    mutating func unfoldPaste() -> Bool? {
        let nearest = before.unicodeScalars.last(where: isPaste) ?? after.unicodeScalars.first(where: isPaste)
        return nearest.flatMap { unfold($0) }
    }

    /// Shows the words of the folded paste that begins at a UTF-8 offset.
    mutating func unfoldPaste(at offset: Int) -> Bool? {
        let whole = before + after
        guard offset >= 0, offset < whole.utf8.count else { return nil }
        let scalar = whole.unicodeScalars[whole.utf8.index(whole.startIndex, offsetBy: offset)]
        return isPaste(scalar) ? unfold(scalar) : nil
    }

    private func isPaste(_ scalar: Unicode.Scalar) -> Bool {
        if case .paste = chips[scalar] { true } else { false }
    }

    private mutating func unfold(_ marker: Unicode.Scalar) -> Bool? {
        guard case .paste(let paste) = chips[marker] else { return nil }
        guard paste.byteCount <= Self.longestUnfolded else { return false }
        begin(.other)
        anchor = nil
        for half in [\Composer.before, \Composer.after] {
            guard let place = self[keyPath: half].unicodeScalars.firstIndex(of: marker) else { continue }
            self[keyPath: half].unicodeScalars.replaceSubrange(
                place...place, with: Self.harmless(paste.text).unicodeScalars)
        }
        undo.endGroup()
        return true
    }

    /// A paste of more bytes stays folded: nobody edits it here.
    static var longestUnfolded: Int { 256 << 10 }

    /// Takes the words away, and leaves what is attached.
    mutating func takeWordsAway() {
        let attachments = attachments
        replaceAll(with: Composer())
        for attachment in attachments { append(.attachment(attachment)) }
    }

    // MARK: - Writing elsewhere

    /// The text for an editor: pastes are unfolded, and attachments have a number and a name between brackets.
    var outsideText: String {
        guard !chips.isEmpty else { return before + after }
        var text = String.UnicodeScalarView()
        var number = 0
        for scalar in (before + after).unicodeScalars {
            switch chips[scalar] {
            case nil: text.append(scalar)
            case .pending: break
            case .paste(let paste): text.append(contentsOf: paste.text.unicodeScalars)
            case .attachment(let attachment):
                number += 1
                text.append(contentsOf: Self.outsideMark(number, attachment).unicodeScalars)
            }
        }
        return String(text)
    }

    /// Reads what an editor has made of it: attachments whose brackets are still there stay, where they are now.
    init(outside text: String, from old: Composer) {
        var rest = text[...]
        let marks = old.attachments.enumerated().map { (Self.outsideMark($0.offset + 1, $0.element), $0.element) }
        while let open = rest.firstIndex(of: "⟦") {
            before += Self.harmless(String(rest[..<open]))
            rest = rest[open...]
            if let (mark, attachment) = marks.first(where: { rest.hasPrefix($0.0) }) {
                // The scalars of another composer may be free here.
                append(.attachment(attachment))
                rest = rest.dropFirst(mark.count)
            } else {
                before.append(rest.removeFirst())
            }
        }
        before += Self.harmless(String(rest))
    }

    private static func outsideMark(_ number: Int, _ attachment: Attachment) -> String {
        let name = attachment.label.filter { $0 != "⟧" && !$0.isNewline }
        return "⟦\(number): \(name)⟧"
    }

    // MARK: - Keeping it

    private static let attachmentMark: Unicode.Scalar = "\u{10FFFD}"
    private static let pasteStart: Unicode.Scalar = "\u{10FFFC}"
    private static let pasteEnd: Unicode.Scalar = "\u{10FFFB}"

    /// The text in a form that can be stored beside the attachments: it says where they stand and what is folded.
    public var stored: String {
        guard !chips.isEmpty else { return before + after }
        var text = String.UnicodeScalarView()
        for scalar in (before + after).unicodeScalars {
            switch chips[scalar] {
            case nil: text.append(scalar)
            case .pending: break
            case .attachment: text.append(Self.attachmentMark)
            case .paste(let paste):
                text.append(Self.pasteStart)
                text.append(contentsOf: paste.text.unicodeScalars)
                text.append(Self.pasteEnd)
            }
        }
        return String(text)
    }

    /// Makes a composer of what was stored; attachments that the text has no place for come first.
    init(stored text: String, attachments: [Attachment]) {
        guard ComposerChip.mayBe(in: text) || !attachments.isEmpty else {
            before = text
            return
        }
        let places = text.unicodeScalars.filter { $0 == Self.attachmentMark }.count
        var left = attachments[...]
        while left.count > places, let first = left.popFirst() { append(.attachment(first)) }
        var words = String.UnicodeScalarView()
        func flush(_ composer: inout Composer) {
            composer.before += Self.harmless(String(words))
            words = String.UnicodeScalarView()
        }
        for scalar in text.unicodeScalars {
            switch scalar {
            case Self.attachmentMark:
                flush(&self)
                if let next = left.popFirst() { append(.attachment(next)) }
            case Self.pasteStart: flush(&self)
            case Self.pasteEnd:
                append(.paste(ComposerChip.Paste(String(words))))
                words = String.UnicodeScalarView()
            default: words.append(scalar)
            }
        }
        flush(&self)
    }
}
