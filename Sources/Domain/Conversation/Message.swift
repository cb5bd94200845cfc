public import FoundationEssentials

/// One turn of a conversation.
public struct Message: Sendable, Equatable, Codable, Identifiable {
    /// Who said it.
    public enum Role: String, Sendable, Codable {
        case user
        case assistant
    }

    /// How the turn ended, or that it has not.
    public enum Outcome: Sendable, Equatable, Codable {
        /// Said in full.
        case complete
        /// An answer that is still being streamed; found at start-up, it means that the program died in the middle.
        case streaming
        /// A message that waits for the answer before it, or for an engine.
        case queued
        /// The person stopped the answer; what came is kept.
        case stopped
        /// The engine reached its token limit.
        case cutByLength
        /// The program ended in the middle of the answer.
        case interrupted
        /// The engine failed; the sentence says what to do.
        case failed(String)
    }

    /// Names the message for good: a lower-case UUID.
    public let id: String
    /// Who said it.
    public let role: Role
    /// What it is made of, in order.
    public var parts: [Part]
    /// When it was begun.
    public let createdAt: Date
    /// How it ended.
    public var outcome: Outcome
    /// The engine that answered (its name, never its key); nil for a person's message.
    public var engine: String?
    /// The model that answered.
    public var model: String?
    /// The tokens that the engine counted.
    public var usage: Usage?
    /// How long the answer took.
    public var timing: Timing?
    /// What the person thinks of the answer; nil when they have not said.
    public var mark: Mark?

    /// Makes a message of parts.
    public init(
        id: String = UUID().uuidString.lowercased(), role: Role, parts: [Part], createdAt: Date,
        outcome: Outcome = .complete, engine: String? = nil, model: String? = nil, usage: Usage? = nil,
        timing: Timing? = nil, mark: Mark? = nil
    ) {
        self.id = id
        self.role = role
        self.parts = parts
        self.createdAt = createdAt
        self.outcome = outcome
        self.engine = engine
        self.model = model
        self.usage = usage
        self.timing = timing
        self.mark = mark
    }

    /// The words of the question or the answer, without reasoning and attachments.
    public var text: String {
        var joined = ""
        for case .text(let text) in parts { joined += text }
        return joined
    }

    /// The reasoning that came before the answer, or nil.
    public var reasoning: Reasoning? {
        for case .reasoning(let reasoning) in parts { return reasoning }
        return nil
    }

    /// The pictures, recordings and texts that go with the words, in order.
    public var attachments: [Attachment] {
        parts.compactMap { if case .attachment(let attachment) = $0 { attachment } else { nil } }
    }
}

/// A piece of a message.
public enum Part: Sendable, Equatable, Codable {
    /// Words: of a person as typed, of an engine as Markdown.
    case text(String)
    /// What the engine thought before it answered; never sent back to an engine.
    case reasoning(Reasoning)
    /// A picture, a recording or a text that the person attached.
    case attachment(Attachment)
}

/// What an engine thought before it answered.
public struct Reasoning: Sendable, Equatable, Codable {
    /// The thoughts, as they came.
    public var text: String
    /// How long the thinking took, in seconds; nil while it goes on.
    public var seconds: Double?
    /// About how many tokens it was when it was ended for the sake of an answer; nil where the engine ended it itself.
    public var cutAt: Int?

    /// Makes reasoning of text.
    public init(text: String, seconds: Double? = nil, cutAt: Int? = nil) {
        self.text = text
        self.seconds = seconds
        self.cutAt = cutAt
    }
}

/// The tokens of one exchange, as the engine counted them.
public struct Usage: Sendable, Equatable, Codable {
    /// Tokens of the request: words and pictures.
    public var promptTokens: Int
    /// Tokens of the reply, reasoning included.
    public var completionTokens: Int
    /// Tokens of the request that the engine still had in its cache.
    public var cachedTokens: Int?
    /// Tokens of the reply that were reasoning, where the engine says so.
    public var reasoningTokens: Int?
    /// Tokens generated a second, where the engine reports it.
    public var tokensPerSecond: Double?
    /// Seconds that the engine took to read the request, where it reports it.
    public var prefillSeconds: Double?

    /// Makes a usage report.
    public init(
        promptTokens: Int, completionTokens: Int, cachedTokens: Int? = nil, reasoningTokens: Int? = nil,
        tokensPerSecond: Double? = nil, prefillSeconds: Double? = nil
    ) {
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
        self.cachedTokens = cachedTokens
        self.reasoningTokens = reasoningTokens
        self.tokensPerSecond = tokensPerSecond
        self.prefillSeconds = prefillSeconds
    }
}

/// How long an answer took, in seconds from the moment that it was asked for.
public struct Timing: Sendable, Equatable, Codable {
    /// Until the first token, of reasoning or answer.
    public var firstToken: Double?
    /// Until the end.
    public var total: Double?

    /// Makes a timing.
    public init(firstToken: Double? = nil, total: Double? = nil) {
        self.firstToken = firstToken
        self.total = total
    }
}
