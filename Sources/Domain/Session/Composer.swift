public import Conversation

/// What is being written: text with a cursor, and the attachments that wait beside it.
///
/// The text is held in two halves, so that typing, pasting and moving cost the same in a long text as in a short one.
public struct Composer: Sendable, Equatable {
    /// The text before the cursor.
    public private(set) var before = ""
    /// The text after the cursor.
    public private(set) var after = ""
    /// What goes with the words, in the order in which it came.
    public internal(set) var attachments: [Attachment] = []

    /// Makes an empty composer.
    public init() {}

    /// The whole text.
    public var text: String { before + after }

    /// Whether there is neither text nor attachment.
    public var isEmpty: Bool { before.isEmpty && after.isEmpty && attachments.isEmpty }

    /// Whether there is nothing but blanks, and no attachment.
    public var isBlank: Bool {
        attachments.isEmpty && before.allSatisfy(\.isWhitespace) && after.allSatisfy(\.isWhitespace)
    }

    mutating func replace(with text: String) {
        before = text
        after = ""
    }

    mutating func clear() { self = Composer() }

    mutating func insert(_ text: String) { before += text }

    // MARK: - Deleting

    /// Deletes the character before the cursor; at the very start, the last attachment.
    mutating func deleteBackward() {
        if !before.isEmpty {
            before.removeLast()
        } else if !attachments.isEmpty {
            attachments.removeLast()
        }
    }

    mutating func deleteForward() { if !after.isEmpty { after.removeFirst() } }

    mutating func deleteWordBackward() { before.removeLast(before.count - Self.wordStart(before)) }

    mutating func deleteToLineStart() { before.removeLast(lineBeforeCursor.count) }

    mutating func deleteToLineEnd() {
        let rest = after.prefix { $0 != "\n" }.count
        after.removeFirst(rest == 0 && !after.isEmpty ? 1 : rest)
    }

    // MARK: - Moving

    mutating func moveLeft() { if let last = before.popLast() { after.insert(last, at: after.startIndex) } }

    mutating func moveRight() { if !after.isEmpty { before.append(after.removeFirst()) } }

    mutating func moveWordLeft() { setCursor(Self.wordStart(before)) }

    mutating func moveWordRight() {
        let blanks = after.prefix { !Self.isWord($0) }.count
        let word = after.dropFirst(blanks).prefix(while: Self.isWord).count
        setCursor(before.count + blanks + word)
    }

    mutating func moveToLineStart() { setCursor(before.count - lineBeforeCursor.count) }

    mutating func moveToLineEnd() { setCursor(before.count + after.prefix { $0 != "\n" }.count) }

    /// Moves to the line above, as near to the same character as it has; false on the first line.
    mutating func moveUp() -> Bool {
        let column = lineBeforeCursor.count
        guard column < before.count else { return false }
        let upper = before.dropLast(column + 1)
        let length = upper.reversed().prefix { $0 != "\n" }.count
        setCursor(upper.count - length + min(column, length))
        return true
    }

    /// Moves to the line below; false on the last line.
    mutating func moveDown() -> Bool {
        guard let newline = after.firstIndex(of: "\n") else { return false }
        let column = lineBeforeCursor.count
        let lower = after[after.index(after: newline)...].prefix { $0 != "\n" }
        let skipped = after[...newline].count
        setCursor(before.count + skipped + min(column, lower.count))
        return true
    }

    private var lineBeforeCursor: Substring {
        guard let newline = before.lastIndex(of: "\n") else { return before[...] }
        return before[before.index(after: newline)...]
    }

    private mutating func setCursor(_ offset: Int) {
        let whole = text
        let cut = whole.index(whole.startIndex, offsetBy: max(0, offset), limitedBy: whole.endIndex) ?? whole.endIndex
        before = String(whole[..<cut])
        after = String(whole[cut...])
    }

    private static func wordStart(_ text: String) -> Int {
        let blanks = text.reversed().prefix { !isWord($0) }.count
        let word = text.dropLast(blanks).reversed().prefix(while: isWord).count
        return text.count - blanks - word
    }

    private static func isWord(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "_"
    }
}
