import Conversation
import EngineClient
import Evidence
import FoundationEssentials
import History
import Media

/// Tells what happened in a recording of any length: part by part, each with its frames, and then as a whole.
///
/// What an engine has said of a part is kept in the state directory until all is told: a run that is broken off goes on
/// there when it is started again with the same video, engine and wishes.
struct SummaryRun: Sendable {
    /// What is wanted of it.
    struct Wishes: Sendable {
        /// About how many words the summary has.
        var length = 150
        /// What the person wants to know above all.
        var interest = ""
        /// What goes before every question; nil for nothing.
        var system: String?
        var thinks = false
        var maxTokens: Int?
        var temperature: Double?
    }

    /// What came of it.
    struct Result: Sendable {
        var seconds: Double
        var parts: [SummaryDraft.Part]
        var timeline: Timeline
        var summary: String
        /// How many questions were asked in this run.
        var calls: Int
        /// Some of the frames that were shown, for the questions that follow.
        var recording: Recording
    }

    /// Frames that an engine sees of a part, at most.
    private static let framesOfPart = 12
    /// Tokens that the frames of a part cost, at most: an engine of this machine reads that in reasonable time.
    private static let tokensOfPart = 8_000
    /// Seconds that a part lasts at least, if much happens.
    private static let shortestPart = 60.0
    /// How many parts a recording has, unless it changes without end.
    private static let parts = 24.0

    /// Frames that stay with the summary, at most.
    private static let framesKept = 32

    let services: Services
    let engine: FoundEngine
    let wishes: Wishes
    /// Told what is being done, and how far that is.
    let progress: @Sendable (String, Double?) -> Void
    /// Told in a sentence what people want to know.
    let note: @Sendable (String) -> Void
    /// Told what was said of a part, in order.
    var told: @Sendable (SummaryDraft.Part) -> Void = { _ in }

    /// Tells what happened.
    ///
    /// - Throws: `MediaFailure`, `ReplyFailure`, `HistoryFailure` or `CancellationError`; what was said stays kept.
    func run(_ path: String) async throws -> Result {
        progress("Reading the video", 0)
        let survey = try VideoSurvey(path) { fraction in
            try Task.checkCancellation()
            progress("Reading the video", fraction)
        }
        let plans = plans(of: survey)
        guard !plans.isEmpty else { throw MediaFailure(.unreadable, "No frame of \(path) can be decoded.") }
        let words = SummaryWords(seconds: survey.seconds, length: wishes.length, interest: wishes.interest)
        var draft = SummaryDraft(
            parts: plans.map { SummaryDraft.Part(start: $0.start, end: $0.end, frames: $0.plan.frames.map(\.time)) })
        let file = try draftPath(of: path)
        if let earlier = SummaryDraft(file: file) { draft.adopt(earlier) }
        tellOfCalls(draft)
        var calls = 0
        var frames: [TimedPicture] = []
        for index in draft.parts.indices {
            try Task.checkCancellation()
            let pictures = try FrameChooser().store(survey.pictures(of: plans[index].plan), in: services.media)
            frames += pictures
            guard draft.parts[index].text == nil else {
                told(draft.parts[index])
                continue
            }
            progress(
                "Part \(index + 1) of \(draft.parts.count)", Double(index) / Double(draft.parts.count + 1))
            let part = Recording(frames: pictures, video: nil, seconds: survey.seconds, form: .pictures)
            draft.parts[index].text = try await ask(words.part(index, of: draft.parts), about: part)
            calls += 1
            try draft.write(to: file)
            told(draft.parts[index])
        }
        let timeline = Timeline(draft.parts)
        if draft.summary == nil {
            progress("The whole", Double(draft.parts.count) / Double(draft.parts.count + 1))
            let (text, count) = try await join(timeline.text, words)
            draft.summary = text
            calls += count
            try draft.write(to: file)
        }
        return Result(
            seconds: survey.seconds, parts: draft.parts, timeline: timeline, summary: draft.summary ?? "", calls: calls,
            recording: Recording(
                frames: VideoFormChooser.thinned(frames, to: Self.framesKept), video: nil, seconds: survey.seconds,
                form: .pictures, file: FrameChooser.absolute(path), sections: draft.parts.map(\.section)))
    }

    // MARK: - Parts

    /// A part of the recording, and what the engine sees of it.
    struct PartPlan: Sendable {
        var start: Double
        var end: Double
        var plan: EvidencePlan
    }

    /// The parts of a recording with their frames.
    func plans(of survey: VideoSurvey) -> [PartPlan] {
        let most = min(Self.framesOfPart, engine.modelProfile.limits.pictures ?? .max)
        let tokens = min(Self.tokensOfPart, FrameChooser.budget(of: engine.modelProfile))
        let parts = RecordingPart.cut(
            survey.candidates, duration: survey.seconds,
            longest: max(Self.shortestPart, survey.seconds / Self.parts), mostCandidates: 8 * Self.framesOfPart)
        return parts.map { part in
            PartPlan(
                start: part.start, end: part.end,
                plan: survey.plan(part.candidates, tokens: tokens, for: engine.modelProfile, most: most))
        }
    }

