/// Counts what a request will cost, before it is sent.
public protocol TokenCounter: Sendable {
    /// Counts the tokens of a request: words, pictures, and what the engine's template adds.
    ///
    /// An engine that counts is asked; elsewhere, or when it does not answer in time, the count is an estimate.
    func count(_ request: ChatRequest) async -> TokenCount
}

/// The tokens of a request.
public struct TokenCount: Sendable, Equatable {
    /// Tokens of the whole request.
    public var total: Int
    /// Tokens of each of its messages, in order; their sum may be less than the total.
    public var perMessage: [Int]
    /// Whether the engine counted; an estimate otherwise.
    public var isExact: Bool

    /// Makes a count.
    public init(total: Int, perMessage: [Int], isExact: Bool) {
        self.total = total
        self.perMessage = perMessage
        self.isExact = isExact
    }
}
