/// Counts how often an engine was asked, and says how long to wait before the next time.
struct Retries {
    private let policy: RetryPolicy
    private let begun: ContinuousClock.Instant
    /// How often the engine was asked again.
    private(set) var count = 0
    /// How many of these times are counted against the limit.
    private var spent = 0

    init(policy: RetryPolicy, at now: ContinuousClock.Instant = .now) {
        self.policy = policy
        begun = now
    }

    /// The pause before asking again; nil when enough is enough.
    mutating func pause(for chance: RetryChance, at now: ContinuousClock.Instant = .now) -> Duration? {
        var pause: Duration
        var total = policy.totalTime
        switch chance {
        case .loading:
            pause = backOff(count)
            total = policy.loadingTime
        case .soon, .after:
            guard spent < policy.limit else { return nil }
            pause = backOff(spent)
            // An engine that says "at once" is not asked in a tight circle.
            if case .after(let wanted, _) = chance { pause = max(wanted, pause) }
        }
        guard now - begun + pause <= total else { return nil }
        count += 1
        if case .loading = chance { return pause }
        spent += 1
        return pause
    }

    private func backOff(_ times: Int) -> Duration {
        min(policy.longestPause, policy.firstPause * (1 << min(times, 20)))
    }
}
