/// What an engine's refusal of a request tells: how much it holds, and how it counts.
public struct ContextMeasure: Sendable, Equatable {
    /// The tokens of its context.
    public var length: Int
    /// What estimates are to be multiplied with.
    public var correction: Double

    /// No estimate is so far off; an engine that says so counts something else.
    private static let largestCorrection = 4.0

    /// Reads a refusal; nil where it tells nothing.
    ///
    /// - Parameters:
    ///   - needed: What the engine counted.
    ///   - limit: How much it says that it holds.
    ///   - known: How much it was taken to hold.
    ///   - estimate: What was expected of the request, in tokens.
    public init?(needed: Int?, limit: Int?, known: Int?, estimate: Int) {
        guard let length = limit ?? known ?? needed.map({ $0 / 4 * 3 }) else { return nil }
        self.length = length
        // Without the engine's count, what was sent is taken to be a quarter more than was estimated.
        let factor = needed.map { Double($0) / Double(max(1, estimate)) } ?? 1.25
        correction = min(max(1, factor), Self.largestCorrection)
    }
}
