import Conversation
import Desktop
import Evidence
import Media

/// A video, and the frames that tell what happens in it.
struct VideoSurvey {
    let reader: VideoReader
    private let path: String
    /// The length in seconds.
    let seconds: Double
    /// The frames worth showing, in order of time.
    let candidates: [Candidate]

    /// The titles of the windows that are seen in it, as far as they are known.
    let titles: [TimedTitle]

    /// What the words that go with a frame cost: its time, and the title of its window.
    private var labelTokens: Int { titles.isEmpty ? 8 : 28 }

    /// Reads a video once.
    ///
    /// - Parameters:
    ///   - every: Takes a frame every so many seconds instead of choosing.
    ///   - known: What was chosen already while it was recorded; nil reads the video for it.
    ///   - progress: Told how far it is, between 0 and 1; an error that it throws ends the reading.
    /// - Throws: `MediaFailure`, or what `progress` throws.
    init(
        _ path: String, every: Double? = nil, known: [Candidate]? = nil, progress: (Double) throws -> Void = { _ in }
    ) throws {
        self.path = path
        reader = try VideoReader(path: path)
        titles = reader.windowTitles()
        if let known, let last = known.last {
            seconds = max(reader.duration, last.time)
            candidates = known
            return
        }
        let length = max(0.001, reader.duration)
        if let every {
            seconds = reader.duration
            candidates = stride(from: 0, through: length, by: every).prefix(10_000).map {
                Candidate(time: $0, why: $0 == 0 ? .first : .change(1), importance: 1)
            }
            return
        }
        var survey = RecordingSurvey()
        try reader.skim(
            measure: { FrameSignature($0) }, look: { survey.look(at: $0, time: $1) },
            mayPass: { survey.mayPass(to: $0, time: $1) },
            progress: { try progress(min(1, $0 / length)) })
        seconds = max(reader.duration, survey.lastTime ?? 0)
        candidates = survey.finish(duration: seconds)
    }

    /// Chooses among the candidates, or among some of them.
    func plan(
        _ some: [Candidate]? = nil, tokens: Int, for model: ModelProfile?, most: Int?
    ) -> EvidencePlan {
        EvidencePlan(
            candidates: some ?? candidates, frameWidth: reader.width, frameHeight: reader.height, tokens: tokens,
            budget: PixelBudget.forModel(model?.id ?? ""), labelTokens: labelTokens, maximumCount: most ?? .max)
    }

    /// Encodes the frames of a plan.
    func pictures(of plan: EvidencePlan, as format: StillFormat = .png) throws -> [FrameChooser.Chosen] {
        let encoding = FrameEncoding(
            size: (plan.width, plan.height), format: format, titles: titles)
        let count = FrameEncoding.stretches(of: plan.frames.count, width: reader.width, height: reader.height)
        guard count > 1 else { return try encoding.encode(plan.frames[...], from: reader) }
        return try encoding.encode(plan.frames, from: path, stretches: count)
    }
}
