import Conversation
import TestSupport
import Testing

@Suite struct MarkupFenceTests {
    private func mend(_ text: String, piece: Int = .max) -> String {
        var fence = MarkupFence()
        var mended = ""
        var rest = text[...]
        while !rest.isEmpty {
            mended += fence.feed(String(rest.prefix(piece)))
            rest = rest.dropFirst(piece)
        }
        return mended + fence.finish()
    }

    static let cases: [(String, String)] = [
        ("<html>\n<body>Hi</body>\n</html>", "```html\n<html>\n<body>Hi</body>\n</html>\n```"),
        // A long introduction, and prose behind the page.
        (
            "Here is the page that you asked for, with everything that it should have in it:\n\n<!DOCTYPE html>\n<html>\n</html>\n\nOpen it.",
            "Here is the page that you asked for, with everything that it should have in it:\n\n```html\n<!DOCTYPE html>\n<html>\n</html>\n```\n\nOpen it."
        ),
        // Nested elements of the same name.
        ("<div>\n<div>a</div>\n</div>\nDone.", "```html\n<div>\n<div>a</div>\n</div>\n```\nDone."),
        // The answer ends in the middle.
        ("<html>\n<body>", "```html\n<html>\n<body>\n```"),
        // Fenced already.
        ("```html\n<html>\n</html>\n```\n", "```html\n<html>\n</html>\n```\n"),
        // Escaped.
        (#"<html>\n<p class=\"a\">Hi</p>\n</html>"#, "```html\n<html>\n<p class=\"a\">Hi</p>\n</html>\n```"),
        // Real line breaks: a program's own escapes stay.
        ("<script>\nprint(\"a\\n\")\n</script>\n", "```html\n<script>\nprint(\"a\\n\")\n</script>\n```\n"),
        // Words that only look like it.
        ("<foo> is no element.\n<br>\nUse <div> for boxes.\n", "<foo> is no element.\n<br>\nUse <div> for boxes.\n"),
        ("`<html>` begins a page.\n", "`<html>` begins a page.\n"),
        ("1 < 2\n<3\n<", "1 < 2\n<3\n<"),
        ("", ""),
    ]

    @Test("fences a page that has no fence, and nothing else", arguments: cases)
    func fences(text: String, expected: String) {
        for piece in [Int.max, 1, 2, 3, 7] { #expect(mend(text, piece: piece) == expected, "in pieces of \(piece)") }
    }

    @Test("leaves every text without pages as it is, in any cut")
    func leaves() {
        var random = SeededRandom(seed: 3)
        let alphabet = ["a", " ", "\n", "<", ">", "`", "```\n", "<b>", "é", "\\n", "* x\n", "｜"]
        for _ in 0..<2000 {
            let text = (0..<40).map { _ in alphabet.randomElement(using: &random) ?? "" }.joined()
            #expect(mend(text, piece: Int.random(in: 1...9, using: &random)) == text)
        }
    }
}
