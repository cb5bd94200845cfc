/// What the configuration says to the session.
public struct SessionSettings: Sendable, Equatable {
    /// Whether thinking is on at the start.
    public var startsThinking: Bool
    /// The system prompt; nil leaves it to the engine's dialect.
    public var system: String?
    /// The longest reply, in tokens.
    public var maxTokens: Int?
    /// The sampling temperature.
    public var temperature: Double?
    /// After how many tokens the thinking is ended and the answer asked for; nil for never.
    public var thinkingBudget: Int?
    /// After how many seconds the thinking is ended and the answer asked for; nil for never.
    public var thinkingSeconds: Int?
    /// Whether a reply that repeats itself is stopped; else the person is told, and decides.
    public var stopsRepetition: Bool
    /// The names of the engines that the person has written down.
    public var engineNames: [String] = []
    /// Pastes of more lines than this, or of as many characters as so many lines have, are folded; nil for never.
    public var foldedPasteLines: Int? = 8

    /// Makes settings.
    public init(
        startsThinking: Bool = true, system: String? = nil, maxTokens: Int? = nil, temperature: Double? = nil,
        thinkingBudget: Int? = nil, thinkingSeconds: Int? = nil, stopsRepetition: Bool = false
    ) {
        self.startsThinking = startsThinking
        self.system = system
        self.maxTokens = maxTokens
        self.temperature = temperature
        self.thinkingBudget = thinkingBudget
        self.thinkingSeconds = thinkingSeconds
        self.stopsRepetition = stopsRepetition
    }
}
