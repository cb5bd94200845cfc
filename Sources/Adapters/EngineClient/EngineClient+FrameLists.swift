internal import Conversation
internal import FoundationEssentials

/// Frames of three colours, made as the frames of recordings are: a square of the colour on white, as JPEG.
public struct ColourFrames: Sendable {
    /// The red one.
    public var red: [UInt8]
    /// The green one.
    public var green: [UInt8]
    /// The blue one.
    public var blue: [UInt8]
    /// The side of all three, in pixels.
    public var side: Int

    /// Makes frames.
    public init(red: [UInt8], green: [UInt8], blue: [UInt8], side: Int) {
        self.red = red
        self.green = green
        self.blue = blue
        self.side = side
    }

    fileprivate func bytes(_ colour: SightTest.Colour) -> [UInt8] {
        switch colour {
        case .red: red
        case .green: green
        case .blue: blue
        }
    }
}

extension EngineClient {
    /// Finds out in which forms a recording can go beside one video: as a list of frames, and as how many pictures.
    ///
    /// Some eight short questions. A list is taken when the colour of each of three is named, and when the last frames of a
    /// long one are counted: an engine may be started so that it takes the first few and drops the others without a word.
    ///
    /// - Throws: `ReplyFailure` when the engine does not answer.
    public func provesVideoForms(model: String, frames: ColourFrames) async throws -> ProvenAbilities {
        guard profile.passesFrameLists else { return ProvenAbilities(frameLists: .refused) }
        let proof = await frameLists(model: model, frames)
        if case .failed(let failure) = proof { throw failure }
        return ProvenAbilities(frameLists: proof.ability, pictures: await mostPictures(model: model))
    }

    /// Shows lists of frames.
    func frameLists(model: String, _ frames: ColourFrames) async -> FrameListProof {
        var costs: [Int] = []
        for (colour, count) in [(SightTest.Colour.red, 2), (.blue, 4), (.green, FrameListAbility.mostFrames)] {
            let reply = await show(frames, colour, times: Self.seconds(count), to: model)
            if let failure = reply.failure { return failure.saysNothingOfMedia ? .failed(failure) : .refuses(failure) }
            guard colour.isNamed(by: reply.words) else { return .blind }
            costs.append(reply.usage?.promptTokens ?? 0)
        }
        // The last two frames of a long list cost what the last two of a short one do, beside their times in words, unless
        // they are dropped.
        let words = await (wordCost(of: 4, model: model) ?? 0) - (wordCost(of: 2, model: model) ?? 0)
        let shorter = await show(
            frames, .green, times: Self.seconds(FrameListAbility.mostFrames - 2), to: model, most: 1)
        let pair = costs[1] - costs[0] - words
        // No model sees two frames for less; what is left of the words' cost by the template is no picture.
        guard pair >= 4, let cost = shorter.usage?.promptTokens, (costs[2] - cost - words) * 4 >= pair * 3 else {
            return .drops
        }
        return .takes(await takesTimes(frames, model: model) ? .timed : .untimed)
    }

    private static func seconds(_ count: Int) -> [Double] { (0..<count).map(Double.init) }

    /// Whether times reach the prompt: late ones are longer numbers there.
    private func takesTimes(_ frames: ColourFrames, model: String) async -> Bool {
        let times = [0, 0.1, 2_000_000, 2_000_000.1]
        let timed = await show(frames, .red, times: times, to: model, as: .timed, most: 1)
        guard timed.failure == nil, let cost = timed.usage?.promptTokens else { return false }
        guard let usual = await show(frames, .red, times: times, to: model, most: 1).usage else { return false }
        return cost > usual.promptTokens
    }

