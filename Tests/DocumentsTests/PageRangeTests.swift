import TestSupport
import Testing

@testable import Documents

@Suite struct PageRangeTests {
    @Test(
        "pages are named one by one, as ranges, and open at an end",
        arguments: [
            ("3", [3]), ("3-5", [3, 4, 5]), ("-2", [1, 2]), ("8-", [8, 9]), ("7,2-3,3", [2, 3, 7]), ("9-99", [9]),
            ("12", []),
        ])
    func ranges(text: String, pages: [Int]) {
        #expect(PageRange(text)?.pages(of: 9) == pages)
    }

    @Test(
        "what names no pages is none",
        arguments: ["", "-", "a", "0", "3-2", "1,", "1-2-3", "+1", "٣", "99999999999999999999"])
    func refused(text: String) { #expect(PageRange(text) == nil) }

    @Test("a path is divided at its last mark, if pages stand behind it")
    func divided() {
        #expect(PageRange.divide("/a/b#1.pdf#2-3").map { [$0.file] } == ["/a/b#1.pdf"])
        #expect(PageRange.divide("/a/b.pdf") == nil)
        #expect(PageRange.divide("/a/#todo.txt") == nil)
        #expect(PageRange.divide("#3") == nil)
    }

    @Test("whatever is written, it is read or refused, and its pages exist")
    func random() {
        var random = SeededRandom(seed: 31)
        for _ in 0..<3000 {
            let text = String(
                (0..<Int.random(in: 0...8, using: &random)).map { _ in "0123456789-,#a".randomElement(using: &random)! }
            )
            guard let range = PageRange(text) else { continue }
            let pages = range.pages(of: 40)
            #expect(pages == pages.sorted() && Set(pages).count == pages.count && pages.allSatisfy((1...40).contains))
        }
    }
}
