import Conversation
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#endif

@Suite struct VideoFormTests {
    typealias Sight = VideoForm.Sight

    /// What there is to choose from, and what is chosen.
    struct Case: Sendable, CustomTestStringConvertible {
        var says: String
        var hasLegibleVideo = false
        var list: Sight?
        var pictures: Sight
        var form: VideoForm

        var testDescription: String { says }
    }

    static let cases: [Case] = [
        Case(
            says: "a short recording is one video", hasLegibleVideo: true, list: Sight(frames: 32, side: 1920),
            pictures: Sight(frames: 8, side: 1920), form: .video),
        Case(
            says: "without lists a long one is pictures", list: nil, pictures: Sight(frames: 4, side: 900),
            form: .pictures),
        Case(
            says: "pictures that show all of it are seen on their own", list: Sight(frames: 12, side: 1920),
            pictures: Sight(frames: 12, side: 1920), form: .pictures),
        Case(
            says: "a list with larger frames", list: Sight(frames: 20, side: 1680),
            pictures: Sight(frames: 20, side: 1200), form: .frameList),
        Case(
            says: "frames larger by less than an eighth are no reason", list: Sight(frames: 20, side: 1300),
            pictures: Sight(frames: 20, side: 1200), form: .pictures),
        Case(
            says: "an engine that takes four pictures", list: Sight(frames: 17, side: 800),
            pictures: Sight(frames: 4, side: 1280), form: .frameList),
        Case(
            says: "more frames that cannot be read show less", list: Sight(frames: 32, side: 280),
            pictures: Sight(frames: 4, side: 1280), form: .pictures),
        Case(
            says: "a small recording is read at half its sides", list: Sight(frames: 30, side: 200),
            pictures: Sight(frames: 10, side: 400), form: .frameList),
        Case(
            says: "a list that has to drop frames, however large they are", list: Sight(frames: 32, side: 1920),
            pictures: Sight(frames: 46, side: 960), form: .pictures),
        Case(
            says: "one frame is no video", list: Sight(frames: 1, side: 1920), pictures: Sight(frames: 1, side: 960),
            form: .pictures),
        Case(
            says: "an engine that takes no picture at all", list: Sight(frames: 10, side: 640),
            pictures: Sight(frames: 0, side: 0), form: .frameList),
        Case(says: "nothing to show", list: nil, pictures: Sight(frames: 0, side: 0), form: .pictures),
    ]

    @Test("chooses the form in which most of a recording is read", arguments: cases)
    func chooses(_ each: Case) {
        let form = VideoForm.choose(
            hasLegibleVideo: each.hasLegibleVideo, frameList: each.list, pictures: each.pictures)
        #expect(form == each.form)
    }

    private static let picture = MediaReference(
        sha256: "p", mediaType: "image/jpeg", byteCount: 9, width: 280, height: 280)
    private static let frames = (0..<4).map { TimedPicture(time: Double($0), why: "change", picture: picture) }

    @Test("a recording goes in the form that was chosen, as far as there is one and the engine takes it")
    func form() {
        var recording = Recording(frames: Self.frames, video: Self.picture, seconds: 4)
        #expect(recording.form(sendsVideo: true) == .video)
        #expect(recording.form(sendsVideo: false) == .pictures)
        recording.form = .pictures
        #expect(recording.form(sendsVideo: true) == .pictures)
        recording.form = .frameList
        #expect(recording.form(sendsVideo: true) == .video)
        recording.frameList = Self.frames
        #expect(recording.form(sendsVideo: false) == .frameList)
        #expect(recording.form(sendsVideo: false, sendsFrameLists: false) == .pictures)
        #expect(recording.form(sendsVideo: true, sendsFrameLists: false) == .video)
    }

    @Test("a list of frames costs half of what pictures do, and counts as one video")
    func cost() {
        var recording = Recording(frames: Self.frames, video: nil, seconds: 4, frameList: Self.frames)
        func request() -> ChatRequest {
            let attachment = ChatAttachment(
                label: "r", takenAt: Date(timeIntervalSince1970: 0), content: .recording(recording))
            let message = Message(
                role: .user, parts: [.attachment(attachment)], createdAt: Date(timeIntervalSince1970: 0))
            return ChatRequest(model: "glm-4.5v", messages: [message], thinking: false)
        }
        let pictures = TokenEstimate(model: "glm-4.5v").media(of: request())
        recording.form = .frameList
        let list = TokenEstimate(model: "glm-4.5v").media(of: request())
        #expect(pictures == 4 * 102 && list == 2 * 103 + 2)
        let one = ModelProfile(id: "glm-4.5v", limits: MediaLimits(pictures: 1, videos: 1))
        #expect(ContextFit.fit(request(), for: one).fits)
        recording.form = .pictures
        #expect(!ContextFit.fit(request(), for: one).fits)
    }

    @Test("an odd frame is counted as two, and a video by its seconds")
    func tokens() {
        let tokens = PictureTokens(model: "glm-4.5v")
        // What vLLM 0.32 counted for lists of 2, 3, 32 and 40 frames, less a digit of a time here and there.
        let counted = [2: 21, 3: 40, 32: 306, 40: 382]
        for (frames, count) in counted {
            #expect(abs(tokens.video(width: 112, height: 112, frames: frames) - count) <= 1 + frames / 20)
        }
        #expect(
            tokens.video(width: 640, height: 480, seconds: 10) == tokens.video(width: 640, height: 480, frames: 20))
    }

    @Test("a recording of an earlier version is read, and the frames of a list are kept with it")
    func stored() throws {
        let old = #"{"frames":[],"seconds":2}"#
        let recording = try JSONDecoder().decode(Recording.self, from: Data(old.utf8))
        #expect(recording == Recording(frames: [], video: nil, seconds: 2))
        let list = Recording(frames: [], video: nil, seconds: 2, frameList: Self.frames, form: .frameList)
        #expect(try JSONDecoder().decode(Recording.self, from: JSONEncoder().encode(list)) == list)
        let attachment = ChatAttachment(label: "r", takenAt: Date(timeIntervalSince1970: 0), content: .recording(list))
        #expect(attachment.media.count == 4)
    }
}