    private func show(
        _ frames: ColourFrames, _ colour: SightTest.Colour, times: [Double], to model: String,
        as ability: FrameListAbility = .untimed, most: Int = 256
    ) async -> ExaminedReply {
        let bytes = frames.bytes(colour)
        let picture = MediaReference(
            sha256: "frame-\(colour.rawValue)", mediaType: "image/jpeg", byteCount: bytes.count, width: frames.side,
            height: frames.side)
        let client = showing(OnePicture(bytes: bytes)).believing(ability, of: model)
        return await client.examined(Self.question(Self.list(of: picture, times: times), to: model, most: most))
    }

    /// What the words that go with a list of so many frames cost alone.
    private func wordCost(of count: Int, model: String) async -> Int? {
        let picture = MediaReference(sha256: "", mediaType: "image/jpeg", byteCount: 0, width: 0, height: 0)
        let writer = ContentWriter(
            sendsPictures: true, sendsVideo: false, sendsFrameLists: true, media: OnePicture(bytes: []))
        let pieces = writer.pieces(
            of: .question(SightTest.question, Self.list(of: picture, times: Self.seconds(count))))
        let words = pieces.compactMap { if case .text(let text) = $0 { text } else { nil } }
        var request = Self.question(nil, to: model, most: 1)
        request.messages = [.question(words.joined(separator: "\n\n"))]
        return await examined(request).usage?.promptTokens
    }

    private static func list(of picture: MediaReference, times: [Double]) -> Attachment.Content {
        let list = times.map { TimedPicture(time: $0, why: "change", picture: picture) }
        return .recording(
            Recording(frames: [], video: nil, seconds: times.last ?? 0, frameList: list, form: .frameList))
    }

    private static func question(_ content: Attachment.Content?, to model: String, most: Int) -> ChatRequest {
        ChatRequest(
            model: model.isEmpty ? nil : model, messages: [.question(SightTest.question, content)], thinking: false,
            maxTokens: most, temperature: 0)
    }

    /// As many pictures as the engine takes in one request; nil when it takes more than a list has frames.
    func mostPictures(model: String) async -> Int? {
        let bytes = SightTest.picture(.green)
        let picture = MediaReference(
            sha256: "sight-green", mediaType: "image/png", byteCount: bytes.count, width: SightTest.side,
            height: SightTest.side)
        let frame = TimedPicture(time: 0, why: "change", picture: picture)
        let recording = Recording(
            frames: Array(repeating: frame, count: FrameListAbility.mostFrames + 1), video: nil, seconds: 1,
            form: .pictures)
        let request = Self.question(.recording(recording), to: model, most: 1)
        let reply = await showing(OnePicture(bytes: bytes)).examined(request)
        guard let limit = reply.failure?.message.firstMatch(of: /At most (\d{1,6}) image/) else { return nil }
        return Int(limit.1)
    }

    /// The same client with a profile by which lists of frames are taken.
    private func believing(_ ability: FrameListAbility, of model: String) -> EngineClient {
        var profile = profile
        if !profile.models.contains(where: { $0.id == model }) { profile.models.append(ModelProfile(id: model)) }
        for index in profile.models.indices { profile.models[index].frameLists = ability }
        return asking(profile)
    }
}

/// What came of showing lists of frames.
enum FrameListProof: Equatable {
    case takes(FrameListAbility)
    /// The engine says that they are not taken.
    case refuses(ReplyFailure)
    /// They are taken, and not seen.
    case blind
    /// Of a long one some frames do not arrive.
    case drops
    /// The engine did not answer.
    case failed(ReplyFailure)

    /// nil where nothing was proven.
    var ability: FrameListAbility? {
        switch self {
        case .takes(let ability): ability
        case .refuses, .blind, .drops: .refused
        case .failed: nil
        }
    }
}

extension ReplyFailure {
    /// Whether it says nothing of what was shown: the engine was not reached, or was busy, or fell silent.
    var saysNothingOfMedia: Bool {
        switch kind {
        case .refused, .cannotSee, .engineError, .contextTooLong: false
        case .unreachable, .unauthorized, .modelMissing, .rateLimited, .brokenOff, .timedOut, .garbled,
            .attachmentUnreadable:
            true
        }
    }
}
