import Cells
import TestSupport
import Testing

@testable import Views

@Suite struct MathTests {
    static let table: [(String, String?)] = [
        ("x", "x"), ("x^2", "x²"), ("x_1", "x₁"), ("x_{i+1}^{n-1}", "xᵢ₊₁ⁿ⁻¹"), ("E = mc^2", "E = mc²"),
        ("\\frac{1}{2}", "½"), ("\\frac{a}{b}", "a/b"), ("\\frac{a+b}{2a}", "(a+b)/(2a)"), ("\\frac12", "½"),
        ("\\sqrt{2}", "√2"), ("\\sqrt{2\\pi}", "√(2π)"), ("\\sqrt[3]{x}", "∛x"), ("\\sqrt[5]{x}", "⁵√x"),
        ("\\alpha + \\beta \\leq \\gamma", "α + β ≤ γ"), ("a\\times b", "a × b"), ("a \\to b", "a → b"),
        ("\\sum_{i=1}^{n} i^2", "∑ᵢ₌₁ⁿ i²"), ("\\int_0^\\infty e^{-x^2}\\,dx", "∫₀^∞e^(−x²) dx"),
        ("\\lim_{x \\to 0} \\frac{\\sin x}{x} = 1", "lim_(x → 0) (sin x)/x = 1"),
        ("\\mathbb{R}^n", "ℝⁿ"), ("\\vec{v} \\cdot \\hat{n}", "v⃗ · n̂"), ("90^\\circ", "90°"),
        ("x = \\frac{-b \\pm \\sqrt{b^2-4ac}}{2a}", "x = (−b ± √(b²−4ac))/(2a)"),
        ("\\left( \\frac{1}{n} \\right)", "( 1/n )"), ("\\text{if } x > 0", "if x > 0"),
        ("\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}", "(1 2; 3 4)"),
        ("\\begin{aligned} a &= b \\\\ &= c \\end{aligned}", "a = b\n= c"),
        ("f'(x)", "f′(x)"), ("\\log_2 n", "log₂ n"), ("A \\cup B \\subseteq C", "A ∪ B ⊆ C"),
        ("p \\implies q", "p ⟹ q"), ("\\{1, 2\\}", "{1, 2}"), ("2\\pi r", "2πr"),
        // What cannot be written stays as it is.
        ("\\underbrace{x}_{y}", nil), ("\\unknown", nil), ("\\frac{1}", nil), ("{x", nil), ("x}", nil), ("", nil),
        ("x^", nil), ("\\begin{x", nil), ("\\", nil), ("a $ b", nil), ("\\sqrt[", nil),
    ]

    @Test("formulas become text that can be read", arguments: table.indices)
    func formulas(_ index: Int) {
        let (source, expected) = Self.table[index]
        #expect(MathText.rendered(source) == expected, "\(source): \(MathText.rendered(source) ?? "nil")")
    }

    @Test("nothing that is written breaks it, however deep and however cut")
    func hostile() {
        var random = SeededRandom(seed: 12)
        let bits =
            Self.table.map(\.0) + [
                "{", "}", "\\", "^", "_", "[", "]", "\\frac", "\\left", "\\begin{cases}", "&", "é", "\u{301}",
            ]
        for _ in 0..<2_000 {
            let source = (0..<Int.random(in: 1...6, using: &random)).compactMap { _ in
                bits.randomElement(using: &random)
            }
            .joined()
            let cut = String(source.prefix(Int.random(in: 0...40, using: &random)))
            _ = MathText.rendered(cut)
        }
        #expect(MathText.rendered(String(repeating: "{", count: 500) + String(repeating: "}", count: 500)) == nil)
        #expect(MathText.rendered(String(repeating: "\\sqrt", count: 300)) == nil)
    }

    @Test("formulas in words, between dollars and brackets, and none in prices, code and shells")
    func inWords() {
        func lines(_ text: String) -> [String] { MarkdownTests.lines(text, columns: 60) }
        #expect(lines("Then $x^2$ and \\(\\alpha\\).") == ["Then x² and α."])
        #expect(lines("It costs $5 and $6, or $7.") == ["It costs $5 and $6, or $7."])
        #expect(
            lines("`$x^2$` stays, $HOME/$USER too, $foo$ as well") == ["$x^2$ stays, $HOME/$USER too, $foo$ as well"])
        #expect(lines("| a | b |\n|---|---|\n| $x^2$ | $y_1$ |")[3] == "│ x² │ y₁ │")
    }

    @Test("a formula with lines of its own, however it is written")
    func blocks() {
        let quadratic = ["So", "", "  x = (−b ± √(b²−4ac))/(2a)", "", "holds."]
        let formula = "x = \\frac{-b \\pm \\sqrt{b^2-4ac}}{2a}"
        for text in ["$$\(formula)$$", "$$\n\(formula)\n$$", "\\[\n\(formula)\n\\]", "\\[ \(formula) \\]"] {
            #expect(MarkdownTests.lines("So\n\n\(text)\n\nholds.") == quadratic, "\(text)")
        }
        // An equation of several lines, some of which would begin a list or a heading elsewhere.
        #expect(
            MarkdownTests.lines("$$\n\\begin{aligned}\na &= b \\\\\n+ c\n\\end{aligned}\n$$") == ["  a = b", "  + c"])
        #expect(MarkdownTests.lines("$$\n\\underbrace{x}\n=\n$$") == ["  $$", "  \\underbrace{x}", "  =", "  $$"])
        #expect(MarkdownTests.lines("$$\nnever closed") == ["  $$never closed"])
    }

    @Test("what was shown of a formula while it came gives way to the whole")
    func streamed() {
        let source = "a\n\n$$\nx^2\n+ y_1\n$$\n\nb $\\frac{1}{2}$ c[^1]\n\n[^1]: The *note*\n    goes on.\n"
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
        for size in [1, 2, 3, 5] { #expect(lines(size) == whole) }
        let text = whole.map { $0.runs.map(\.text).joined() }
        #expect(text == ["a", "", "  x² + y₁", "", "b ½ c¹", "", "¹ The note", "  goes on."])
    }

    @Test("footnotes are marked small and raised, and their texts follow their marks")
    func footnotes() {
        #expect(
            MarkdownTests.lines(
                "Yes[^1] and[^note] no[^x y].\n\n[^1]: First.\n[^note]: Second, which is longer than one line is.")
                == ["Yes¹ andⁿᵒᵗᵉ no[^x y].", "", "¹ First.", "ⁿᵒᵗᵉ Second, which is longer than one line", "     is."])
        #expect(MarkdownTests.lines("`[^1]` and a[^12]") == ["[^1] and a¹²"])
    }
}
