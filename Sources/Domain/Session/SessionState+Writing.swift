extension SessionState {
    mutating func type(_ text: String) -> [SessionEffect] {
        composer.insert(text)
        lastInterrupt = nil
        return []
    }

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
        let line = text.trimmingBlanks
        // Terminals put what is dropped on them between quotation marks.
        let start = line.hasPrefix("'") ? line.dropFirst() : line[...]
        let looksLikePath =
            !line.contains("\n") && (start.hasPrefix("/") || start.hasPrefix("~/") || start.hasPrefix("file://"))
        guard looksLikePath, line.utf8.count < 4096 else { return type(text) }
        pendingAttachments += 1
        return [.inspectPaste(text)]
    }

    /// Changes what is written, or moves in it.
    mutating func edit(_ command: Command) {
        switch command {
        case .deleteBackward: composer.deleteBackward()
        case .deleteForward: composer.deleteForward()
        case .deleteWord: composer.deleteWordBackward()
        case .deleteToLineStart: composer.deleteToLineStart()
        case .deleteToLineEnd: composer.deleteToLineEnd()
        case .moveLeft: composer.moveLeft()
        case .moveRight: composer.moveRight()
        case .moveUp: if !composer.moveUp() { recall(-1) }
        case .moveDown: if !composer.moveDown() { recall(1) }
        case .moveWordLeft: composer.moveWordLeft()
        case .moveWordRight: composer.moveWordRight()
        case .moveToLineStart: composer.moveToLineStart()
        case .moveToLineEnd: composer.moveToLineEnd()
        default: preconditionFailure("\(command) is not an edit")
        }
    }

    /// Walks through what was sent before; the draft waits behind the newest.
    private mutating func recall(_ step: Int) {
        let place = (recalledText ?? sentTexts.count) + step
        guard place >= 0, place <= sentTexts.count, !(recalledText == nil && step > 0) else { return }
        if recalledText == nil { asideDraft = composer.text }
        recalledText = place == sentTexts.count ? nil : place
        composer.replace(with: recalledText.map { sentTexts[$0] } ?? asideDraft)
    }
}
