public import Conversation

/// Counts what a reply thinks, and says when that is as much as it is allowed.
public struct ThinkingMeter: Sendable, Equatable {
    /// About how many tokens of reasoning have arrived.
    public var tokens: Int { max(pieces, bytes / 4) }

    private var pieces = 0
    private var bytes = 0

    /// Begins at nothing.
    public init() {}

    /// Takes a piece of the reasoning.
    public mutating func add(_ piece: String) {
        pieces += 1
        bytes += piece.utf8.count
    }

    /// Whether the thinking has used up what it is allowed.
    ///
    /// - Parameters:
    ///   - budget: The most tokens; nil for any number.
    ///   - longest: The most seconds; nil for any number.
    ///   - seconds: How long it has thought.
    ///   - isLimited: Whether the engine keeps to the budget itself: it counts better than is counted here, and is let by.
    public func isSpent(budget: Int?, longest: Int?, after seconds: Double, isLimited: Bool) -> Bool {
        if let budget, tokens >= (isLimited ? budget * 2 : budget) { return true }
        return longest.map { seconds >= Double($0) } ?? false
    }

    /// What people are told when the thinking is ended.
    public var notice: String { "The thinking was cut at \(tokens) tokens; the answer is asked for." }
}

extension Message {
    /// Notes that the thinking was ended, and returns what the engine is to go on from to its answer.
    public mutating func endThinking(at tokens: Int, after seconds: Double) -> ReplySoFar {
        changeReasoning { reasoning in
            reasoning.seconds = seconds
            reasoning.cutAt = tokens
        }
        return ReplySoFar(reasoning: reasoning?.text ?? "", answer: "", endsThinking: true)
    }

    /// Whether an engine that streams this message is thinking at this moment.
    public var isThinking: Bool { reasoning.map { $0.seconds == nil } ?? false }
}
