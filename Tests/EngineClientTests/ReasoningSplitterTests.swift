import TestSupport
import Testing

@testable import EngineClient

@Suite struct ReasoningSplitterTests {
    /// What was thought and what was answered, for a text that arrives in pieces of some length.
    private func split(_ text: String, piece: Int, startsInReasoning: Bool = false) -> [String] {
        var splitter = ReasoningSplitter(startsInReasoning: startsInReasoning)
        var pieces: [ReasoningSplitter.Piece] = []
        var rest = Array(text.unicodeScalars)[...]
        while !rest.isEmpty {
            var part = String.UnicodeScalarView()
            part.append(contentsOf: rest.prefix(piece))
            pieces += splitter.feed(String(part))
            rest = rest.dropFirst(piece)
        }
        pieces += splitter.finish()
        var reasoning = ""
        var answer = ""
        for piece in pieces {
            switch piece {
            case .reasoning(let text): reasoning += text
            case .answer(let text): answer += text
            }
        }
        return [reasoning, answer]
    }

    static let cases: [(text: String, reasoning: String, answer: String)] = [
        ("Paris.", "", "Paris."),
        ("<think>Hm.</think>Paris.", "Hm.", "Paris."),
        ("\n<think>\nHm.</think>\n\nParis.\n", "Hm.", "Paris.\n"),
        ("<THINK>Hm.</Think>Paris.", "Hm.", "Paris."),
        ("<think></think>\nParis.", "", "Paris."),
        ("<think>Hm, cut here", "Hm, cut here", ""),
        ("<think>a < b && c <thin</think>x", "a < b && c <thin", "x"),
        ("<think>Hm.</think><answer>Paris.</answer>", "Hm.", "Paris."),
        ("<think>Hm.</think>\n<answer>\nParis.", "Hm.", "Paris."),
        ("<answer>Paris.</answer>", "", "Paris."),
        ("The tag </answer> is mine.", "", "The tag </answer> is mine."),
        ("Well, <think> is a tag.", "", "Well, <think> is a tag."),
        ("Thoughts first\n</think>\nParis.", "", "Thoughts first\n\n\nParis."),
        ("The tag `</think>` ends it.", "", "The tag `</think>` ends it."),
        ("<think>Hm.</think>One </think> more.", "Hm.", "One </think> more."),
        ("</think>Paris.", "", "Paris."),
        ("It is <|begin_of_box|>4<|end_of_box|>.", "", "It is **4**."),
        ("<|begin_of_box|>[[12,34,56,78]]<|end_of_box|>", "", "**[[12,34,56,78]]**"),
        ("<|begin_of_box|>a*b<|end_of_box|>", "", "a*b"),
        ("**<|begin_of_box|>4<|end_of_box|>**", "", "**4**"),
        ("<|begin_of_box|>one\ntwo<|end_of_box|>!", "", "one\ntwo!"),
        ("<|begin_of_box|>never closed", "", "never closed"),
        ("<|begin_of_box|><|end_of_box|>x", "", "x"),
        ("x<|end_of_box|>", "", "x"),
        ("<think>the <|begin_of_box|>box<|end_of_box|></think>4", "the box", "4"),
        ("Paris.<|user|>", "", "Paris."),
        ("Paris.<|endoftext|><|observation|>", "", "Paris."),
        ("Write `<|user|>` there.", "", "Write `<|user|>` there."),
        ("    indented\ncode", "", "    indented\ncode"),
        ("\n\n    indented", "", "    indented"),
        ("a <", "", "a <"),
        ("a <|begin_of", "", "a <|begin_of"),
        ("<table><tr></tr></table>", "", "<table><tr></tr></table>"),
        ("<<think>>", "", "<<think>>"),
        ("👨‍👩‍👧<think>", "", "👨‍👩‍👧<think>"),
        ("", "", ""),
        ("  \n ", "", ""),
    ]

    @Test("separates reasoning from answer in any cut", arguments: cases)
    func cuts(text: String, reasoning: String, answer: String) {
        for piece in [Int.max, 1, 2, 3, 5, 8] {
            #expect(split(text, piece: piece) == [reasoning, answer])
        }
    }

    @Test(
        "begins in reasoning where the prompt has opened it",
        arguments: [
            ("Hm.</think>\n\nParis.", "Hm.", "Paris."),
            ("<think>\nHm.</think>Paris.", "Hm.", "Paris."),
            ("\nHm, `ls`</think>Paris.", "Hm, `ls`", "Paris."),
        ])
    func prefilled(text: String, reasoning: String, answer: String) {
        for piece in [Int.max, 1, 3] {
            #expect(split(text, piece: piece, startsInReasoning: true) == [reasoning, answer])
        }
    }

    @Test("begins with the answer when the reasoning came in a field of its own")
    func separateField() {
        var splitter = ReasoningSplitter(startsInReasoning: true)
        splitter.noteSeparateReasoning()

        #expect(splitter.feed("\nParis.") == [.answer("Paris.")])
    }

    @Test("holds back no more than the beginning of a tag")
    func promptness() {
        var splitter = ReasoningSplitter()

        #expect(splitter.feed("a <thi") == [.answer("a ")])
        #expect(splitter.feed("s") == [.answer("<this")])
        #expect(splitter.feed("b") == [.answer("b")])
    }

    @Test("loses and invents nothing in random texts of tags and words")
    func random() async {
        let words = [
            "<think>", "</think>", "<answer>", "</answer>", "<|begin_of_box|>", "<|end_of_box|>", "<|user|>", "word",
            " ",
            "\n", "<", "*", "`", "é", "👨‍👩‍👧",
        ]
        var random = SeededRandom(seed: 7)
        for _ in 0..<1000 {
            await Task.yield()
            let text = (0..<Int.random(in: 1...30, using: &random)).map { _ in
                words[Int.random(in: 0..<words.count, using: &random)]
            }.joined()

            let whole = split(text, piece: .max)

            for piece in [1, 4] { #expect(split(text, piece: piece) == whole, "\(text.debugDescription)") }
            let said = whole[0] + whole[1]
            #expect(said.components(of: "word") == text.components(of: "word"), "\(text.debugDescription)")
        }
    }
}

extension String {
    /// How often a word is there.
    fileprivate func components(of word: String) -> Int { ranges(of: word).count }
}
