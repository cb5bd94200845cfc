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
        /// Several questions make one reply: what is being done, and how far that is (0…1) where that is known.
        case working(step: String, fraction: Double?)
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
    /// Whether a recording is told part by part.
    var isSummary = false
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
    /// What is at this place of the message is the topmost line on the screen, whatever arrives, folds or is resized.
    case anchored(message: Message.ID, place: MessagePoint)
}

/// A place in a message, named by its source: it stays the same however wide the screen is.
public struct MessagePoint: Sendable, Equatable, Comparable {
    /// The parts of a message, from the top.
    public enum Section: Int, Sendable, Comparable {
        /// What is attached, and what is said about the message.
        case head
        /// The thoughts.
        case reasoning
        /// The words.
        case words
        /// How it ended.
        case end

        /// Whether one part is above another.
        public static func < (left: Section, right: Section) -> Bool { left.rawValue < right.rawValue }
    }

    /// The part of the message.
    public var section: Section
    /// The line of the part's text, from nought.
    public var line: Int
    /// How far into what is shown of that line, in UTF-8 bytes.
    public var offset: Int

    /// Makes a place.
    public init(_ section: Section, line: Int, offset: Int = 0) {
        self.section = section
        self.line = line
        self.offset = offset
    }

    /// The top of every message.
    public static let top = MessagePoint(.head, line: 0)

    /// Whether one place is above another.
    public static func < (left: MessagePoint, right: MessagePoint) -> Bool {
        (left.section.rawValue, left.line, left.offset) < (right.section.rawValue, right.line, right.offset)
    }
}

/// Something that must be on the screen; who knows the layout says where that is.
public struct Sight: Sendable, Equatable {
    /// The message.
    public var message: Message.ID
    /// The place in it; nil for the message as a whole, from its top.
    public var place: MessagePoint?

    /// Makes a wish to see something.
    public init(message: Message.ID, place: MessagePoint?) {
        self.message = message
        self.place = place
    }
}

/// A message that is marked because it was looked for.
public struct PointedMessage: Sendable, Equatable {
    /// The message.
    public var message: Message.ID
    /// Until when it is marked (uptime).
    public var until: Double
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
    /// Old conversations, and the search through them.
    case chats(ChatMenu)
    /// Engines and models to choose from.
    case engines(EngineMenu)
    /// Themes to choose from.
    case themes(ThemeMenu)
    /// A picture on the whole screen.
    case picture(PictureViewing)
    /// The frames of a recording, those that go and those that do not.
    case frames(FrameSheet)
    /// Every command.
    case palette(PaletteMenu)
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
    /// Frames that came faster than they could be written.
    public var dropped = 0
    /// Whether it has been stopped and its frames are being chosen.
    public var isFinishing = false
    /// Since when it is paused (uptime); nil while it runs.
    public var pausedAt: Double?
    /// Seconds of earlier pauses.
    public var pausedSeconds = 0.0

    /// How many seconds are recorded at a time (uptime), without the pauses.
    public func seconds(at uptime: Double) -> Double {
        max(0, min(uptime, pausedAt ?? uptime) - startedAt - pausedSeconds)
    }
}
