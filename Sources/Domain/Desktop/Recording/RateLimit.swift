/// Allows something at most so often on average, and lets it keep the rhythm of what it follows.
///
/// A fixed grid of times would miss frames of an application that paints as often as the grid ticks, but never quite
/// evenly. So one may come early, by half an interval, when the one before was late. Times are nanoseconds.
public struct RateLimit: Sendable {
    private let interval: UInt64
    /// When the next one is due, if all come as they should.
    private var due: UInt64 = 0

    /// Makes a limit of one in `interval` nanoseconds on average.
    public init(interval: UInt64) { self.interval = max(1, interval) }

    /// The first time, from `time` on, at which it is allowed.
    public func next(after time: UInt64) -> UInt64 {
        due > interval / 2 ? max(time, due - interval / 2) : time
    }

    /// Notes that it happened.
    public mutating func use(at time: UInt64) { due = max(time, due) + interval }
}
