/// Decides whether bytes that come one by one are left in their socket for a moment, to be taken together.
///
/// Waking the thread and its readers for every token of a fast reply would cost more than everything that is done with the
/// token. What comes after a quiet time is handed on at once, and so is whatever comes slower than people see, or in quantity.
struct Trickle {
    /// Bytes that follow each other at least this far apart are never kept waiting.
    static let gap = Duration.milliseconds(8)
    /// The longest that bytes are left waiting.
    static let pause = Duration.milliseconds(4)
    /// Bytes that are worth waking up for.
    static let plenty = 8192

    private var lastDelivery: ContinuousClock.Instant?

    /// Takes what the last look brought, and says whether the next look waits.
    mutating func gathers(byteCount: Int, at now: ContinuousClock.Instant) -> Bool {
        guard byteCount > 0 else { return false }
        defer { lastDelivery = now }
        guard byteCount < Self.plenty, let lastDelivery else { return false }
        return now - lastDelivery < Self.gap
    }
}
