/// How long an engine may take, each for its own reason.
public struct ReplyLimits: Sendable, Equatable {
    /// For taking the connection.
    public var connecting: Duration
    /// For the first word, which a large model on a slow machine takes minutes to find.
    ///
    /// Whatever the engine says about its progress begins the wait anew, and a mere sign of life does not.
    public var firstWord: Duration
    /// For going on after the first word.
    public var silence: Duration

    /// Makes limits.
    public init(
        connecting: Duration = .seconds(10), firstWord: Duration = .seconds(600), silence: Duration = .seconds(120)
    ) {
        self.connecting = connecting
        self.firstWord = firstWord
        self.silence = silence
    }
}
