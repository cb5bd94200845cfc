/// A frame of a recording that may be worth showing.
public struct Candidate: Sendable, Equatable {
    /// Why a frame is worth showing.
    public enum Reason: Sendable, Equatable, CustomStringConvertible {
        /// The recording begins with it.
        case first
        /// This part of the picture, between 0 and 1, had changed and then stood still.
        case change(Double)
        /// The picture went on changing for long.
        case motion
        /// The recording ends with it.
        case last

        /// A word for it: "first", "change", "motion" or "last".
        public var description: String {
            switch self {
            case .first: "first"
            case .change: "change"
            case .motion: "motion"
            case .last: "last"
            }
        }
    }

    /// When it appeared on the screen, in seconds since the recording began.
    public var time: Double
    /// Why it is worth showing.
    public var why: Reason
    /// How likely it is the outcome of something rather than a step on the way: 0…1.
    public var importance: Double
    /// A likeness, to tell how far candidates are from each other; empty when unknown.
    var sketch: [UInt8]

    /// Makes a candidate of which nothing but the time is known.
    public init(time: Double, why: Reason, importance: Double) {
        self.init(time: time, why: why, importance: importance, sketch: [])
    }

    init(time: Double, why: Reason, importance: Double, sketch: [UInt8]) {
        self.time = time
        self.why = why
        self.importance = importance
        self.sketch = sketch
    }

    /// How much two candidates differ: the mean difference of their likenesses and how much of it changed, 0…1.
    func distance(from other: Candidate) -> Double {
        guard !sketch.isEmpty, sketch.count == other.sketch.count else { return 1 }
        var changed = 0
        for index in sketch.indices {
            let difference = Int(sketch[index]) - Int(other.sketch[index])
            if difference > 2 || difference < -2 { changed += 1 }
        }
        return Double(changed) / Double(sketch.count)
    }
}
