import Cells

/// How the parts of a Markdown text look.
struct MarkdownStyles: Hashable {
    var text: Style
    var dim: Style
    var heading: Style
    var code: Style
    var codeBlock: Style
    var codeBar: Style
    var quoteBar: Style
    var quote: Style
    var marker: Style
    var link: Style
    var line: Style
    var html: Style
    /// The parts of code.
    var syntax: CodeStyles

    /// For answers.
    init(_ theme: Theme) {
        text = theme.text
        dim = theme.dim
        heading = theme.heading
        code = theme.code
        codeBlock = theme.codeBlock
        codeBar = theme.codeBar
        quoteBar = theme.quoteBar
        quote = theme.quote
        marker = theme.marker
        link = theme.link
        line = theme.line
        html = theme.html
        syntax = CodeStyles(theme)
    }

    /// For thoughts: the same shapes in one faint colour.
    init(reasoning theme: Theme) {
        self.init(theme)
        let base = theme.reasoning
        (text, dim, code, codeBlock, codeBar, quoteBar, quote, marker, line, html) = (
            base, base, base, base, base, base, base, base, base, base
        )
        syntax = CodeStyles(plain: base)
        heading = base.adding(.bold)
        link = base.adding(.underline)
    }
}
