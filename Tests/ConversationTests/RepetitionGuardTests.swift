import Conversation
import TestSupport
import Testing

@Suite struct RepetitionGuardTests {
    private func loop(in text: String, piece: Int = 4) -> (loop: RepetitionGuard.Loop?, at: Int) {
        var guardian = RepetitionGuard()
        var rest = text[...]
        var count = 0
        while !rest.isEmpty {
            let next = rest.prefix(piece)
            rest = rest.dropFirst(piece)
            count += next.count
            if let loop = guardian.add(String(next)) { return (loop, count) }
        }
        return (nil, count)
    }

    static let loops = [
        String(repeating: "The capital of France is Paris. ", count: 60),
        String(repeating: "The capital of France is the city of Paris, which is the capital of France and ", count: 60),
        String(
            repeating: "I think so.\n\nWait, let me check the second number again. It is 7. So 7 it is.\n\n", count: 40),
        String(repeating: "法国的首都是巴黎，巴黎是法国的首都，", count: 200),
        "A good beginning, that says something.\n\n"
            + String(repeating: "- The quick brown fox jumps over the dog\n", count: 80),
        "```python\n" + String(repeating: "    value = compute_the_next_value(value)\n", count: 200),
        String(repeating: "=", count: 9000),
    ]

    @Test("notices a reply that goes round in circles", arguments: loops)
    func notices(text: String) {
        let found = loop(in: text)
        #expect(found.loop != nil && found.loop?.sample.isEmpty == false)
        #expect(found.at < text.count)
        #expect(loop(in: text, piece: 1).at <= found.at)
    }

    static let innocent: [String] = [
        (1...200).map {
            "\($0). Item number \($0) of the list costs \($0 * 7) euros and weighs \($0 * 3 % 17) kilograms\n"
        }.joined(),
        (1...120).map {
            "- **Town \($0 * 7919 % 1009)** is a town in the north of the country with \($0 * 311) people.\n"
        }.joined(),
        "```swift\n" + (1...150).map { "    case value\($0): return \"name\($0)\"\n" }.joined() + "```\n",
        "| a | b | c |\n|---|---|---|\n" + String(repeating: "| 0 | 0 | 0 |\n", count: 200),
        String(repeating: "  /\\_/\\   /\\_/\\\n ( o.o ) ( o.o )\n  > ^ <   > ^ <\n", count: 25),
        (1...80).map { "第\($0)章讲的是第\($0 * 37 % 101)个故事，主人公在\($0 * 13 % 31)日离开了家。\n" }.joined(),
        String(repeating: "-", count: 400) + "\n",
        "Row, row, row your boat, gently down the stream. "
            + String(repeating: "Merrily, merrily, life is but a dream. ", count: 4),
    ]

    @Test("leaves lists, tables, code, drawings and Chinese alone", arguments: innocent)
    func leaves(text: String) {
        let found = loop(in: text)
        #expect(found.loop == nil, "\(found.loop?.sample ?? "") at \(found.at)")
    }

    @Test("tells a loop once")
    func once() {
        var guardian = RepetitionGuard()
        let found = Self.loops[0].map { guardian.add(String($0)) }.compactMap { $0 }
        #expect(found.count == 1 && guardian.loop == found.first)
    }
}
