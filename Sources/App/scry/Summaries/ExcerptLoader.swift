import Conversation
import Evidence
import FoundationEssentials
import Media
import Session

/// Takes the stretches of a recording that a later question is about out of its file, where that still is.
struct ExcerptLoader: Sendable {
    /// Frames that are shown of a stretch, at most.
    private static let most = 16
    /// Tokens that they cost, at most.
    private static let tokens = 8_000
    /// Seconds between two frames at least, where others are shown beside those that were seen before.
    private static let closest = 2.0

    let services: Services

    /// The stretches as attachments; without those that cannot be read any more.
    func load(_ excerpts: [RecordingExcerpt], for model: ModelProfile?) -> [Attachment] {
        excerpts.compactMap { try? load($0, for: model) }
    }

    private func load(_ excerpt: RecordingExcerpt, for model: ModelProfile?) throws -> Attachment {
        let section = excerpt.section
        let times = Self.times(section)
        let candidates = times.map { Candidate(time: $0, why: .change(1), importance: 1) }
        let survey = try VideoSurvey(excerpt.file, known: candidates)
        let plan = survey.plan(
            tokens: min(Self.tokens, FrameChooser.budget(of: model)), for: model,
            most: min(Self.most, model?.limits.pictures ?? .max))
        let frames = try FrameChooser().store(survey.pictures(of: plan), in: services.media)
        return Attachment(
            label: "\(excerpt.label) \(ClockTime.text(section.start))–\(ClockTime.text(section.end))", takenAt: Date(),
            content: .recording(Recording(frames: frames, video: nil, seconds: survey.seconds, form: .pictures)))
    }

    /// The times that were seen before, and those between them.
    static func times(_ section: RecordingSection) -> [Double] {
        var times = section.frames.isEmpty ? [section.start] : section.frames.sorted()
        while times.count < most {
            let ends = times + [max(section.end, times[times.count - 1])]
            let gaps = times.indices.map { ends[$0 + 1] - ends[$0] }
            guard let widest = gaps.indices.max(by: { gaps[$0] < gaps[$1] }), gaps[widest] >= 2 * closest else { break }
            times.insert(times[widest] + gaps[widest] / 2, at: widest + 1)
        }
        return times
    }
}
