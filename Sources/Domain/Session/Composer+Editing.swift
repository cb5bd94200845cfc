/// Moving, selecting and deleting: by characters, words and lines.
extension Composer {
    // MARK: - Selecting

    /// What is selected, in UTF-8 bytes from the start; nil for nothing.
    public var selection: Range<Int>? {
        guard let anchor, anchor != cursor else { return nil }
        return min(anchor, cursor)..<max(anchor, cursor)
    }

    /// The words that are selected, pastes unfolded.
    var selectedText: String? {
        guard let selection else { return nil }
        let whole = before + after
        let start = whole.utf8.index(whole.startIndex, offsetBy: selection.lowerBound)
        let end = whole.utf8.index(start, offsetBy: selection.count)
        return Self.words(of: String(whole[start..<end]), chips)
    }

    /// Takes what is selected away.
    mutating func deleteSelection() {
        guard selection != nil else { return }
        begin(.other)
        removeSelection()
    }

    mutating func removeSelection() {
        defer { anchor = nil }
        guard let selection else { return }
        let whole = before + after
        let start = whole.utf8.index(whole.startIndex, offsetBy: selection.lowerBound)
        let end = whole.utf8.index(start, offsetBy: selection.count)
        before = String(whole[..<start])
        after = String(whole[end...])
    }

    mutating func dropSelection() { anchor = nil }

    // MARK: - Deleting

    /// Deletes what is selected, else the character or the chip before the cursor.
    mutating func deleteBackward() {
        guard selection == nil else { return deleteSelection() }
        guard !before.isEmpty else { return }
        begin(before.last.map(ComposerChip.isMarker) == true ? .other : .deleting)
        before.removeLast()
        anchor = nil
    }

    mutating func deleteForward() {
        guard selection == nil else { return deleteSelection() }
        guard !after.isEmpty else { return }
        begin(.deleting)
        after.removeFirst()
        anchor = nil
    }

    mutating func deleteWordBackward() { delete(to: before.dropLast(Self.wordBackward(before)).utf8.count) }

    mutating func deleteWordForward() { delete(to: cursor + after.prefix(Self.wordForward(after)).utf8.count) }

    mutating func deleteToLineStart() { delete(to: cursor - lineBeforeCursor.utf8.count) }

    /// Deletes to the end of the line; at its end, the line break.
    mutating func deleteToLineEnd() {
        let rest = after.prefix { $0 != "\n" }.utf8.count
        delete(to: cursor + (rest == 0 && !after.isEmpty ? 1 : rest))
    }

    private mutating func delete(to place: Int) {
        guard selection == nil else { return deleteSelection() }
        guard place != cursor else { return }
        begin(.other)
        anchor = place
        removeSelection()
    }

    // MARK: - Moving

    /// Moves, and takes the selection along or lets go of it.
    mutating func move(selecting: Bool, _ body: (inout Composer) -> Void) {
        undo.endGroup()
        goal = nil
        if selecting, anchor == nil { anchor = cursor }
        body(&self)
        if !selecting { anchor = nil }
    }

    /// Goes a character left; with a selection that is let go of, to its start.
    mutating func moveLeft(selecting: Bool = false) {
        let start = selection?.lowerBound
        move(selecting: selecting) { composer in
            if !selecting, let start { return composer.setCursor(start) }
            if let last = composer.before.popLast() { composer.after.insert(last, at: composer.after.startIndex) }
        }
    }

    mutating func moveRight(selecting: Bool = false) {
        let end = selection?.upperBound
        move(selecting: selecting) { composer in
            if !selecting, let end { return composer.setCursor(end) }
            if !composer.after.isEmpty { composer.before.append(composer.after.removeFirst()) }
        }
    }

    mutating func moveWordLeft(selecting: Bool = false) {
        move(selecting: selecting) { $0.setCursor($0.before.dropLast(Self.wordBackward($0.before)).utf8.count) }
    }

    mutating func moveWordRight(selecting: Bool = false) {
        move(selecting: selecting) { $0.setCursor($0.cursor + $0.after.prefix(Self.wordForward($0.after)).utf8.count) }
    }

    mutating func moveToLineStart(selecting: Bool = false) {
        move(selecting: selecting) { $0.setCursor($0.cursor - $0.lineBeforeCursor.utf8.count) }
    }

    mutating func moveToLineEnd(selecting: Bool = false) {
        move(selecting: selecting) { $0.setCursor($0.cursor + $0.after.prefix { $0 != "\n" }.utf8.count) }
    }

    /// Goes to a place that the layout found, and keeps to a column there.
    mutating func move(to offset: Int, goal: Int?, selecting: Bool) {
        move(selecting: selecting) { $0.setCursor(offset) }
        self.goal = goal
    }

    /// Selects a range, the cursor at its end.
    mutating func select(_ range: Range<Int>) {
        move(selecting: false) { $0.setCursor(range.upperBound) }
        anchor = range.lowerBound
    }

    /// Moves to the line above, as near to the same character as it has; false on the first line.
    mutating func moveUp() -> Bool {
        let column = lineBeforeCursor.count
        guard column < before.count else { return false }
        let upper = before.dropLast(column + 1)
        let length = upper.reversed().prefix { $0 != "\n" }.count
        let line = upper.suffix(length)
        move(selecting: false) {
            $0.setCursor(upper.utf8.count - line.utf8.count + line.prefix(min(column, length)).utf8.count)
        }
        return true
    }

    /// Moves to the line below; false on the last line.
    mutating func moveDown() -> Bool {
        guard let newline = after.firstIndex(of: "\n") else { return false }
        let column = lineBeforeCursor.count
        let lower = after[after.index(after: newline)...].prefix { $0 != "\n" }
        let skipped = after[...newline].utf8.count
        move(selecting: false) { $0.setCursor($0.cursor + skipped + lower.prefix(column).utf8.count) }
        return true
    }

    private var lineBeforeCursor: Substring {
        guard let newline = before.lastIndex(of: "\n") else { return before[...] }
        return before[before.index(after: newline)...]
    }

    private mutating func setCursor(_ offset: Int) {
        let whole = before + after
        let utf8 = whole.utf8
        var cut = utf8.index(utf8.startIndex, offsetBy: min(max(0, offset), utf8.count))
        while cut > utf8.startIndex, cut < utf8.endIndex, utf8[cut] & 0xC0 == 0x80 { cut = utf8.index(before: cut) }
        before = String(whole[..<cut])
        after = String(whole[cut...])
    }

    // MARK: - Words

    /// The characters back to the start of a word; a chip is a word.
    private static func wordBackward(_ text: String) -> Int {
        let rest = text.reversed()
        let blanks = rest.prefix { !isWord($0) && !ComposerChip.isMarker($0) }.count
        guard let next = rest.dropFirst(blanks).first, !ComposerChip.isMarker(next) else {
            return min(blanks + 1, text.count)
        }
        return blanks + rest.dropFirst(blanks).prefix(while: isWord).count
    }

    private static func wordForward(_ text: String) -> Int {
        let blanks = text.prefix { !isWord($0) && !ComposerChip.isMarker($0) }.count
        guard let next = text.dropFirst(blanks).first, !ComposerChip.isMarker(next) else {
            return min(blanks + 1, text.count)
        }
        return blanks + text.dropFirst(blanks).prefix(while: isWord).count
    }

    private static func isWord(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "_"
    }
}
