/// How often and how long an engine that cannot be had at the moment is asked again.
///
/// Only what was refused before a word was said is asked again: nothing listens, too many requests, a server in front of an
/// engine that is being restarted, a model that is being loaded.
public struct RetryPolicy: Sendable, Equatable {
    /// How often it is asked again.
    public var limit: Int
    /// The first pause; each one after it is twice as long.
    public var firstPause: Duration
    /// The longest pause, unless the engine names another.
    public var longestPause: Duration
    /// How long all of it takes at most.
    public var totalTime: Duration
    /// How long a model may load, however often that takes to ask.
    public var loadingTime: Duration

    /// Makes a policy.
    public init(
        limit: Int = 5, firstPause: Duration = .milliseconds(500), longestPause: Duration = .seconds(8),
        totalTime: Duration = .seconds(60), loadingTime: Duration = .seconds(600)
    ) {
        self.limit = limit
        self.firstPause = firstPause
        self.longestPause = longestPause
        self.totalTime = totalTime
        self.loadingTime = loadingTime
    }

    /// Asks once.
    public static let never = RetryPolicy(limit: 0, loadingTime: .zero)
}
