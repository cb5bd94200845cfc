/// Chooses, while a recording is read once from start to end, the frames worth showing.
///
/// A *look* is a picture that stays the same, apart from noise and from what blinks. A look that stands for
/// `settlingTime` and differs from the candidate before is a candidate, with the time when it appeared; half-drawn
/// transitions are not, unless the screen went back to what it was: then something flashed up. While the picture never
/// stands still there is a candidate each `motionInterval`. The first and the last look always are candidates.
///
///     var selector = FrameSelector()
///     for (signature, time) in samples { selector.consider(signature, time: time) }
///     let candidates = selector.finish(duration: duration)
///
/// A sample is taken to be on the screen until the next one: recordings that leave out unchanged frames are read as they are.
/// Memory is bounded: of more than `maximumCount` candidates those that tell least
/// in the shortest time are forgotten.
public struct FrameSelector: Sendable {
    /// A picture that stands, or stood, on the screen.
    private struct Look {
        var signature: FrameSignature
        /// When it appeared.
        var since: Double
    }

    /// A candidate with what is needed to take it back.
    private struct Kept {
        var candidate: Candidate
        /// Where it differs from the candidate before.
        var changes: TileSet
    }

    /// Seconds that a picture must stand to be settled.
    public let settlingTime: Double
    /// Seconds between candidates while the picture moves.
    public let motionInterval: Double
    /// How many candidates are remembered at most.
    public let maximumCount: Int

    private var look: Look?
    private var kept: [Kept] = []
    /// The look of the last candidate: changes are measured against it, so that slow ones add up.
    private var reference: FrameSignature?
    /// When the picture began to move; nil while it stands.
    private var movingSince: Double?
    /// The last sample, blinks and all.
    private var sample: Look?
    private var blinking = BlinkingTiles()
    /// A look that was gone before it settled, to be kept if the screen goes back to what it was.
    private var flash: Look?
    private var lastTime = 0.0

    /// Seconds that a flash must be seen.
    private static let flashTime = 0.09
    /// Fewer tiles than this do not make a flash: a pointer that passes, a key that is corrected.
    private static let fewestTilesInFlash = 6
    /// So many tiles may have changed meanwhile for the screen to count as gone back.
    private static let mostTilesNotBack = 2
    /// Seconds after which a look has been seen by everyone.
    private static let longLook = 0.35
    /// How much the middle of a motion tells; the rest of it tells 0.4.
    private static let middleOfMotion = 0.6
    /// The share of the picture that a change is large from: what stood before is not going to be added to.
    private static let largeChange = 0.3

    /// Makes a selector.
    public init(settlingTime: Double = 0.2, motionInterval: Double = 1.5, maximumCount: Int = 2048) {
        self.settlingTime = settlingTime
        self.motionInterval = motionInterval
        self.maximumCount = max(8, maximumCount)
    }

    /// Takes the next sample; times must not go back.
    public mutating func consider(_ signature: FrameSignature, time: Double) {
        let time = max(time, lastTime)
        lastTime = time
        let seen = Look(signature: signature, since: time)
        guard let look, let sample else {
            look = seen
            sample = seen
            keep(seen, why: .first, changes: TileSet(rowCount: signature.rows), importance: 1)
            return
        }
        let changed = signature.changedTiles(from: sample.signature)
        if !changed.isEmpty { self.sample = seen }
        if blinking.note(changed, of: signature, at: time) { takeBackBlinks(at: time) }
        guard !signature.changedTiles(from: look.signature).subtracting(blinking.tiles).isEmpty else { return }
        leave(look, at: time)
        keepFlash(before: signature)
        self.look = seen
    }

    /// Passes over a stretch in which next to nothing happened, when its end looks like its beginning but for what blinks.
    ///
    /// Returns false, having done nothing, when something else differs: then the stretch must be looked at.
    public mutating func pass(to signature: FrameSignature, time: Double) -> Bool {
        guard let sample, time >= lastTime else { return false }
        let changed = signature.changedTiles(from: sample.signature)
        guard changed.subtracting(blinking.tiles).isEmpty else { return false }
        blinking.hold(until: time)
        lastTime = time
        if !changed.isEmpty { self.sample = Look(signature: signature, since: time) }
        return true
    }

