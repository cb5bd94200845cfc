/// What a person thinks of an answer: the ground truth of training data that is made from chats.
public struct Mark: Sendable, Equatable, Codable {
    /// Whether an answer is one to learn from.
    public enum Verdict: String, Sendable, Codable {
        case good
        case bad
    }

    /// Good or bad; nil when the person only corrected it.
    public var verdict: Verdict?
    /// What the answer should have been, in the person's words.
    public var correction: String?

    /// Makes a mark.
    public init(_ verdict: Verdict? = nil, correction: String? = nil) {
        self.verdict = verdict
        self.correction = correction
    }

    /// Whether it says nothing.
    public var isEmpty: Bool { verdict == nil && correction == nil }
}
