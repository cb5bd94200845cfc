public import FoundationEssentials

/// A moment, as the event loop stamps it on an event.
public struct SessionTime: Sendable, Equatable {
    /// Seconds of a clock that never goes back.
    public var uptime: Double
    /// The wall clock.
    public var date: Date

    /// Makes a moment.
    public init(uptime: Double, date: Date) {
        self.uptime = uptime
        self.date = date
    }
}
