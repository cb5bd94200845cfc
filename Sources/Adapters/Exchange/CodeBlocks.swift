/// Finds the fenced code of a Markdown text.
public enum CodeBlocks {
    /// The text of the first fenced block, with its line breaks; nil without any.
    ///
    /// A block that never ends goes to the end.
    public static func first(in markdown: String) -> String? {
        var scanner = Scanner()
        var code: String?
        for line in markdown.split(separator: "\n", omittingEmptySubsequences: false) {
            switch scanner.take(line) {
            case .opens: if code == nil { code = "" }
            case .code(let text): code? += text + "\n"
            case .closes: return code
            case .text: break
            }
        }
        // The last piece of a text that ends with a line break is no line.
        if markdown.hasSuffix("\n"), code?.isEmpty == false { code?.removeLast() }
        return code
    }

    /// The fence that would close the block in which a text ends, or nil.
    static func unclosedFence(in markdown: String) -> String? {
        var scanner = Scanner()
        for line in markdown.split(separator: "\n", omittingEmptySubsequences: false) { _ = scanner.take(line) }
        return scanner.fence.map { String(repeating: $0.sign, count: $0.length) }
    }

    private struct Scanner {
        enum Line {
            case opens
            case code(Substring)
            case closes
            case text
        }

        var fence: (sign: Character, length: Int, indent: Int)?

        mutating func take(_ line: Substring) -> Line {
            let line = line.hasSuffix("\r") ? line.dropLast() : line
            let indent = line.prefix { $0 == " " }.count
            let rest = line.dropFirst(indent)
            let sign = rest.first ?? " "
            let length = sign == "`" || sign == "~" ? rest.prefix { $0 == sign }.count : 0
            if let open = fence {
                if sign == open.sign, length >= open.length,
                    rest.dropFirst(length).allSatisfy({ $0 == " " || $0 == "\t" })
                {
                    fence = nil
                    return .closes
                }
                return .code(line.dropFirst(min(indent, open.indent)))
            }
            // Blocks of lists are indented further than CommonMark allows at the top; nothing else looks like a fence.
            guard length >= 3, sign == "~" || !rest.dropFirst(length).contains("`") else { return .text }
            fence = (sign, length, indent)
            return .opens
        }
    }
}