    /// Ends the recording and returns the candidates in order of time; empty when there was no sample.
    ///
    /// A recording in which nothing at all changed has one candidate.
    public mutating func finish(duration: Double) -> [Candidate] {
        guard let look, let sample else { return [] }
        // Nothing came after the last look: however short it stood, it is where things ended.
        leave(look, at: max(duration, look.since + settlingTime))
        let changes = reference.map { sample.signature.changedTiles(from: $0) } ?? TileSet(rowCount: 0)
        if let newest = kept.last, newest.candidate.time < sample.since, !changes.isEmpty {
            keep(sample, why: .last, changes: changes, importance: 1)
        } else if kept.count > 1 {
            kept[kept.count - 1].candidate.why = .last
        }
        self.look = nil
        return kept.map(\.candidate)
    }

    // MARK: - Deciding

    /// Decides on a look that ends at a time.
    private mutating func leave(_ look: Look, at time: Double) {
        let isSettled = time - look.since >= settlingTime - 0.0005
        let changes =
            reference.map { look.signature.changedTiles(from: $0).subtracting(blinking.tiles) } ?? TileSet(rowCount: 0)
        if isSettled {
            movingSince = nil
            raiseMiddleOfMotion()
            guard !changes.isEmpty, look.since > (kept.last?.candidate.time ?? -1) else { return }
            flash = nil
            keep(
                look, why: .change(share(changes, of: look)), changes: changes,
                importance: time - look.since >= Self.longLook ? 0.8 : 0.6)
            return
        }
        if time - look.since >= Self.flashTime - 0.0005, changes.count >= Self.fewestTilesInFlash { flash = look }
        let start = movingSince ?? look.since
        movingSince = start
        let lastKept = max(start, kept.last?.candidate.time ?? start)
        guard look.since - lastKept >= motionInterval - 0.0005, !changes.isEmpty else { return }
        keep(look, why: .motion, changes: changes, importance: 0.4)
    }

    /// Of a motion that is over, its middle tells most: what led to it and what came of it are shown besides.
    private mutating func raiseMiddleOfMotion() {
        let count = kept.reversed().prefix { $0.candidate.why == .motion }.count
        if count > 1 { kept[kept.count - 1 - count / 2].candidate.importance = Self.middleOfMotion }
    }

    /// Keeps what flashed up when the screen is again what it was before.
    private mutating func keepFlash(before signature: FrameSignature) {
        guard let flash, let reference else { return }
        let notBack = signature.changedTiles(from: reference).subtracting(blinking.tiles)
        guard notBack.count <= Self.mostTilesNotBack else { return }
        self.flash = nil
        movingSince = nil
        let changes = flash.signature.changedTiles(from: reference).subtracting(blinking.tiles)
        guard flash.since > (kept.last?.candidate.time ?? -1), !changes.isEmpty else { return }
        keep(flash, why: .change(share(changes, of: flash)), changes: changes, importance: 0.6)
    }

    private func share(_ changes: TileSet, of look: Look) -> Double {
        min(1, Double(changes.count) / Double(look.signature.columns * look.signature.rows))
    }

    private mutating func keep(_ look: Look, why: Candidate.Reason, changes: TileSet, importance: Double) {
        let candidate = Candidate(
            time: look.since, why: why, importance: importance, sketch: look.signature.sketch())
        // What is replaced by something else altogether shows all that came together until then.
        if let newest = kept.indices.last, case .change = kept[newest].candidate.why,
            share(changes, of: look) > Self.largeChange
        {
            kept[newest].candidate.importance = min(1, kept[newest].candidate.importance + 0.2)
        }
        kept.append(Kept(candidate: candidate, changes: changes))
        reference = look.signature
        if kept.count > maximumCount { forgetLeastImportant() }
    }

    /// Removes the candidates of late that were nothing but the first blinks of what is now known to blink.
    private mutating func takeBackBlinks(at time: Double) {
        kept.removeAll { kept in
            kept.candidate.why != .first && time - kept.candidate.time < BlinkingTiles.memory
                && kept.changes.subtracting(blinking.tiles).isEmpty
        }
    }

    /// Removes a quarter of the candidates: those that tell least in the shortest time, never two neighbours, so that what
    /// remains is spread over the whole recording however long it is.
    private mutating func forgetLeastImportant() {
        let times = kept.map(\.candidate.time)
        let worth = kept.indices.map { index in
            index == 0 || index == kept.count - 1
                ? Double.infinity : kept[index].candidate.importance * (times[index + 1] - times[index - 1])
        }
        let limit = worth.sorted()[kept.count / 2]
        var toForget = kept.count / 4
        var isForgotten = Array(repeating: false, count: kept.count)
        for index in kept.indices.dropFirst() where toForget > 0 && worth[index] <= limit && !isForgotten[index - 1] {
            isForgotten[index] = true
            toForget -= 1
        }
        kept = zip(kept, isForgotten).filter { !$0.1 }.map(\.0)
    }
}
