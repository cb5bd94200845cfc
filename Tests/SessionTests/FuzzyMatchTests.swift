import Testing

@testable import Session

@Suite("Finding by a few letters")
struct FuzzyMatchTests {
    @Test(
        "starts, words and letters in a row come first",
        arguments: [
            ("nc", ["once", "new chat"], "new chat"), ("re", ["core", "record", "are"], "record"),
            ("st", ["last", "scat", "stop"], "stop"), ("think", ["rethink", "think", "thinking"], "think"),
            ("世", ["hello 世界", "世界"], "世界"), ("cM", ["recamera", "copyMessage"], "copyMessage"),
        ])
    func best(letters: String, names: [String], expected: String) {
        #expect(names.ranked(by: letters) { [$0] }.first == expected)
    }

    @Test("all letters must be there, in their order; equal ones stay in theirs")
    func misses() {
        #expect(["abc", "cab"].ranked(by: "ac") { [$0] } == ["abc"])
        #expect(["x1", "x2", "x3"].ranked(by: "x") { [$0] } == ["x1", "x2", "x3"])
        #expect(["b", "a"].ranked(by: "") { [$0] } == ["b", "a"])
        #expect(FuzzyMatch.score("é", in: "cafe\u{301}") != nil)
        #expect(FuzzyMatch.score(String(repeating: "a", count: 500), in: String(repeating: "a", count: 5_000)) != nil)
    }
}
