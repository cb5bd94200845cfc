public import Conversation

/// The application as a value: everything that the screen shows and that the next key depends on.
///
/// It is changed by `handle(_:at:)` only, which returns what must be done outside. It holds no clock, no descriptor and no
/// library's object, so a test drives it by typing keys and feeding replies.
public struct SessionState: Sendable, Equatable {
    /// The conversation on the screen; the answer that is streamed is its last assistant message.
    public internal(set) var conversation: Conversation
    /// What is being written, with the attachments that wait.
    public internal(set) var composer: Composer
    /// The engine: looked for, being started, ready or missing.
    public internal(set) var engine: EngineStatus
    /// Whether the next request asks the engine to think first.
    public internal(set) var isThinkingOn: Bool
    /// The reply that is awaited or streamed.
    public internal(set) var reply: ReplyInProgress?
    /// Which part of the transcript is shown.
    public internal(set) var scroll: ScrollPosition
    /// How much reasoning is shown.
    public internal(set) var reasoningFold: ReasoningFold
    /// What is open on top of the transcript.
    public internal(set) var overlay: Overlay?
    /// A sentence about what went wrong or what was done, until the next key that does something.
    public internal(set) var notice: Notice?
    /// What the message that is being written will cost; nil until that is known.
    public internal(set) var cost: MessageCost?
    /// Whether another Scry has this conversation open, so that nothing can be asked here.
    public internal(set) var isOpenElsewhere: Bool
    /// What is done in the transcript; nil while the keys go to the composer.
    public internal(set) var reading: Reading?
    /// The search in the conversation.
    public internal(set) var find: Find?
    /// What the composer is used for beside asking.
    public internal(set) var editing: Editing?
    /// The messages that have other versions, by their id.
    public internal(set) var variants: [Message.ID: Variants]
    /// The message that was looked for, while it is marked.
    public internal(set) var pointed: PointedMessage?
    /// What must be brought onto the screen, until `.scrolled` has done so.
    public internal(set) var sight: Sight?
    /// Stored pictures, by their SHA-256, that are not kept any more.
    public internal(set) var missingMedia: Set<String>
    /// Stored pictures, by their SHA-256, that cannot be drawn.
    public internal(set) var unreadableMedia: Set<String>
    /// What the mouse has selected in the transcript.
    public internal(set) var selection: TranscriptSelection?
    /// What could be meant by what is being typed.
    public internal(set) var completion: Completion?
    /// The themes that there are; empty until somebody has asked for them.
    var themeNames: [String] = []
    /// The recording that runs.
    public internal(set) var recording: RecordingStatus?
    /// Pictures and files that were asked for and have not come yet.
    public internal(set) var pendingAttachments: Int
    /// What was sent from this program, newest last, for Up in the composer.
    public internal(set) var sentTexts: [String]
    /// When the last event came; the views' only clock.
    public internal(set) var now: SessionTime
    /// The person's settings that the session needs.
    public var settings: SessionSettings

    /// When Ctrl+C was pressed with nothing left to stop or clear.
    var lastInterrupt: Double?
    /// Where Up has gone back to in `sentTexts`; nil when the draft is shown.
    var recalledText: Int?
    /// The draft that Up put aside.
    var asideDraft: Composer
    /// What was being written before something was edited.
    var draftAside: Composer
    /// Where what was being completed began that the person has closed, in UTF-8 bytes.
    var dismissedCompletion: Int?
    /// The commands that were used last, the newest first.
    var recentCommands: [Command]
    /// Counts the places that are kept for attachments.
    var lastTicket: Int
    /// When the streamed answer was last stored (uptime).
    var lastCheckpoint: Double
    /// Whether more of it has come since.
    var hasUnstoredPieces = false
    /// Counts replies, so that what an old one still delivers is recognised.
    var lastTurn: Int
    /// Counts what is written, so that an old cost is recognised.
    var costTicket: Int
    /// The context lengths that engines turned out to have.
    var learned: [LearnedLength]
    /// What was last said to be left out of requests.
    var lastOmission: String?

    /// Starts a session with an empty conversation.
    public init(settings: SessionSettings = SessionSettings(), now: SessionTime) {
        conversation = Conversation(createdAt: now.date)
        composer = Composer()
        engine = .searching
        isThinkingOn = settings.startsThinking
        reply = nil
        scroll = .following
        reasoningFold = .automatic
        overlay = nil
        notice = nil
        cost = nil
        isOpenElsewhere = false
        reading = nil
        find = nil
        editing = nil
        variants = [:]
        draftAside = Composer()
        pointed = nil
        sight = nil
        missingMedia = []
        unreadableMedia = []
        recording = nil
        pendingAttachments = 0
        sentTexts = []
        self.now = now
        self.settings = settings
        lastInterrupt = nil
        recalledText = nil
        asideDraft = Composer()
        selection = nil
        completion = nil
        dismissedCompletion = nil
        recentCommands = []
        lastTicket = 0
        lastTurn = 0
        costTicket = 0
        learned = []
        lastOmission = nil
        lastCheckpoint = 0
    }

    /// When what has come of an answer must be stored (uptime), by a `.ticked` if nothing else happens; nil while all is.
    ///
    /// An engine may say a few words and think for a minute: they are not to wait for the next one.
    public var checkpointTime: Double? {
        reply != nil && hasUnstoredPieces ? lastCheckpoint + Self.checkpointSeconds : nil
    }

    /// Whether something on the screen counts seconds, so that `.ticked` should come once a second.
    public var countsSeconds: Bool { reply != nil || recording != nil || pointed != nil }

    /// Shows another part of the transcript.
    public mutating func move(to position: ScrollPosition) { scroll = position }

    /// The model that the next request goes to, when an engine is ready.
    public var model: ModelProfile? {
        guard case .ready(let profile, let name) = engine else { return nil }
        return profile.models.first { $0.id == name } ?? ModelProfile(id: name)
    }

    /// Tokens of the context that the last exchange filled, request and reply.
    public var contextUsed: Int? {
        conversation.messages.last { $0.usage != nil }?.usage.map { $0.promptTokens + $0.completionTokens }
    }
}
