import Cells

/// Makes an engine's or a window's words safe for a terminal: no escape sequence of theirs is ever acted on.
enum SafeOutput {
    /// The text without control characters and bidirectional overrides; line breaks and tabs stay.
    static func text(_ text: String) -> String { SafeText.sanitized(text) }

    /// The text on one line.
    static func line(_ text: String) -> String { SafeText.singleLine(text) }
}
