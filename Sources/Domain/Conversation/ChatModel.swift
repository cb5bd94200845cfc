/// What is asked of an engine: the whole conversation up to a question, and how to answer.
public struct ChatRequest: Sendable, Equatable {
    /// The model's name; nil lets the engine choose.
    public var model: String?
    /// The system prompt; nil sends none.
    public var system: String?
    /// What was said, oldest first, ending with the question.
    public var messages: [Message]
    /// Whether the engine is asked to think before it answers.
    public var thinking: Bool
    /// Whether the engine sees pictures; when false, an attachment's recognized text goes in its place.
    public var sendsPictures: Bool
    /// Whether a recording goes as one video instead of as pictures with their times.
    public var sendsVideo: Bool
    /// The longest reply, in tokens; nil leaves it to the engine.
    public var maxTokens: Int?
    /// The sampling temperature; nil leaves it to the engine's default for the model.
    public var temperature: Double?
    /// The longest thinking, in tokens, where thinking is on; nil sets no bound.
    public var thinkingBudget: Int?
    /// What the reply has said already, when the engine is to go on from there; nil begins a new reply.
    public var continuing: ReplySoFar?
    /// The JSON schema that the answer is to match, as JSON; nil for an answer in words.
    public var schema: String?

    /// Makes a request.
    public init(
        model: String?, system: String? = nil, messages: [Message], thinking: Bool, sendsPictures: Bool = true,
        sendsVideo: Bool = false, maxTokens: Int? = nil, temperature: Double? = nil, thinkingBudget: Int? = nil,
        continuing: ReplySoFar? = nil, schema: String? = nil
    ) {
        self.model = model
        self.system = system
        self.messages = messages
        self.thinking = thinking
        self.sendsPictures = sendsPictures
        self.sendsVideo = sendsVideo
        self.maxTokens = maxTokens
        self.temperature = temperature
        self.thinkingBudget = thinkingBudget
        self.continuing = continuing
        self.schema = schema
    }
}

/// The beginning of a reply that an engine is asked to go on with: after a break, or because the thinking is to end now.
public struct ReplySoFar: Sendable, Equatable {
    /// What it thought.
    public var reasoning: String
    /// What it answered; empty when it was still thinking.
    public var answer: String
    /// Whether the thinking is over, so that the answer comes next; true whenever there is some answer.
    public var endsThinking: Bool

    /// Makes the beginning of a reply.
    public init(reasoning: String, answer: String, endsThinking: Bool) {
        self.reasoning = reasoning
        self.answer = answer
        self.endsThinking = endsThinking || !answer.isEmpty
    }
}

/// Something that answers: an engine on the wire, or a scripted one in a test.
public protocol ChatModel: Sendable {
    /// Asks, and streams the reply.
    ///
    /// The stream ends after `.finished`, or by throwing `ReplyFailure`. Ending the iteration, or cancelling the task that
    /// iterates, closes the connection, which makes the engine stop.
    func reply(to request: ChatRequest) -> AsyncThrowingStream<ReplyDelta, any Error>
}

/// A piece of a reply, as it arrives.
public enum ReplyDelta: Sendable, Equatable {
    /// The engine took the request and works through the prompt; tokens done and in all, where it says so.
    case prefill(done: Int, total: Int)
    /// The engine could not be had, nothing was said yet, and the request is sent once more after a pause.
    case retrying(attempt: Int, after: Double, because: String)
    /// More of the reasoning.
    case reasoning(String)
    /// More of the answer.
    case answer(String)
    /// The tokens used, normally once, near the end.
    case usage(Usage)
    /// The model that really answers, where it differs from what was asked for.
    case model(String)
    /// The end.
    case finished(FinishReason)
}

/// Why a reply ended.
public enum FinishReason: Sendable, Equatable {
    /// The engine had said everything.
    case stop
    /// The token limit or the context's end was reached.
    case length
    /// The service's filter cut it.
    case filtered
    /// Another reason, in the engine's word.
    case other(String)

    /// The word of the wire: "stop", "length", "content_filter" and so on.
    public var name: String {
        switch self {
        case .stop: "stop"
        case .length: "length"
        case .filtered: "content_filter"
        case .other(let word): word
        }
    }
}
