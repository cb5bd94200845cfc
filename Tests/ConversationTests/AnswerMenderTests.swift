import Conversation
import Testing

@Suite struct AnswerMenderTests {
    static let folded: [(String, String)] = [
        ("It is Paris, the capital.\n\nIt is Paris, the capital.", "It is Paris, the capital."),
        ("So 2 + 2 = 4.\n\n**4**", "So 2 + 2 = 4."),
        ("The answer is **4**.\n\n**4**", "The answer is **4**."),
        (
            "One.\n\nThe picture shows a red circle.\n\nOne.\n\nThe picture shows a red circle.",
            "One.\n\nThe picture shows a red circle."
        ),
        ("Paris.\n\nFinal answer: Paris", "Paris."),
        ("巴黎是首都。\n\n答案：巴黎是首都", "巴黎是首都。"),
    ]

    @Test("folds what is said twice", arguments: folded)
    func folds(answer: String, expected: String) { #expect(AnswerMender.folded(answer) == expected) }

    static let kept = [
        "", "4", "It is 14.\n\n**4**", "First.\n\nSecond.", "```\na\n```\n\n```\na\n```", "- a\n\n- a",
        "A: **4** of them.\n\n**5**", "Hello.\n\n**Note:** mind the gap.", "x\n\n\n",
    ]

    @Test("keeps what only looks alike", arguments: kept)
    func keeps(answer: String) { #expect(AnswerMender.folded(answer) == answer) }
}