    private func tellOfCalls(_ draft: SummaryDraft) {
        let all = draft.parts.count
        let calls = draft.missing + (draft.summary == nil ? 1 : 0)
        let parts = all == 1 ? "1 part" : "\(all) parts"
        guard draft.missing < all else {
            return note("\(parts): \(engine.profile.name) will be asked \(calls) times.")
        }
        let told = all - draft.missing
        note(
            "\(parts), \(told) of them told before: \(engine.profile.name) will be asked "
                + (calls == 1 ? "once." : calls == 0 ? "nothing." : "\(calls) times."))
    }

    /// Where the draft of a video is kept: another model, or another wish, has another one.
    private func draftPath(of path: String) throws -> String {
        let video = try MediaFingerprint.of(path)
        let settings =
            "\(engine.model)|\(wishes.interest)|\(wishes.system ?? "")|\(wishes.thinks)|\(wishes.length)"
            + "|\(wishes.maxTokens ?? 0)|\(wishes.temperature ?? -1)"
        return "\(services.places.state)/summaries/\(video.prefix(32))-\(StableHash.text(settings)).json"
    }

    // MARK: - Asking

    /// Joins a timeline to a summary; one that is too long for the engine is shortened first.
    private func join(_ whole: String, _ words: SummaryWords) async throws -> (text: String, calls: Int) {
        var timeline = whole
        var calls = 0
        // Half of the context for the question leaves room for the system prompt and the answer.
        let room = max(400, (engine.modelProfile.contextLength ?? 16_384) / 2)
        while TextTokens.estimate(timeline) > room {
            var shorter: [String] = []
            for piece in Self.pieces(of: timeline, tokens: room) {
                shorter.append(try await ask(words.shortening(piece), about: nil))
                calls += 1
            }
            let joined = shorter.joined(separator: "\n")
            // An engine that does not shorten is not asked for ever: the beginning of each line says most.
            timeline =
                joined.utf8.count < timeline.utf8.count * 3 / 4
                ? joined : Self.cut(timeline, tokens: room)
        }
        return (try await ask(words.summary(of: timeline), about: nil), calls + 1)
    }

    private static func pieces(of timeline: String, tokens: Int) -> [String] {
        var pieces: [String] = []
        var piece = ""
        var cost = 0
        for line in timeline.split(whereSeparator: \.isNewline) {
            let more = TextTokens.estimate(String(line)) + 1
            if cost + more > tokens, !piece.isEmpty {
                pieces.append(piece)
                (piece, cost) = ("", 0)
            }
            piece += (piece.isEmpty ? "" : "\n") + line
            cost += more
        }
        return piece.isEmpty ? pieces : pieces + [piece]
    }

    private static func cut(_ timeline: String, tokens: Int) -> String {
        let lines = timeline.split(whereSeparator: \.isNewline)
        let characters = max(12, 2 * tokens / max(1, lines.count))
        let most = max(1, 2 * tokens / characters)
        let kept = lines.count <= most ? lines : (0..<most).map { lines[$0 * lines.count / most] }
        return kept.map { String($0.prefix(characters)) }.joined(separator: "\n")
    }

    /// Asks one question, with frames or without; returns the answer.
    private func ask(_ words: String, about recording: Recording?) async throws -> String {
        var parts: [Part] = []
        if let recording {
            let attachment = Attachment(label: "recording", takenAt: Date(), content: .recording(recording))
            parts = try await AttachmentPreparer(services: services)
                .prepare([attachment], for: engine.modelProfile, question: words).map { .attachment($0) }
        }
        let question = Message(role: .user, parts: parts + [.text(words)], createdAt: Date())
        let request = ChatRequest(
            model: engine.model, system: wishes.system, messages: [question], thinking: wishes.thinks,
            sendsPictures: engine.modelProfile.vision != false,
            maxTokens: wishes.maxTokens ?? (wishes.thinks ? nil : 800), temperature: wishes.temperature)
        let (fitted, _) = try AnswerRules(engine, services.configuration).fitting(request)
        var answer = ""
        var repetition = RepetitionGuard()
        replying: for try await delta in services.client(for: engine).reply(to: fitted) {
            switch delta {
            case .answer(let text):
                answer += text
                if repetition.add(text) != nil { break replying }
            case .reasoning(let text): if repetition.add(text) != nil { break replying }
            case .retrying(_, let pause, let reason):
                note("\(reason); asking again in \(Int(pause.rounded(.up))) s")
            case .finished: break replying
            default: break
            }
        }
        try Task.checkCancellation()
        return String(answer.drop(while: \.isWhitespace))
    }
}

/// A hash that is the same in every run of the program.
enum StableHash {
    /// Sixteen hexadecimal digits for a text (FNV-1a).
    static func text(_ text: String) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        return String(hash, radix: 16).padded(to: 16)
    }
}
