public import Conversation

/// What is known of the engine.
public enum EngineStatus: Sendable, Equatable {
    /// The known places are being asked.
    case searching
    /// Scry's own engine is being fetched or started; the step is a phrase, the fraction is 0…1 or unknown.
    case preparing(step: String, fraction: Double?)
    /// A model could be fetched, if the person agrees.
    case offering(EngineOffer)
    /// It answers; requests go to this model.
    case ready(EngineProfile, model: String)
    /// There is none; the sentence says what to do.
    case unavailable(String)
}

/// A model that Scry would fetch for its own engine.
public struct EngineOffer: Sendable, Equatable {
    /// What people call it.
    public var name: String
    /// How much would be fetched, in bytes.
    public var byteCount: Int64
    /// Its licence.
    public var licence: String
    /// What is used when the person declines.
    public var alternative: String

    /// Makes an offer.
    public init(name: String, byteCount: Int64, licence: String, alternative: String) {
        self.name = name
        self.byteCount = byteCount
        self.licence = licence
        self.alternative = alternative
    }
}

/// A reply that is awaited or streamed.
public struct ReplyInProgress: Sendable, Equatable {
    /// What the engine is doing, as far as can be told.
    public enum Phase: Sendable, Equatable {
        /// The pictures are being made ready.
        case preparing
        /// The request is sent, nothing came yet.
        case waiting
        /// The engine reads the prompt.
        case prefill(done: Int, total: Int)
        /// The engine could not be had; the request goes out again at this moment (uptime).
        case retrying(attempt: Int, at: Double, because: String)
        /// Reasoning or answer arrives.
        case streaming
    }

    /// Which reply of the session it is.
    public var turn: Int
    /// The answer's message.
    public var messageID: Message.ID
    /// The question's message.
    public var questionID: Message.ID
    /// The engine that is asked.
    public var engine: EngineID
    /// When the question was sent (uptime).
    public var startedAt: Double
    /// What the engine is doing.
    public var phase: Phase
    /// Pieces that arrived, about one a token.
    public var pieces = 0
    /// About how many tokens of reasoning have arrived.
    public var reasoningTokens: Int { thinking.tokens }

    var thinking = ThinkingMeter()
    /// Where the reply goes on from; nil when it begins anew.
    var continuing: ReplySoFar?
    /// What the request was estimated at when it went out.
    var estimate = 0
    /// Whether the engine has refused it for its length, and was asked once more.
    var isShortened = false
    /// Looks out for a reply that goes round in circles.
    var watch = ReplyWatch()
}

/// What the message that is being written will cost.
public struct MessageCost: Sendable, Equatable {
    /// Tokens of the message alone.
    public var message: Int
    /// Tokens of the request: the message and what was said before it.
    public var request: Int
    /// Tokens that fit into the engine's context; nil where it does not say.
    public var limit: Int?
    /// Tokens of the context that are kept for the reply.
    public var reserve: Int
    /// Whether the engine counted; an estimate otherwise.
    public var isExact: Bool

    /// Whether all of the conversation goes with the message.
    public var fits: Bool { limit.map { request + reserve <= $0 } ?? true }
    /// Whether the message cannot go, even alone.
    public var isTooLong: Bool { limit.map { message + reserve > $0 } ?? false }
}

/// Which part of the transcript is shown.
public enum ScrollPosition: Sendable, Equatable {
    /// The end, also when more arrives.
    case following
    /// The given line of the message's layout is the topmost one on the screen, whatever arrives below.
    case anchored(message: Message.ID, line: Int)
}

/// How much reasoning is shown.
public enum ReasoningFold: Sendable, Equatable {
    /// Open while the engine thinks, folded when the answer begins.
    case automatic
    /// Always open.
    case open
    /// Always folded.
    case folded
}

/// What is open on top of the transcript.
public enum Overlay: Sendable, Equatable {
    /// The map of the keys; the first line shown.
    case help(top: Int)
    /// Old conversations, newest first; which one is chosen. The list is nil while it is read.
    case chats([ChatSummary]?, selected: Int)
    /// Engines and models to choose from.
    case engines(EngineMenu)
}

/// A sentence for the person.
public struct Notice: Sendable, Equatable {
    /// How it is shown.
    public enum Kind: Sendable, Equatable {
        /// Something was done.
        case information
        /// Something went wrong.
        case problem
    }

    /// How it is shown.
    public var kind: Kind
    /// The sentence.
    public var text: String

    /// Makes a notice.
    public init(_ kind: Kind, _ text: String) {
        self.kind = kind
        self.text = text
    }
}

/// A recording that runs.
public struct RecordingStatus: Sendable, Equatable {
    /// When it was asked for (uptime).
    public var startedAt: Double
    /// Frames written.
    public var frames: Int
    /// Bytes written.
    public var byteCount: Int
    /// Whether it has been stopped and its frames are being chosen.
    public var isFinishing: Bool
}
