public import Conversation

/// Tries out what a model of an engine really does, whatever the engine says about itself.
///
/// Some ten short questions, one after the other: words, thinking on and off, the same words again, pictures and a video.
public struct EngineExamination: Sendable {
    /// What was found about one ability.
    public struct Finding: Sendable, Equatable {
        /// Whether something is to be done.
        public enum Verdict: Sendable, Equatable {
            /// It works.
            case works
            /// It does not, and should.
            case fails
            /// It does not and need not, or cannot be told.
            case open
        }

        /// The ability, as "thinking".
        public var part: String
        /// Whether it is as it should be.
        public var verdict: Verdict
        /// What was found, in words.
        public var words: String
        /// What helps; nil where nothing has to.
        public var help: String?
    }

    /// What is shown to the model, made as the program makes it: a blue square on white, still and moving.
    public struct Samples: Sendable {
        /// The picture as JPEG.
        public var jpeg: [UInt8]
        /// The video.
        public var video: [UInt8]
        /// The video's type, as "video/x-matroska".
        public var videoType: String
        /// Frames of a recording.
        public var frames: ColourFrames
        /// The sides of all, in pixels.
        public var side: Int

        /// Makes samples.
        public init(jpeg: [UInt8], video: [UInt8], videoType: String, frames: ColourFrames, side: Int) {
            self.jpeg = jpeg
            self.video = video
            self.videoType = videoType
            self.frames = frames
            self.side = side
        }
    }

    /// Told of each finding as it is made.
    public typealias Telling = @Sendable (Finding) async -> Void

    static let question = "What is the capital of France?"

    let client: EngineClient
    let model: ModelProfile
    let samples: Samples
    var profile: EngineProfile { client.profile }

    /// Makes an examination.
    ///
    /// - Parameter client: Asks the engine; its limits say how long each answer may take.
    public init(client: EngineClient, model: ModelProfile, samples: Samples) {
        self.client = client
        self.model = model
        self.samples = samples
    }

    /// Tries everything; ends early when the engine does not answer at all.
    ///
    /// - Returns: What was proven, for those who ask the engine later.
    @discardableResult
    public func run(_ tell: Telling) async -> ProvenAbilities {
        var proven = ProvenAbilities()
        await tell(listing)
        let quiet = await ask(thinking: false, most: 160)
        guard quiet.failure == nil else {
            await tell(finding("words", .fails, sentence(quiet), nil))
            return proven
        }
        let loud = await ask(thinking: true, most: 640)
        await tell(streaming(quiet))
        await tell(thinking(on: loud, off: quiet))
        proven.thinking = hasSwitch(on: loud, off: quiet)
        if let field = reasoningField(loud, quiet) { await tell(field) }
        await tell(await counting(quiet))
        if Task.isCancelled { return proven }
        let sight = await client.sight(model: model.id)
        await tell(seeing(sight))
        proven.sees = sight.sees
        guard sight == .sees else { return proven }
        let picture = await show(samples.jpeg, type: "image/jpeg")
        await tell(jpeg(picture))
        if let boxes = boxes([quiet, loud, picture]) { await tell(boxes) }
        await examineVideo(&proven, tell)
        return proven
    }

    /// Shows a recording in every form that is known of the engine's family.
    private func examineVideo(_ proven: inout ProvenAbilities, _ tell: Telling) async {
        let video = profile.passesVideo ? await show(samples.video, type: samples.videoType) : nil
        await tell(self.video(video))
        proven.video = video.flatMap(isSeen)
        guard profile.passesFrameLists, !Task.isCancelled else { return }
        let lists = await client.frameLists(model: model.id, samples.frames)
        proven.frameLists = lists.ability
        proven.pictures = await client.mostPictures(model: model.id)
        await tell(frameLists(lists))
        await tell(pictureCount(proven.pictures))
    }

    // MARK: - Asking

    private func ask(thinking: Bool, most: Int) async -> ExaminedReply {
        await client.examined(
            ChatRequest(
                model: model.id, messages: [.question(Self.question)], thinking: thinking, maxTokens: most,
                temperature: 0))
    }

    /// Shows a picture or a video, and asks for its colour.
    func show(_ bytes: [UInt8], type: String) async -> ExaminedReply {
        let reference = MediaReference(
            sha256: "sample", mediaType: type, byteCount: bytes.count, width: samples.side, height: samples.side)
        let isVideo = type.hasPrefix("video/")
        let content: Attachment.Content =
            isVideo
            ? .recording(Recording(frames: [], video: reference, seconds: 2)) : .picture(reference)
        let request = ChatRequest(
            model: model.id, messages: [.question(SightTest.question, content)], thinking: false,
            sendsVideo: isVideo, maxTokens: 256, temperature: 0)
        return await client.showing(OnePicture(bytes: bytes)).examined(request)
    }

    /// Asks for the same long text twice; what the engine had of it the second time.
    func cachedShare() async -> (usage: Usage, share: Double?)? {
        let text = String(repeating: "The quick brown fox jumps over the lazy dog. ", count: 30)
        let request = ChatRequest(
            model: model.id, messages: [.question(text + Self.question)], thinking: false, maxTokens: 4,
            temperature: 0)
        guard await client.examined(request).failure == nil else { return nil }
        guard let usage = await client.examined(request).usage else { return nil }
        return (usage, usage.cachedTokens.map { Double($0) / Double(max(1, usage.promptTokens)) })
    }
}
