/// Which frames of a recording are shown, and at what size, for a number of tokens.
///
/// Text that cannot be read is worth nothing: rather than shrink frames below half their sides, or below 800 pixels along
/// the longer one, the plan shows fewer of them. The first and the last are always shown.
public struct EvidencePlan: Sendable, Equatable {
    /// A frame that is shown.
    public struct Choice: Sendable, Equatable {
        /// When it appeared, in seconds since the recording began.
        public var time: Double
        /// Why it is shown.
        public var why: Candidate.Reason

        /// Makes a choice.
        public init(time: Double, why: Candidate.Reason) {
            self.time = time
            self.why = why
        }
    }

    /// The frames, in order of time.
    public let frames: [Choice]
    /// The width at which each is shown.
    public let width: Int
    /// The height at which each is shown.
    public let height: Int
    /// What all frames cost together.
    public let tokens: Int

    /// Chooses among candidates.
    ///
    /// - Parameters:
    ///   - candidates: in order of time.
    ///   - frameWidth: the recording's width.
    ///   - frameHeight: the recording's height.
    ///   - tokens: what all frames together may cost. Only when not even the first and the last fit legibly they are made
    ///     smaller than legible, and only when they do not fit at one cell each the plan costs more.
    ///   - labelTokens: what the words that go with each frame cost.
    ///   - maximumCount: how many frames the engine takes at most.
    public init(
        candidates: [Candidate], frameWidth: Int, frameHeight: Int, tokens: Int, budget: PixelBudget,
        labelTokens: Int = 0, maximumCount: Int = .max
    ) {
        guard !candidates.isEmpty, maximumCount > 0 else {
            (frames, width, height, self.tokens) = ([], 0, 0, 0)
            return
        }
        let legible = Self.legibleSize(width: frameWidth, height: frameHeight, budget: budget)
        let legibleCost = budget.tokens(width: legible.width, height: legible.height) + labelTokens
        let ends = min(candidates.count, maximumCount, 2)
        let count = max(ends, min(candidates.count, maximumCount, max(0, tokens) / max(1, legibleCost)))
        let size = budget.fit(
            width: frameWidth, height: frameHeight, tokens: max(0, tokens / count - labelTokens))
        let order = Self.order(candidates, count: count)
        frames = order.sorted().map { Choice(time: candidates[$0].time, why: candidates[$0].why) }
        (width, height) = size
        self.tokens = count * (budget.tokens(width: size.width, height: size.height) + labelTokens)
    }

    /// Chooses so many of the candidates, at a size that is settled; what they cost is left open.
    public init(candidates: [Candidate], showing count: Int, width: Int, height: Int) {
        let order = candidates.isEmpty ? [] : Self.order(candidates, count: max(1, count))
        frames = order.sorted().map { Choice(time: candidates[$0].time, why: candidates[$0].why) }
        (self.width, self.height, tokens) = (width, height, 0)
    }

    /// The smallest size at which a screen's text is still read.
    private static func legibleSize(width: Int, height: Int, budget: PixelBudget) -> (width: Int, height: Int) {
        let long = max(1, max(width, height))
        let scale = min(1, max(0.5, 800 / Double(long)))
        return budget.fit(width: Int(Double(width) * scale), height: Int(Double(height) * scale))
    }

    /// The indices of the candidates that tell most: the first, the last, then always the one that is farthest from all
    /// that are chosen already, in looks and in time.
    private static func order(_ candidates: [Candidate], count: Int) -> [Int] {
        guard count < candidates.count else { return Array(candidates.indices) }
        let last = candidates.count - 1
        let duration = max(0.001, candidates[last].time - candidates[0].time)
        var chosen = [0]
        var nearest = candidates.map { separation($0, candidates[0], duration: duration) }
        nearest[0] = -1
        while chosen.count < count {
            var next = last
            if chosen.count > 1 {
                var best = -Double.infinity
                for index in candidates.indices where nearest[index] >= 0 {
                    let score = nearest[index] * (0.1 + candidates[index].importance)
                    if score > best { (best, next) = (score, index) }
                }
            }
            chosen.append(next)
            for index in candidates.indices where nearest[index] >= 0 {
                nearest[index] = min(
                    nearest[index], separation(candidates[index], candidates[next], duration: duration))
            }
            nearest[next] = -1
        }
        return chosen
    }

    /// How far apart two candidates are: in looks, of which a small box counts for much, and where looks are alike in time.
    private static func separation(_ first: Candidate, _ second: Candidate, duration: Double) -> Double {
        let distance = first.distance(from: second)
        let gap = abs(first.time - second.time)
        // With it goes the picture in which it comes to rest.
        let isOneMotion = first.why == .motion || second.why == .motion
        let share = isOneMotion ? min(1, gap / motionTime) : 1
        return share * distance / (distance + smallDifference) + 0.1 * gap / duration
    }

    /// Seconds that two pictures of one motion are apart when the second tells as much as one of another.
    private static let motionTime = 3.0

    /// The share of a picture by which two looks differ that counts half as much as all of it: a line of text.
    private static let smallDifference = 0.01
}
