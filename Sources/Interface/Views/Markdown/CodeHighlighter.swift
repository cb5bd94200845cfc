import CSourceHighlight
import Cells

/// Colours a block of code line by line, and can go on after any line: each line is read once.
///
/// A copy goes on by itself, so that a line that is not complete yet can be shown as it would look.
struct CodeHighlighter {
    private let definition: CodeLanguage.Definition
    private var state: State?

    // The library looks at the rest of a line again and again: twice the length takes four times the time.
    static let longestLine = 240
    private static let mostPieces = 256

    /// What one line left open, as a comment.
    private final class State {
        let pointer: OpaquePointer

        init(_ pointer: OpaquePointer) { self.pointer = pointer }
        deinit { csourcehighlight_free(pointer) }
    }

    /// Makes a highlighter for the label of a block; nil for a language that is not known here.
    init?(label: String) {
        guard !label.isEmpty, let definition = CodeLanguage(label: label)?.definition else { return nil }
        self.definition = definition
    }

    /// The line in the styles of its parts; very long ones are plain, and leave what is open as it is.
    mutating func line(_ code: String, styles: CodeStyles) -> StyledText {
        guard !code.isEmpty, code.utf8.count <= Self.longestLine else { return StyledText(code, style: styles.plain) }
        var code = code
        let pieces = withUnsafeTemporaryAllocation(of: csourcehighlight_piece.self, capacity: Self.mostPieces) {
            buffer -> [csourcehighlight_piece] in
            guard let base = buffer.baseAddress else { return [] }
            var after: OpaquePointer?
            let count = code.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) { line in
                    line.baseAddress.map {
                        csourcehighlight_line(
                            definition.pointer, state?.pointer, $0, line.count, base, Self.mostPieces, &after)
                    } ?? 0
                }
            }
            state = after.map { State($0) }
            return Array(buffer[..<count])
        }
        return Self.styled(code, pieces, styles)
    }

    private static func styled(_ code: String, _ pieces: [csourcehighlight_piece], _ styles: CodeStyles) -> StyledText {
        var text = StyledText()
        var start = code.utf8.startIndex
        for piece in pieces {
            var end =
                code.utf8.index(start, offsetBy: piece.length, limitedBy: code.utf8.endIndex) ?? code.utf8.endIndex
            // The library cuts bytes, and a character is never cut.
            while end < code.utf8.endIndex, code.utf8[end] & 0xC0 == 0x80 { end = code.utf8.index(after: end) }
            if start < end { text.append(String(code[start..<end]), style: styles[piece.kind]) }
            start = max(start, end)
        }
        if start < code.utf8.endIndex { text.append(String(code[start...]), style: styles.plain) }
        return text
    }
}

/// How the parts of code look.
struct CodeStyles: Hashable {
    /// What has no other style.
    var plain: Style
    private var kinds: [Style]

    /// For blocks on a panel of their own.
    init(_ theme: Theme) {
        plain = theme.codeBlock
        let styles = [
            Style(), theme.syntaxKeyword, theme.syntaxString, theme.syntaxComment, theme.syntaxNumber, theme.syntaxType,
            theme.syntaxFunction, theme.syntaxName, theme.syntaxMeta, theme.syntaxSymbol, theme.syntaxAdded,
            theme.syntaxRemoved,
        ]
        kinds = styles.map { $0.over(theme.codeBlock) }
    }

    /// For code that is not pointed out.
    init(plain: Style) {
        self.plain = plain
        kinds = []
    }

    subscript(kind: csourcehighlight_kind) -> Style {
        let index = Int(kind.rawValue)
        return kinds.indices.contains(index) ? kinds[index] : plain
    }
}
