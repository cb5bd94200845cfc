import Cells
import Foundation
import TestSupport
import Testing

@testable import Views

@Suite(.enabled(if: CodeColors.areInstalled, "libsource-highlight-common is not installed"))
struct CodeHighlighterTests {
    /// Every kind of part in a colour of its own.
    private static let styles: CodeStyles = {
        var theme = Theme()
        theme.codeBlock = Style(background: .palette(250))
        for (index, role) in Theme.roles.filter({ $0.name.hasPrefix("syntax") }).enumerated() {
            theme[keyPath: role.style] = Style(foreground: .palette(UInt8(index + 1)))
        }
        return CodeStyles(theme)
    }()

    /// The parts of lines, as "keyword:def".
    private func parts(_ label: String, _ lines: [String]) throws -> [[String]] {
        let names = Theme.roles.map(\.name).filter { $0.hasPrefix("syntax") }.map { String($0.dropFirst(7)) }
        var highlighter = try #require(CodeHighlighter(label: label), "\(label)")
        return lines.map { line in
            let text = highlighter.line(line, styles: Self.styles)
            #expect(text.plain == line)
            return text.runs.compactMap { run in
                guard case .palette(let index) = run.style.foreground else { return nil }
                return "\(names[Int(index) - 1]):\(run.text.trimmingCharacters(in: .whitespaces))"
            }
        }
    }

    @Test("what was open at the end of a line is open at the beginning of the next")
    func multiline() throws {
        let lines = try parts("c", ["int a; /* begin", "still it", "end */ return 1;"])
        #expect(lines[0].contains("type:int"))
        #expect(lines[0].last?.hasPrefix("comment:") == true)
        #expect(lines[1] == ["comment:still it"])
        #expect(lines[2].first == "comment:end */")
        #expect(lines[2].contains("keyword:return"))
        #expect(lines[2].contains("number:1"))
    }

    @Test("a copy goes on by itself and disturbs nothing")
    func copies() throws {
        var highlighter = try #require(CodeHighlighter(label: "python"))
        _ = highlighter.line("    \"\"\"open", styles: Self.styles)
        var copy = highlighter
        _ = copy.line("closed\"\"\"", styles: Self.styles)
        let inside = highlighter.line("return", styles: Self.styles)
        let outside = copy.line("return", styles: Self.styles)
        #expect(inside.runs[0].style != outside.runs[0].style)
    }

    static let samples: [(label: String, line: String, part: String)] = [
        ("python", "def f(x): return x", "keyword:def"), ("py", "x = 'a'  # b", "comment:# b"),
        ("javascript", "const a = 1;", "keyword:const"), ("js", "return \"x\"", "string:\"x\""),
        ("typescript", "readonly name: string", "type:string"), ("tsx", "const a = 1", "keyword:const"),
        ("bash", "if true; then", "keyword:if"), ("sh", "# hello", "comment:# hello"),
        ("c", "return 0;", "keyword:return"), ("cpp", "class X {", "keyword:class"),
        ("c#", "public int X;", "keyword:public"), ("java", "return x;", "keyword:return"),
        ("go", "func main() {", "keyword:func"), ("rust", "fn main() {", "keyword:fn"),
        ("html", "<p class=\"x\">", "string:\"x\""), ("css", "/* x */", "comment:/* x */"),
        ("json", "{\"a\": 12}", "number:12"), ("yaml", "name: \"x\"", "keyword:name"),
        ("sql", "SELECT 1", "keyword:SELECT"), ("php", "<?php return 1;", "keyword:return"),
        ("ruby", "def x", "keyword:def"), ("diff", "+new", "added:+new"), ("swift", "let x = 1", "keyword:let"),
        ("kotlin", "fun main() {}", "keyword:fun"), ("toml", "a = true", "keyword:a"),
        ("xml", "<!-- a -->", "comment:<!-- a -->"),
        ("makefile", "# all", "comment:# all"), ("lua", "local x = 1", "keyword:local"),
        ("perl", "my $x;", "keyword:my"),
        ("scala", "val x = 1", "keyword:val"), ("haskell", "-- x", "comment:-- x"), ("r", "# x", "comment:# x"),
        ("dockerfile", "FROM debian", "keyword:FROM"), ("ini", "# x", "comment:# x"),
    ]

    @Test("the languages that people paste are known by the names that they go by", arguments: samples.indices)
    func languages(_ index: Int) throws {
        let sample = Self.samples[index]
        let found = try parts(sample.label, [sample.line])[0]
        #expect(found.contains(sample.part), "\(sample.label): \(found)")
    }

    @Test("labels with more behind the name are understood, unknown ones are plain")
    func labels() {
        #expect(CodeLanguage(label: "Python")?.name == "python")
        #expect(CodeLanguage(label: "rust,ignore")?.name == "rust")
        #expect(CodeLanguage(label: "js{1,3}")?.name == "javascript")
        for label in ["", "text", "plaintext", "klingon", "../python", "python.lang", "🐍"] {
            #expect(CodeHighlighter(label: label) == nil, "\(label)")
        }
        #expect(Set(Self.samples.compactMap { CodeLanguage(label: $0.label)?.name }).count >= 20)
    }

    @Test(
        "no text of any kind loses, gains or moves a byte",
        arguments: ["python", "cpp", "html", "perl", "yaml", "diff"])
    func hostile(_ label: String) throws {
        var random = SeededRandom(seed: 11)
        let bits = [
            "\"", "'", "`", "/*", "*/", "//", "#", "<", ">", "<!--", "\\", "é", "漢字", "👨‍👩‍👧", "\t", " ", "x", "12",
            "<<EOF", "$",
            "{", "}", "(", ")", "def ", "return", "e\u{301}", "@@", "+", "-", "\u{FEFF}",
        ]
        var highlighter = try #require(CodeHighlighter(label: label))
        for _ in 0..<300 {
            let line = (0..<Int.random(in: 0...30, using: &random)).compactMap { _ in bits.randomElement(using: &random)
            }.joined()
            #expect(highlighter.line(line, styles: Self.styles).plain == line)
        }
    }

    @Test("a very long line is plain, and costs nothing")
    func longLine() throws {
        var highlighter = try #require(CodeHighlighter(label: "c"))
        _ = highlighter.line("/* open", styles: Self.styles)
        let long = String(repeating: "f(x); ", count: 100)
        let text = highlighter.line(long, styles: Self.styles)
        #expect(text.runs == [StyledRun(long, style: Self.styles.plain)])
        #expect(highlighter.line("x", styles: Self.styles).runs[0].style != Self.styles.plain)
    }

    @Test("code is coloured as it streams, however it is cut")
    func streaming() {
        let source = "Look:\n```python\nx = \"\"\"open\nstill\nclosed\"\"\"\nreturn 1  # so\n```\nDone `x`.\n"
        func lines(_ size: Int) -> [TranscriptLine] {
            var stream = MarkdownStream(width: 40, styles: MarkdownStyles(.dark))
            var rest = source[...]
            while !rest.isEmpty {
                stream.append(String(rest.prefix(size)))
                stream.settle()
                rest = rest.dropFirst(size)
            }
            stream.finish()
            return (0..<stream.count).map { stream[$0] }
        }
        let whole = lines(1_000)
        for size in [1, 2, 3, 7, 20] { #expect(lines(size) == whole) }
        let colors = Set(whole.flatMap(\.runs).map(\.style.foreground))
        #expect(colors.contains(Theme.dark.syntaxKeyword.foreground))
        #expect(colors.contains(Theme.dark.syntaxString.foreground))
        #expect(colors.contains(Theme.dark.syntaxComment.foreground))
    }
}
