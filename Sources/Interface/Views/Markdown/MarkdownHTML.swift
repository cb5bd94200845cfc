import CMarkdown
import Glibc

/// Renders Markdown as HTML for a page, with the parser that the chat draws with.
///
/// No HTML of the text's own passes: it is shown as what it is, text. Pictures become links, so that a page that shows an
/// answer asks nobody for anything, and links lead to the web and to mail only.
public enum MarkdownHTML {
    /// The HTML of a text; everything in it is escaped.
    public static func render(_ markdown: String) -> String {
        let source = guarded(markdown)
        let extensions = ["table", "strikethrough", "autolink", "tasklist"]
        let html = InlineParser.withDocument(source, extensions: extensions) { root -> String? in
            disarm(root)
            guard let bytes = cmark_render_html(root, CMARK_OPT_DEFAULT | CMARK_OPT_VALIDATE_UTF8, nil) else {
                return nil
            }
            defer { free(bytes) }
            return String(cString: bytes)
        }
        return html.flatMap { $0 } ?? ""
    }

    /// Formulas are kept as they were written, but code is left alone: in it a backslash would be seen.
    private static func guarded(_ markdown: String) -> String {
        var result = ""
        var words = ""
        var fence: (sign: Character, length: Int)?
        for line in markdown.split(separator: "\n", omittingEmptySubsequences: false) {
            let rest = line.drop { $0 == " " || $0 == ">" || $0 == "-" || $0 == "*" }
            let sign = rest.first ?? " "
            let length = sign == "`" || sign == "~" ? rest.prefix { $0 == sign }.count : 0
            let isFence = length >= 3 && (fence.map { $0.sign == sign && length >= $0.length } ?? true)
            if isFence || fence != nil || line.hasPrefix("    ") || line.hasPrefix("\t") {
                result += MathGuard.escaped(words) + line + "\n"
                words = ""
                if isFence { fence = fence == nil ? (sign, length) : nil }
            } else {
                words += line + "\n"
            }
        }
        return result + MathGuard.escaped(words)
    }

    /// Makes text of HTML, and links of pictures.
    private static func disarm(_ root: OpaquePointer) {
        guard let walk = cmark_iter_new(root) else { return }
        var found: [OpaquePointer] = []
        while cmark_iter_next(walk) != CMARK_EVENT_DONE {
            guard let node = cmark_iter_get_node(walk) else { break }
            let type = cmark_node_get_type(node)
            if type == CMARK_NODE_HTML_BLOCK || type == CMARK_NODE_HTML_INLINE || type == CMARK_NODE_IMAGE
                || type == CMARK_NODE_LINK, found.last != node
            {
                found.append(node)
            }
        }
        cmark_iter_free(walk)
        // A picture is met when it begins and when it ends.
        var done: Set<OpaquePointer> = []
        for node in found where done.insert(node).inserted { disarm(node: node) }
    }

    private static func disarm(node: OpaquePointer) {
        switch cmark_node_get_type(node) {
        case CMARK_NODE_HTML_BLOCK: replace(node, with: CMARK_NODE_CODE_BLOCK)
        case CMARK_NODE_HTML_INLINE: replace(node, with: CMARK_NODE_TEXT)
        case CMARK_NODE_LINK: if !isSafe(node) { unwrap(node) }
        default:
            guard isSafe(node) else { return unwrap(node) }
            guard let link = cmark_node_new(CMARK_NODE_LINK), cmark_node_insert_before(node, link) != 0 else { return }
            cmark_node_set_url(link, cmark_node_get_url(node))
            while let child = cmark_node_first_child(node) {
                guard cmark_node_append_child(link, child) != 0 else { break }
            }
            cmark_node_unlink(node)
            cmark_node_free(node)
        }
    }

    /// Leaves the words of a link that leads nowhere.
    private static func unwrap(_ node: OpaquePointer) {
        while let child = cmark_node_first_child(node) {
            guard cmark_node_insert_before(node, child) != 0 else { break }
        }
        cmark_node_unlink(node)
        cmark_node_free(node)
    }

    private static func replace(_ node: OpaquePointer, with type: cmark_node_type) {
        guard let text = cmark_node_new(type) else { return }
        cmark_node_set_literal(text, cmark_node_get_literal(node))
        if cmark_node_replace(node, text) != 0 { cmark_node_free(node) } else { cmark_node_free(text) }
    }

    private static func isSafe(_ link: OpaquePointer) -> Bool {
        guard let address = cmark_node_get_url(link) else { return false }
        let text = String(cString: address).lowercased()
        return ["http://", "https://", "mailto:", "#"].contains { text.hasPrefix($0) }
    }
}
