import Cells
import Conversation
import Session
import TestSupport
import Testing
import Views

/// What a streamed token costs; the numbers are printed, the ratio is bounded.
@Suite(.serialized) struct CostTests {
    @Test(
        "a token costs the same in a long answer as in a short one",
        arguments: [
            ("prose", "", "Some words of an answer, and then *more* of them in a sentence that goes on. "),
            ("paragraphs", "", "Some words of a paragraph that ends after a while.\n\n"),
            ("fence", "```swift\n", "let value = compute(1, 2, 3)  // and so on\n"),
            ("list", "", "- an item with `code` in it\n  - and one inside it\n"),
            ("item", "1. item\n", "   more of the same item, which never seems to come to its end\n"),
            ("table", "| a | b |\n|---|---|\n", "| a cell | another cell with words |\n"),
            ("quote", "", "> a quote of somebody who talks\n"),
        ])
    func tokens(_ name: String, _ start: String, _ unit: String) {
        var session = session(160, 48)
        session.type("x<enter>")
        session.reply(.answer(start))
        let tokens = Self.tokens(of: unit)
        var sent = 0
        func send(_ count: Int, draws: Bool) {
            for _ in 0..<count {
                session.reply(.answer(tokens[sent % tokens.count]))
                sent += 1
                if draws { _ = session.draw() }
            }
        }
        send(150, draws: true)
        let short = ThreadTime.least(of: 5) { send(20, draws: true) } / 20
        send(19_900 - sent, draws: false)
        _ = session.draw()
        let long = ThreadTime.least(of: 5) { send(20, draws: true) } / 20
        print("\(name): a token and its frame at 200: \(short * 1000) ms, at 20,000: \(long * 1000) ms")
        // Laid out anew at each token, an answer a hundred times as long would cost a hundred times as much.
        #expect(long < short * 20 + 0.01)
    }

    private static func tokens(of text: String) -> [String] {
        var tokens: [String] = []
        var rest = text[...]
        while !rest.isEmpty {
            tokens.append(String(rest.prefix(4)))
            rest = rest.dropFirst(4)
        }
        return tokens
    }
}
