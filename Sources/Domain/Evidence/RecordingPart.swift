/// A stretch of a recording that is told by itself.
///
/// A recording is cut where the picture changes most, so that a part begins with something new.
public struct RecordingPart: Sendable, Equatable {
    /// When it begins, in seconds.
    public let start: Double
    /// When it ends: where the next one begins.
    public let end: Double
    /// What is worth showing of it, in order of time; never empty.
    public let candidates: [Candidate]

    /// Cuts a recording into parts.
    ///
    /// - Parameters:
    ///   - candidates: Of the whole recording, in order of time.
    ///   - duration: The recording's length in seconds.
    ///   - longest: How many seconds a part lasts at most, unless nothing changes for longer.
    ///   - mostCandidates: How many candidates a part has at most.
    /// - Returns: The parts, which follow each other without gaps; none for a recording without candidates.
    public static func cut(
        _ candidates: [Candidate], duration: Double, longest: Double, mostCandidates: Int
    ) -> [RecordingPart] {
        var parts: [RecordingPart] = []
        var begin = 0
        while begin < candidates.count {
            let start = begin == 0 ? 0 : candidates[begin].time
            var stop = begin + 1
            while stop < candidates.count, stop - begin < max(1, mostCandidates),
                candidates[stop].time - start <= longest
            { stop += 1 }
            if stop < candidates.count { stop = bestCut(candidates, after: begin, notAfter: stop, start: start) }
            let end = stop < candidates.count ? candidates[stop].time : max(duration, candidates[stop - 1].time)
            parts.append(RecordingPart(start: start, end: end, candidates: Array(candidates[begin..<stop])))
            begin = stop
        }
        return parts
    }

    /// Where the picture changes most in the second half of what a part could be.
    private static func bestCut(_ candidates: [Candidate], after begin: Int, notAfter stop: Int, start: Double) -> Int {
        let half = start + (candidates[stop].time - start) / 2
        var best = stop
        var most = -1.0
        for index in (begin + 1)...stop where candidates[index].time >= half || index == stop {
            let change = candidates[index].changedShare
            if change >= most { (most, best) = (change, index) }
        }
        return best
    }
}

extension Candidate {
    /// How much of the picture had changed, as far as that says that something new begins.
    fileprivate var changedShare: Double {
        if case .change(let share) = why { share } else { 0 }
    }
}
