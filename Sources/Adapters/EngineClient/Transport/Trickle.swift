/// Decides whether bytes that come one by one are left in their socket for a moment, to be taken together.
///
/// Waking the thread and its readers for every token of a fast reply would cost more than everything that is done with the
/// token. What comes after a quiet time is handed on at once, and so is whatever comes slower than people see, or in quantity.
struct Trickle {
    /// How long bytes are left waiting where nobody says otherwise.
    static let pace = Duration.milliseconds(4)
    /// Bytes that are worth waking up for.
    static let plenty = 8192

    /// How many pauses make sure that a reply is fast, and after how many it is looked whether it still is.
    private static let proof = 2
    private static let probe = 16

    /// How long bytes are left waiting; twice that where every pause ends with bytes that wait, so that no token is shown by
    /// itself anyway.
    let pace: Duration
    private var lastDelivery: ContinuousClock.Instant?
    /// How many looks in a row found bytes right after a pause.
    private var crowdedCount = 0

    private var isFast: Bool { crowdedCount > Self.proof && !crowdedCount.isMultiple(of: Self.probe) }
    private var wait: Duration { isFast ? pace * 2 : pace }

    init(pace: Duration = Trickle.pace) { self.pace = pace }

    /// Takes what the last look brought.
    ///
    /// - Returns: How long after this look the next one is; nil where it is as soon as something comes.
    mutating func pause(byteCount: Int, at now: ContinuousClock.Instant) -> Duration? {
        guard byteCount > 0 else {
            crowdedCount = 0
            return nil
        }
        defer { lastDelivery = now }
        // What follows each other at least this far apart is never kept waiting.
        guard byteCount < Self.plenty, let lastDelivery, now - lastDelivery < wait + pace else {
            crowdedCount = 0
            return nil
        }
        crowdedCount += 1
        return wait
    }
}
