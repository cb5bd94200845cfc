import CMarkdown
import Cells

/// Turns a paragraph's Markdown into styled text.
///
/// Blocks are found by `MarkdownBlocks`, which can go on where a stream stopped; this reads what is inside them. The tree
/// is walked without recursion, so that its depth does not matter.
struct InlineParser {
    let styles: MarkdownStyles

    private static let isRegistered: Bool = {
        cmark_gfm_core_extensions_ensure_registered()
        return true
    }()

    /// The text of a paragraph, on one line or more.
    func text(of source: String, base: Style) -> StyledText {
        // The parenthesis keeps the parser from seeing the beginning of a block where `MarkdownBlocks` saw none.
        let guarded = "(" + MathGuard.shown(source)
        let parsed = Self.withDocument(guarded, extensions: ["strikethrough", "autolink"]) { root -> StyledText? in
            guard let paragraph = cmark_node_first_child(root), cmark_node_next(paragraph) == nil,
                cmark_node_get_type(paragraph) == CMARK_NODE_PARAGRAPH
            else { return nil }
            return inlines(of: paragraph, base: base, dropsFirst: true)
        }
        return parsed.flatMap { $0 } ?? StyledText(source, style: base)
    }

    /// How a table's columns are aligned: "l", "c", "r", or 0 for each; empty when the two lines make no table.
    func alignments(header: String, delimiter: String) -> [UInt8] {
        Self.withDocument(header + "\n" + delimiter, extensions: ["table"]) { root -> [UInt8] in
            guard let table = cmark_node_first_child(root), cmarkdown_is(table, "table") != 0,
                let alignments = cmark_gfm_extensions_get_table_alignments(table)
            else { return [] }
            let count = Int(cmark_gfm_extensions_get_table_columns(table))
            return Array(UnsafeBufferPointer(start: alignments, count: count))
        } ?? []
    }

    /// The cells of a table's row; `nil` when the header and the delimiter row make no table.
    func cells(of row: String, header: String, delimiter: String, base: Style) -> [StyledText]? {
        let source = [header, delimiter, row].map { MathGuard.shown($0, breaksLines: false) }.joined(separator: "\n")
        let extensions = ["table", "strikethrough", "autolink"]
        return Self.withDocument(source, extensions: extensions) { root -> [StyledText]? in
            guard let table = cmark_node_first_child(root), cmarkdown_is(table, "table") != 0,
                let last = cmark_node_last_child(table)
            else { return nil }
            var cells: [StyledText] = []
            var cell = cmark_node_first_child(last)
            while let current = cell {
                cells.append(inlines(of: current, base: base, dropsFirst: false))
                cell = cmark_node_next(current)
            }
            return cells
        }.flatMap { $0 }
    }

    // MARK: - The library

    static func withDocument<Result>(
        _ source: String, extensions: [String], _ body: (OpaquePointer) -> Result
    ) -> Result? {
        guard isRegistered, let parser = cmark_parser_new(CMARK_OPT_DEFAULT | CMARK_OPT_VALIDATE_UTF8) else {
            return nil
        }
        defer { cmark_parser_free(parser) }
        for name in extensions {
            if let syntax = cmark_find_syntax_extension(name) { cmark_parser_attach_syntax_extension(parser, syntax) }
        }
        var source = source
        source.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { cmark_parser_feed(parser, $0.baseAddress, $0.count) }
        }
        guard let root = cmark_parser_finish(parser) else { return nil }
        defer { cmark_node_free(root) }
        return body(root)
    }

    private func inlines(
        of block: OpaquePointer, base: Style, dropsFirst: Bool
    ) -> StyledText {
        guard let walk = cmark_iter_new(block) else { return StyledText() }
        defer { cmark_iter_free(walk) }
        var text = StyledText()
        var stack = [base]
        var links: [String] = []
        var isGuardGone = !dropsFirst
        while true {
            let event = cmark_iter_next(walk)
            guard event != CMARK_EVENT_DONE, let node = cmark_iter_get_node(walk) else { break }
            guard node != block else { continue }
            let isEntered = event == CMARK_EVENT_ENTER
            let style = stack[stack.count - 1]
            switch cmark_node_get_type(node) {
            case CMARK_NODE_TEXT:
                var literal = Self.literal(node)
                if !isGuardGone, literal.hasPrefix("(") {
                    literal.removeFirst()
                    isGuardGone = true
                }
                if !links.isEmpty { links[links.count - 1] += literal }
                text.append(literal, style: style)
            case CMARK_NODE_CODE:
                let literal = Self.literal(node)
                if !links.isEmpty { links[links.count - 1] += literal }
                text.append(literal, style: styles.code.over(style))
            case CMARK_NODE_HTML_INLINE:
                text.append(Self.literal(node), style: styles.html.over(style))
            case CMARK_NODE_SOFTBREAK, CMARK_NODE_LINEBREAK:
                text.append("\n", style: style)
            case CMARK_NODE_LINK:
                if isEntered {
                    links.append("")
                    var linked = styles.link.over(style)
                    linked.link = Link(Self.string(cmark_node_get_url(node)))
                    stack.append(linked)
                } else {
                    stack.removeLast()
                    let label = links.popLast() ?? ""
                    appendAddress(
                        Self.string(cmark_node_get_url(node)), besides: label, to: &text, over: stack[stack.count - 1])
                }
            case CMARK_NODE_IMAGE:
                if isEntered {
                    text.append("▨ ", style: styles.dim)
                    stack.append(styles.dim.over(style))
                } else {
                    stack.removeLast()
                }
            case CMARK_NODE_STRONG: enter(isEntered, &stack, .bold)
            case CMARK_NODE_EMPH: enter(isEntered, &stack, .italic)
            default:
                if cmarkdown_is(node, "strikethrough") != 0 { enter(isEntered, &stack, .strikethrough) }
            }
        }
        return text
    }

    private func enter(_ isEntered: Bool, _ stack: inout [Style], _ attribute: Style.Attributes) {
        if isEntered {
            stack.append(stack[stack.count - 1].adding(attribute))
        } else {
            stack.removeLast()
        }
    }

    /// The address of a link goes behind its text when the text does not say it.
    private func appendAddress(_ address: String, besides label: String, to text: inout StyledText, over style: Style) {
        let spoken = [address, address + "/", "mailto:" + label, "http://" + label, "https://" + label]
        guard !address.isEmpty, label != address, label != address + "/",
            !spoken.dropFirst(2).contains(address), !spoken.dropFirst(2).contains(address + "/")
        else { return }
        let shown = StyledText(label.isEmpty ? address : " (\(address))", style: styles.dim.over(style.withoutLink))
        text.append(shown)
    }

    private static func literal(_ node: OpaquePointer) -> String {
        string(cmark_node_get_literal(node))
    }

    // Entities of the text may stand for characters that the text itself was not allowed to have.
    private static func string(_ pointer: UnsafePointer<CChar>?) -> String {
        pointer.map { SafeText.sanitized(String(cString: $0)) } ?? ""
    }
}

extension Style {
    var withoutLink: Style {
        var style = self
        style.link = nil
        return style
    }
}
