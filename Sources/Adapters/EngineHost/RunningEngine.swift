public import Conversation

/// An engine of Scry's own that answers.
public struct RunningEngine: Sendable, Equatable {
    /// What is known of it; its name is "own".
    public var profile: EngineProfile
    /// The key to send as a bearer token; nil on a socket, which needs none.
    public var key: String?
    /// The engine's process.
    public var processID: Int32
    /// Whether another Scry started it; that one also stops it.
    public var isShared: Bool

    init(profile: EngineProfile, key: String?, processID: Int32, isShared: Bool) {
        self.profile = profile
        self.key = key
        self.processID = processID
        self.isShared = isShared
    }
}

/// What happens to Scry's own engine after it was started.
public enum EngineHostEvent: Sendable, Equatable {
    /// It answers for the first time.
    case ready(RunningEngine)
    /// It ended without being asked to and is being started again; the sentence says how it ended.
    case restarting(String)
    /// It answers again; address and key may have changed.
    case restarted(RunningEngine)
    /// It ended and is not started again; the sentence says how and what to do.
    case died(String)
}
