/// What can be said of Scry's own engine while it runs or is being started.
public struct EngineStatus: Sendable, Equatable {
    /// The engine; nil while it does not answer yet.
    public var engine: RunningEngine?
    /// The program that started it.
    public var owner: Int32
    /// Whether it runs on its own, and not only as long as a chat or a question does.
    public var isKept: Bool
    /// The engine's process; nil while it is being installed.
    public var processID: Int32?
    /// The memory that it holds, in bytes.
    public var residentBytes: Int?
    /// When it answered first, in seconds since 1970.
    public var since: Double?
    /// What it says while it runs.
    public var log: String

    init(owner: Int32, isKept: Bool, log: String) {
        self.owner = owner
        self.isKept = isKept
        self.log = log
    }
}
