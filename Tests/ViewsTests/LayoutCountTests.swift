import Cells
import TestSupport
import Testing

@testable import Views

/// No construct makes a message be laid out again: only the lines of the piece that is open are made anew.
@Suite struct LayoutCountTests {
    static let constructs: [(name: String, start: String, unit: String, most: Int)] = [
        ("prose", "", "Some words of a sentence that goes on and on, with *emphasis* and `code` in it. ", 80),
        ("paragraphs", "", "A paragraph.\n\n", 4), ("fence", "```python\n", "x = \"a\"  # so\n", 3),
        ("open comment", "```c\n/*\n", "still a comment\n", 3), ("list", "", "- item\n  - nested\n", 4),
        ("item", "1. item\n\n", "   more of it\n\n", 4), ("quote", "", "> said\n>\n", 4),
        ("tasks", "", "- [x] done\n", 3),
        ("formulas", "", "$$\nx^2\n$$\n\n", 6), ("footnotes", "", "[^1]: a note\n", 3),
        ("headings", "", "# Title\n\n", 4),
        ("one line", "", "word ", 80), ("one word", "", "wordword", 80), ("dollars", "", "$x$ and $", 80),
    ]

    @Test("what is laid out at each piece does not grow with what came before", arguments: constructs.indices)
    func counted(_ index: Int) {
        let construct = Self.constructs[index]
        var stream = MarkdownStream(width: 60, styles: MarkdownStyles(.dark))
        stream.append(construct.start)
        var laidOut = 0
        var pieces = 0
        var kept: [TranscriptLine] = []
        while pieces < 800 {
            for character in construct.unit {
                stream.append(String(character))
                stream.settle()
                pieces += 1
                // What is not final was made for this piece alone.
                let open = stream.count - stream.finalCount
                #expect(open <= construct.most, "\(construct.name): \(open) lines after \(pieces) characters")
                laidOut += open + stream.finalCount - kept.count
                for line in kept.count..<stream.finalCount { kept.append(stream[line]) }
                guard open <= construct.most else { return }
            }
        }
        // What was final once has stayed as it was.
        for (line, text) in kept.enumerated() where stream[line] != text {
            Issue.record("\(construct.name): line \(line)")
        }
        #expect(laidOut <= pieces * (construct.most + 1))
    }

    @Test("a table that grows by rows makes the new row alone, unless a column becomes wider")
    func table() {
        var stream = MarkdownStream(width: 60, styles: MarkdownStyles(.dark))
        stream.append("| a | b |\n|---|---|\n| long enough | and this |\n")
        for row in 0..<120 {
            let before = stream.count
            stream.append("| \(row) | x |\n")
            stream.settle()
            #expect(stream.count == before + (row == 0 ? 2 : 1), "\(row)")
        }
    }
}
