import Conversation
import Session

/// What holds for the answers of one run: how long the thinking may be, and what the engine's context holds.
struct AnswerRules {
    var engine: EngineProfile
    var model: ModelProfile
    /// The most tokens of thinking; nil for any number.
    var thinkingBudget: Int?
    /// The most seconds of thinking; nil for any number.
    var thinkingSeconds: Int?
    /// Whether an answer that repeats itself is stopped.
    var stopsRepetition: Bool

    init(_ found: FoundEngine, _ configuration: Configuration) {
        engine = found.profile
        model = found.modelProfile
        thinkingBudget = configuration.thinkingBudget
        thinkingSeconds = configuration.thinkingSeconds
        stopsRepetition = configuration.stopsRepetition
    }

    /// What of a request fits into the engine's context, and what people are told of the rest.
    ///
    /// - Throws: `ReplyFailure` when the question alone is too long.
    func fitting(
        _ request: ChatRequest, correction: Double = 1
    ) throws(ReplyFailure) -> (request: ChatRequest, notice: String?) {
        let reserve = ContextFit.reserve(maxTokens: request.maxTokens)
        let fit = ContextFit.fit(request, for: model, reserve: reserve, correction: correction)
        guard fit.fits else {
            let limit = model.contextLength
            throw ReplyFailure(
                .contextTooLong(needed: nil, limit: limit), fit.sentence ?? "The question is too long for the engine.")
        }
        var request = request
        request.messages = fit.messages
        return (request, fit.sentence)
    }

    /// Whether the thinking is to be ended.
    func ends(_ thinking: ThinkingMeter, after seconds: Double) -> Bool {
        thinking.isSpent(
            budget: thinkingBudget, longest: thinkingSeconds, after: seconds, isLimited: engine.limitsThinking)
    }
}
