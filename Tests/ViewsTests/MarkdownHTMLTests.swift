import Testing
import Views

@Suite("Markdown as HTML")
struct MarkdownHTMLTests {
    @Test("Blocks, tables, tasks and code become what they are")
    func blocks() {
        let html = MarkdownHTML.render(
            "# A\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n- [x] done\n\n```swift\nlet a = \"<\"\n```\n~~no~~")
        #expect(html.contains("<h1>A</h1>") && html.contains("<td align=\"right\">2</td>"))
        #expect(html.contains("checkbox") && html.contains("language-swift") && html.contains("&lt;"))
        #expect(html.contains("<del>no</del>"))
    }

    @Test(
        "Nothing of the text becomes an element of its own",
        arguments: [
            "<script>alert(1)</script>", "a <img src=x onerror=alert(1)> b", "<div>\n<script>x</script>\n</div>",
            "<!-- a --><svg onload=alert(1)>", "| a |\n|---|\n| <b onclick=x> |", "> <iframe src=x>", "<?php x ?>",
            "<![CDATA[<script>]]>", "<style>*{}</style>", "[<b>](x \"<i>\")",
        ])
    func rawHTML(_ markdown: String) {
        let html = MarkdownHTML.render(markdown).lowercased()
        for name in ["<script", "<img", "<svg", "<iframe", "<style", "<div", "<b ", "<b>", "<i>", "<!--", "<?", "<!["] {
            #expect(!html.contains(name), "\(html)")
        }
        #expect(html.contains("&lt;") || html.contains("<a "))
    }

    @Test(
        "Links lead to the web and to mail, pictures are links",
        arguments: [
            ("[a](https://example.org/?a=1&b=\"2\")", true), ("[a](javascript:alert(1))", false),
            ("[a](JaVaScRiPt&colon;alert(1))", false), ("[a](data:text/html;base64,AA)", false),
            ("<https://example.org>", true),
            ("[a](file:///etc/passwd)", false), ("![a](https://example.org/a.png)", true),
            ("![a](data:image/png;base64,AA)", false),
            ("[a](java\nscript:x)", false), ("[a]: vbscript:x\n\n[a]", false), ("[a](//example.org)", false),
        ])
    func links(_ markdown: String, _ isKept: Bool) {
        let html = MarkdownHTML.render(markdown)
        #expect(!html.contains("<img"))
        #expect(html.contains("href=\"https://example.org") == isKept, "\(html)")
        for scheme in ["script:", "data:", "file:"] { #expect(!html.contains("href=\"\(scheme)"), "\(html)") }
        #expect(!html.lowercased().contains("href=\"javascript"), "\(html)")
    }

    @Test("Formulas stay as they were written, and code is left alone")
    func formulas() {
        #expect(MarkdownHTML.render("so $a*b*c$").contains("$a*b*c$"))
        #expect(MarkdownHTML.render("```sh\necho $a*b*c$\n```").contains("echo $a*b*c$"))
        #expect(MarkdownHTML.render("    echo $a_b_$").contains("echo $a_b_$"))
    }
}
