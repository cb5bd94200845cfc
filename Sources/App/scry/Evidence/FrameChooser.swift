import Conversation
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
        /// The title of the window that is seen; nil when that is not known.
        var windowTitle: String?
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

    /// Frames that are kept beside those that go: more than anybody looks through.
    private static let mostSpares = 16

    /// Above so many tokens of pictures the models of the GLM-V family scale the frames of a list down.
    private static let mostListTokens = 48_000

    /// Chooses frames.
    ///
    /// - Parameters:
    ///   - path: A video that libavformat reads.
    ///   - model: The model that gets to see them; it decides the arithmetic and the budget.
    ///   - tokens: The budget; nil takes half of the model's context.
    ///   - most: The largest number of frames; nil leaves it to the budget.
    ///   - every: Takes a frame every so many seconds instead of choosing.
    ///   - progress: Told how far it is, between 0 and 1; an error that it throws ends the reading.
    /// - Throws: `MediaFailure`, or what `progress` throws.
    func choose(
        _ path: String, for model: ModelProfile?, tokens: Int? = nil, most: Int? = nil, every: Double? = nil,
        progress: (Double) throws -> Void = { _ in }
    ) throws -> Choice {
        let survey = try VideoSurvey(path, every: every, progress: progress)
        let plan = survey.plan(tokens: tokens ?? Self.budget(of: model), for: model, most: most)
        return Choice(seconds: survey.seconds, frames: try survey.pictures(of: plan), tokens: plan.tokens)
    }

    static func budget(of model: ModelProfile?) -> Int {
        model?.contextLength.map { $0 / 2 } ?? defaultTokens
    }

    /// Chooses frames and stores them as an attachment; beside them a video or a list of frames, for a model that takes
    /// one and sees more of the recording so.
    ///
    /// - Parameter candidates: Frames that were chosen already; nil reads the video for them.
    func attachment(
        _ path: String, label: String, for model: ModelProfile?, media: MediaStore, takenAt: Date,
        candidates: [Candidate]? = nil
    ) throws -> Attachment {
        let survey = try VideoSurvey(path, known: candidates)
        let plan = survey.plan(tokens: Self.budget(of: model), for: model, most: model?.limits.pictures)
        var recording = Recording(
            frames: try store(survey.pictures(of: plan), in: media), video: nil, seconds: survey.seconds,
            file: Self.absolute(path))
        if let model, model.video == true {
            recording.video = try EvenVideo(media: media).cut(path, seconds: survey.seconds, for: model)
            recording.frameList = try list(of: survey, besides: plan, recording, for: model, media)
        }
        recording.spares = try spares(of: survey, besides: plan, media)
        return Attachment(label: label, takenAt: takenAt, content: .recording(recording))
    }

    /// Frames that do not go, for the person to choose from: those that tell most of what is left.
    private func spares(
        of survey: VideoSurvey, besides plan: EvidencePlan, _ media: MediaStore
    ) throws -> [TimedPicture]? {
        let taken = Set(plan.frames.map(\.time))
        let left = survey.candidates.filter { !taken.contains($0.time) }
        guard !left.isEmpty else { return nil }
        let spare = EvidencePlan(
            candidates: left, showing: Self.mostSpares, width: plan.width, height: plan.height)
        return try store(survey.pictures(of: spare, as: Self.listFormat), in: media)
    }

    /// The frames as a list, where a model sees more of the recording so.
    private func list(
        of survey: VideoSurvey, besides pictures: EvidencePlan, _ recording: Recording, for model: ModelProfile,
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

    /// A path that means the same file from every directory.
    static func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    }

    func store(_ frames: [Chosen], in media: MediaStore) throws -> [TimedPicture] {
        try frames.map { chosen in
            TimedPicture(
                time: chosen.time, why: chosen.why,
                picture: try media.store(
                    chosen.picture.bytes, mediaType: chosen.picture.mediaType, width: chosen.picture.width,
                    height: chosen.picture.height), windowTitle: chosen.windowTitle)
        }
    }
}

extension EvidencePlan {
    /// What is seen of a recording by this plan.
    fileprivate var sight: VideoForm.Sight { VideoForm.Sight(frames: frames.count, side: max(width, height)) }
}
