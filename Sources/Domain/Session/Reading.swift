public import Conversation

/// What is done in the transcript: which message is chosen, and what of it.
public struct Reading: Sendable, Equatable {
    /// The message that the keys are about.
    public internal(set) var message: Message.ID
    /// The lines that are being selected.
    public internal(set) var selection: LineSelection?
    /// Whether it was asked to delete the message, and not said yet.
    public internal(set) var asksToDelete = false

    /// Which block of code was copied last, counted from the end.
    var codeBlock: Int?

    init(_ message: Message.ID) { self.message = message }
}

/// Lines of a message's words that are being selected.
///
/// Who knows the layout says what is seen as a line: a paragraph, a line of code, a row of a table.
public struct LineSelection: Sendable, Equatable {
    /// The lines of the source where the selecting began.
    public var anchor: Range<Int>
    /// The lines of the source that were moved to last.
    public var head: Range<Int>

    /// Makes a selection.
    public init(anchor: Range<Int>, head: Range<Int>) {
        self.anchor = anchor
        self.head = head
    }

    /// All lines that are selected.
    public var lines: Range<Int> {
        min(anchor.lowerBound, head.lowerBound)..<max(anchor.upperBound, head.upperBound)
    }
}

/// What the composer is used for beside asking.
public enum Editing: Sendable, Equatable {
    /// A question that was asked before, to go on from there.
    case question(Message.ID)
    /// What an answer should have been.
    case correction(Message.ID)

    var isQuestion: Bool { if case .question = self { true } else { false } }
}
