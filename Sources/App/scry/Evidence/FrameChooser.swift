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
        let reader = try VideoReader(path: path)
        var selector = FrameSelector()
        var last = 0.0
        try reader.forEachLuma { luma, time in
            selector.consider(FrameSignature(luma), time: time)
            last = time
        }
        let seconds = max(reader.duration, last)
        let plan = EvidencePlan(
            candidates: every.map { Self.regular(every: $0, until: seconds) } ?? selector.finish(duration: seconds),
            frameWidth: reader.width, frameHeight: reader.height,
            tokens: tokens ?? model?.contextLength.map { $0 / 2 } ?? Self.defaultTokens,
            budget: PixelBudget.forModel(model?.id ?? ""), labelTokens: 8, maximumCount: most ?? .max)
        var frames: [Chosen] = []
        for choice in plan.frames {
            let frame = try reader.frame(at: choice.time)
            let picture = try StillEncoder().encode(frame, size: (plan.width, plan.height))
            frames.append(Chosen(time: choice.time, why: "\(choice.why)", picture: picture))
        }
        return Choice(seconds: seconds, frames: frames, tokens: plan.tokens)
    }

    private static func regular(every interval: Double, until end: Double) -> [Candidate] {
        stride(from: 0, through: end, by: interval).prefix(10_000).map {
            Candidate(time: $0, why: $0 == 0 ? .first : .change(1), importance: 1)
        }
    }

    /// Chooses frames and stores them as an attachment; beside them a video, for a model that takes one.
    func attachment(_ path: String, label: String, for model: ModelProfile?, media: MediaStore, takenAt: Date) throws
        -> Attachment
    {
        let choice = try choose(path, for: model)
        let frames = try choice.frames.map { chosen in
            TimedPicture(
                time: chosen.time, why: chosen.why,
                picture: try media.store(
                    chosen.picture.bytes, mediaType: chosen.picture.mediaType, width: chosen.picture.width,
                    height: chosen.picture.height))
        }
        let video =
            model?.video == true
            ? try model.flatMap { try EvenVideo(media: media).cut(path, seconds: choice.seconds, for: $0) } : nil
        return Attachment(
            label: label, takenAt: takenAt,
            content: .recording(Recording(frames: frames, video: video, seconds: choice.seconds)))
    }
}
