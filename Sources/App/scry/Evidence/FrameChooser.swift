import Conversation
import Desktop
import Evidence
import FoundationEssentials
import History
import Media

/// Chooses what an engine gets to see of a recording: first, last and every settled change, within a token budget.
struct FrameChooser: Sendable {
    /// A frame that was chosen.
    struct Chosen {
        /// Seconds since the beginning.
        var time: Double
        /// "first", "change" or "last".
        var why: String
        /// The encoded picture.
        var picture: EncodedPicture
    }

    /// What was chosen from a video.
    struct Choice {
        /// The length in seconds.
        var seconds: Double
        /// The frames, in order of time.
        var frames: [Chosen]
        /// What they cost, in tokens.
        var tokens: Int
    }

    /// How many tokens the frames may cost when the engine's context is not known.
    static let defaultTokens = 12_000

    /// A list of frames is written with little loss: text stays sharp in it.
    static let listFormat = StillFormat.jpeg(quality: 92)

    /// Above so many tokens of pictures the models of the GLM-V family scale the frames of a list down.
    private static let mostListTokens = 48_000

    /// A video, and the frames that tell what happens in it.
    private struct Survey {
        var reader: VideoReader
        var seconds: Double
        var candidates: [Candidate]

        /// - Parameter known: What was chosen already while it was recorded; nil reads the video for it.
        init(_ path: String, every: Double? = nil, known: [Candidate]? = nil) throws {
            reader = try VideoReader(path: path)
            if let known, !known.isEmpty {
                seconds = max(reader.duration, known.last?.time ?? 0)
                candidates = known
                return
            }
            var selector = FrameSelector()
            var last = 0.0
            try reader.forEachLuma { luma, time in
                selector.consider(FrameSignature(luma), time: time)
                last = time
            }
            let seconds = max(reader.duration, last)
            self.seconds = seconds
            candidates =
                every.map { FrameChooser.regular(every: $0, until: seconds) } ?? selector.finish(duration: seconds)
        }

        func plan(tokens: Int, for model: ModelProfile?, most: Int?) -> EvidencePlan {
            EvidencePlan(
                candidates: candidates, frameWidth: reader.width, frameHeight: reader.height, tokens: tokens,
                budget: PixelBudget.forModel(model?.id ?? ""), labelTokens: 8, maximumCount: most ?? .max)
        }

        func pictures(of plan: EvidencePlan, as format: StillFormat = .png) throws -> [Chosen] {
            try plan.frames.map { choice in
                let frame = try reader.frame(at: choice.time)
                let picture = try StillEncoder().encode(frame, as: format, size: (plan.width, plan.height))
                return Chosen(time: choice.time, why: "\(choice.why)", picture: picture)
            }
        }
    }

    /// Chooses frames.
    ///
    /// - Parameters:
    ///   - path: A video that libavformat reads.
    ///   - model: The model that gets to see them; it decides the arithmetic and the budget.
    ///   - tokens: The budget; nil takes half of the model's context.
    ///   - most: The largest number of frames; nil leaves it to the budget.
    ///   - every: Takes a frame every so many seconds instead of choosing.
    /// - Throws: `MediaFailure`.
    func choose(
        _ path: String, for model: ModelProfile?, tokens: Int? = nil, most: Int? = nil, every: Double? = nil
    ) throws -> Choice {
        let survey = try Survey(path, every: every)
        let plan = survey.plan(tokens: tokens ?? Self.budget(of: model), for: model, most: most)
        return Choice(seconds: survey.seconds, frames: try survey.pictures(of: plan), tokens: plan.tokens)
    }

    private static func budget(of model: ModelProfile?) -> Int {
        model?.contextLength.map { $0 / 2 } ?? defaultTokens
    }

    private static func regular(every interval: Double, until end: Double) -> [Candidate] {
        stride(from: 0, through: end, by: interval).prefix(10_000).map {
            Candidate(time: $0, why: $0 == 0 ? .first : .change(1), importance: 1)
        }
    }

    /// Chooses frames and stores them as an attachment; beside them a video or a list of frames, for a model that takes
    /// one and sees more of the recording so.
    ///
    /// - Parameter candidates: Frames that were chosen already; nil reads the video for them.
    func attachment(
        _ path: String, label: String, for model: ModelProfile?, media: MediaStore, takenAt: Date,
        candidates: [Candidate]? = nil
    ) throws -> Attachment {
        let survey = try Survey(path, known: candidates)
        let plan = survey.plan(tokens: Self.budget(of: model), for: model, most: model?.limits.pictures)
        var recording = Recording(
            frames: try store(survey.pictures(of: plan), in: media), video: nil, seconds: survey.seconds)
        if let model, model.video == true {
            recording.video = try EvenVideo(media: media).cut(path, seconds: survey.seconds, for: model)
            recording.frameList = try list(of: survey, besides: plan, recording, for: model, media)
        }
        return Attachment(label: label, takenAt: takenAt, content: .recording(recording))
    }

    /// The frames as a list, where a model sees more of the recording so.
    private func list(
        of survey: Survey, besides pictures: EvidencePlan, _ recording: Recording, for model: ModelProfile,
        _ media: MediaStore
    ) throws -> [TimedPicture]? {
        guard model.frameLists?.isTaken != false, survey.candidates.count > 1 else { return nil }
        // Two frames of a list cost what one picture does.
        let plan = survey.plan(
            tokens: min(2 * Self.budget(of: model), Self.mostListTokens), for: model,
            most: FrameListAbility.mostFrames)
        let form = VideoForm.choose(
            hasLegibleVideo: recording.video != nil, frameList: plan.sight, pictures: pictures.sight)
        return form == .frameList ? try store(survey.pictures(of: plan, as: Self.listFormat), in: media) : nil
    }

    private func store(_ frames: [Chosen], in media: MediaStore) throws -> [TimedPicture] {
        try frames.map { chosen in
            TimedPicture(
                time: chosen.time, why: chosen.why,
                picture: try media.store(
                    chosen.picture.bytes, mediaType: chosen.picture.mediaType, width: chosen.picture.width,
                    height: chosen.picture.height))
        }
    }
}

extension EvidencePlan {
    /// What is seen of a recording by this plan.
    fileprivate var sight: VideoForm.Sight { VideoForm.Sight(frames: frames.count, side: max(width, height)) }
}
