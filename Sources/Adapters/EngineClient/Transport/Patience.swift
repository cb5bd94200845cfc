/// How long a transfer may bring nothing.
struct Patience: Sendable, Equatable {
    /// The longest wait; nil waits for ever.
    var limit: Duration?
    /// From when it counts; nil counts from when bytes last moved in either direction.
    var since: ContinuousClock.Instant?

    /// Whether it ends before another.
    func isShorter(than other: Patience) -> Bool {
        guard let limit else { return false }
        return other.limit.map { limit < $0 } ?? true
    }
}
