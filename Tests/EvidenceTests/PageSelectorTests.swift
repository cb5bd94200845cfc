import TestSupport
import Testing

@testable import Evidence

@Suite struct PageSelectorTests {
    private let selector = PageSelector()

    private func pages(_ texts: [String], picture: Int = 100, text: Int = 20) -> [PageSelector.Page] {
        texts.enumerated().map {
            PageSelector.Page(
                number: $0 + 1, text: $1, pictureTokens: picture, textTokens: $1.isEmpty ? 0 : text)
        }
    }

    @Test("what fits goes as pictures, all of it")
    func whole() {
        let choice = selector.choose(pages(["a", "b", "c"]), for: "?", tokens: 300)
        #expect(choice == PageSelector.Choice(pictures: [1, 2, 3], texts: []))
    }

    @Test(
        "of a long document the page that the question is about is shown, and others are told as far as there is room")
    func about() {
        var texts = (1...50).map { "chapter \($0) about birds and fish" }
        texts[36] = "the turbine failed in Rotterdam"
        let choice = selector.choose(pages(texts), for: "Where did the turbine fail?", tokens: 500)
        #expect(choice.pictures == [37, 1, 2])
        #expect(choice.texts == Set(3...12))
        let read = selector.chooseTexts(pages(texts), for: "turbine", tokens: 60)
        #expect(read == PageSelector.Choice(pictures: [], texts: [37, 1, 2]))
    }

    @Test("rare words count for more than frequent ones, in Chinese too")
    func rare() {
        let texts = ["the the the report", "the report report", "the pump", "报告 完成", "导出 按钮 在 右上角"]
        #expect(selector.ranked(pages(texts), for: "the pump").first?.number == 3)
        #expect(selector.ranked(pages(texts), for: "按钮在哪里?").first?.number == 5)
    }

    @Test(
        "pages that the question names come first",
        arguments: [
            ("what is on page 12?", [12]), ("compare pages 3-5 and p. 9", [3, 4, 5, 9]), ("Seite 4 bitte", [4]),
            ("第 8 页说什么?", [8]), ("the 12 monkeys", []), ("page 9-3", []), ("stage 4", []),
        ])
    func named(question: String, numbers: [Int]) {
        #expect(PageSelector.namedPages(in: question).sorted() == numbers)
        let first = selector.ranked(pages((1...20).map { "text \($0)" }), for: question).prefix(numbers.count)
        #expect(first.map(\.number).sorted() == numbers)
    }

    @Test("an engine that takes few pictures gets few, and pages without words are no text")
    func few() {
        let choice = selector.choose(pages(["a", "", "c", "d"]), for: "?", tokens: 1000, maxPictures: 1)
        #expect(choice == PageSelector.Choice(pictures: [1], texts: [3, 4]))
    }

    @Test("the budget is never exceeded, no page goes twice, and the same is chosen again")
    func bounded() {
        var random = SeededRandom(seed: 5)
        for _ in 0..<500 {
            let pages = (1...Int.random(in: 1...60, using: &random)).map { number in
                let text = Bool.random(using: &random) ? "word\(number % 7) other" : ""
                return PageSelector.Page(
                    number: number, text: text, pictureTokens: Int.random(in: 1...900, using: &random),
                    textTokens: text.isEmpty ? 0 : Int.random(in: 1...300, using: &random))
            }
            let tokens = Int.random(in: -10...9000, using: &random)
            let choice = selector.choose(pages, for: "word3 and page 2", tokens: tokens, maxPictures: 9)
            let cost = pages.reduce(0) { sum, page in
                sum + (choice.pictures.contains(page.number) ? page.pictureTokens : 0)
                    + (choice.texts.contains(page.number) ? page.textTokens : 0)
            }
            #expect(cost <= max(0, tokens) && choice.pictures.count <= 9)
            #expect(choice.pictures.isDisjoint(with: choice.texts))
            #expect(choice == selector.choose(pages, for: "word3 and page 2", tokens: tokens, maxPictures: 9))
        }
    }
}
