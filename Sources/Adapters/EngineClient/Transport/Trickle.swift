/// Decides whether bytes that come one by one are left in their socket for a moment, to be taken together.
///
/// Waking the thread and its readers for every token of a fast reply would cost more than everything that is done with the
/// token. What comes after a quiet time is handed on at once, and so is whatever comes slower than people see, or in quantity.
struct Trickle {
    /// How long bytes are left waiting where nobody says otherwise.
    static let pace = Duration.milliseconds(4)
    /// Bytes that are worth waking up for.
    static let plenty = 8192

    /// The longest that bytes are left waiting.
    let pace: Duration
    private var lastDelivery: ContinuousClock.Instant?

    init(pace: Duration = Trickle.pace) { self.pace = pace }

    /// Takes what the last look brought.
    ///
    /// - Returns: How long after this look the next one is; nil where it is as soon as something comes.
    mutating func pause(byteCount: Int, at now: ContinuousClock.Instant) -> Duration? {
        guard byteCount > 0 else { return nil }
        defer { lastDelivery = now }
        // What follows each other at least this far apart is never kept waiting.
        guard byteCount < Self.plenty, let lastDelivery, now - lastDelivery < pace * 2 else { return nil }
        return pace
    }
}
