import Conversation

/// What is written: typing, pasting, deleting and moving, and what was sent before.
extension SessionState {
    mutating func type(_ text: String) -> [SessionEffect] {
        composer.insert(text)
        lastInterrupt = nil
        return []
    }

    /// Changes what is written, or moves in it.
    mutating func edit(_ command: Command) -> [SessionEffect] {
        switch command {
        case .deleteBackward: composer.deleteBackward()
        case .deleteForward: composer.deleteForward()
        case .deleteWord: composer.deleteWordBackward()
        case .deleteWordForward: composer.deleteWordForward()
        case .deleteToLineStart: composer.deleteToLineStart()
        case .deleteToLineEnd: composer.deleteToLineEnd()
        case .moveLeft, .selectLeft: composer.moveLeft(selecting: command == .selectLeft)
        case .moveRight, .selectRight: composer.moveRight(selecting: command == .selectRight)
        case .moveUp: return moveUp()
        case .moveDown: if !composer.moveDown() { recall(1) }
        case .moveWordLeft, .selectWordLeft: composer.moveWordLeft(selecting: command == .selectWordLeft)
        case .moveWordRight, .selectWordRight: composer.moveWordRight(selecting: command == .selectWordRight)
        case .moveToLineStart, .selectToLineStart: composer.moveToLineStart(selecting: command == .selectToLineStart)
        case .moveToLineEnd, .selectToLineEnd: composer.moveToLineEnd(selecting: command == .selectToLineEnd)
        case .selectUp, .selectDown: break  // who knows the layout sends `.cursorMoved`
        case .undo: if !composer.undoChange() { notice = Notice(.information, "There is nothing to take back.") }
        case .redo: if !composer.redoChange() { notice = Notice(.information, "There is nothing to make again.") }
        case .cut:
            guard let words = composer.selectedText else { return [] }
            composer.deleteSelection()
            return copyWritten(words)
        case .unfoldPaste: tell(unfolded: composer.unfoldPaste())
        default: preconditionFailure("\(command) is not an edit")
        }
        return []
    }

    mutating func copyWritten(_ words: String) -> [SessionEffect] {
        guard !words.isEmpty else { return [] }
        return copy(words, nil)
    }

    // MARK: - Pasting

    mutating func paste(_ text: String) -> [SessionEffect] {
        if case .chats(let menu) = overlay {
            return look(for: menu.query + text.split(whereSeparator: \.isNewline).joined(separator: " "), in: menu)
        }
        guard overlay == nil else { return [] }
        if let find, find.isTyping {
            look(for: find.query + text.split(whereSeparator: \.isNewline).joined(separator: " "))
            return []
        }
        leaveTranscript()
        // What terminals send that have only a picture to paste.
        if text.isEmpty { return perform(.paste) }
        guard let paths = PastedPaths(text)?.paths else {
            put(pasted: text)
            return []
        }
        let tickets = paths.map { _ in keepPlace() }
        return [.inspectPaste(text, paths: paths, tickets: tickets)]
    }

    /// Puts pasted words at the cursor, folded when they are long.
    private mutating func put(pasted text: String) {
        if isFolded(text) {
            composer.insert(.paste(ComposerChip.Paste(text)))
        } else {
            composer.insert(text, as: .other)
        }
        lastInterrupt = nil
    }

    /// A line of prose has about so many characters.
    private static var charactersInLine: Int { 125 }

    private func isFolded(_ text: String) -> Bool {
        guard let lines = settings.foldedPasteLines else { return text.utf8.count > Composer.longestUnfolded }
        guard text.utf8.count > 2 * lines else { return false }
        return ComposerChip.Paste(text).lineCount > lines || text.count > lines * Self.charactersInLine
    }

    /// Keeps a place among the words for something that is on its way.
    mutating func keepPlace() -> Int {
        lastTicket += 1
        pendingAttachments += 1
        composer.insert(.pending(ticket: lastTicket))
        return lastTicket
    }

    private mutating func tell(unfolded: Bool?) {
        switch unfolded {
        case true?: notice = nil
        case false?:
            notice = Notice(.information, "This paste is too long to be shown here; it is sent unfolded all the same.")
        case nil: notice = Notice(.information, "No paste is folded here.")
        }
    }

    /// Takes in what was put into the composer, or where its cursor goes.
    mutating func write(_ event: SessionEvent) {
        switch event {
        case .attachmentReady(let ticket, let attachment):
            pendingAttachments = max(0, pendingAttachments - 1)
            if !composer.resolve(ticket, with: attachment) { composer.insert(.attachment(attachment)) }
        case .attachmentMissed(let ticket, let sentence):
            pendingAttachments = max(0, pendingAttachments - 1)
            composer.resolve(ticket, with: "")
            notice = Notice(.problem, sentence)
        case .pasteWasText(let text, let tickets):
            pendingAttachments = max(0, pendingAttachments - tickets.count)
            for ticket in tickets.dropFirst() { composer.resolve(ticket, with: "") }
            guard let first = tickets.first else { return }
            if isFolded(text) {
                composer.resolve(first, with: ComposerChip.Paste(text))
            } else {
                composer.resolve(first, with: text)
            }
        case .writtenOutside(let text):
            composer.replaceAll(with: Composer(outside: text, from: composer))
            notice = nil
        case .pastedTooMuch(let byteCount):
            let size = byteCount / 1_000_000
            notice = Notice(
                .problem,
                "The paste had \(size) MB and was left out; put it into a file, and attach the part that matters.")
        case .cursorMoved(let offset, let goal, let selecting):
            leaveTranscript()
            composer.move(to: offset, goal: goal, selecting: selecting)
        case .composerSelected(let range): composer.select(range)
        case .pasteUnfolded(let offset): tell(unfolded: composer.unfoldPaste(at: offset))
        default: preconditionFailure("not an event of the composer")
        }
    }

    // MARK: - The editor

    mutating func editOutside() -> [SessionEffect] {
        guard !composer.isWaiting else {
            notice = Notice(.information, "The attachment is not ready yet.")
            return []
        }
        return [.editOutside(composer.outsideText)]
    }

    // MARK: - What was sent before

    /// A line up; from the first one, back to what waits to be sent, or was sent before.
    private mutating func moveUp() -> [SessionEffect] {
        guard !composer.moveUp() else { return [] }
        if recalledText == nil {
            let effects = takeBackQueued()
            if !effects.isEmpty { return effects }
        }
        recall(-1)
        return []
    }

    /// Walks through what was sent before; the draft waits behind the newest, and its attachments come along.
    private mutating func recall(_ step: Int) {
        let place = (recalledText ?? sentTexts.count) + step
        guard place >= 0, place <= sentTexts.count, !(recalledText == nil && step > 0) else { return }
        if recalledText == nil { asideDraft = composer }
        recalledText = place == sentTexts.count ? nil : place
        guard let recalledText else {
            composer = asideDraft
            return
        }
        composer = Composer(stored: "", attachments: asideDraft.attachments)
        composer.insert(sentTexts[recalledText], as: .other)
    }
}
