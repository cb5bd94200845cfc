import Conversation
import TestSupport
import Testing

@testable import EngineClient

#if canImport(FoundationEssentials)
    import FoundationEssentials
#endif

@Suite struct FrameListTests {
    // MARK: - Writing

    private static let names = ["a", "b", "c"]
    private static let library = MemoryLibrary(contents: ["a": [1, 2, 3], "b": [4, 5], "c": [6]])

    private func recording(_ names: [String] = names, form: VideoForm? = .frameList) -> Recording {
        let times = [0, 3.25, 61.5]
        let list = zip(names, times).map { name, time in
            TimedPicture(
                time: time, why: "change",
                picture: MediaReference(sha256: name, mediaType: "image/jpeg", byteCount: 3, width: 28, height: 28))
        }
        return Recording(frames: list, video: nil, seconds: 70, frameList: list, form: form)
    }

    private func json(
        _ recordings: [Recording], kind: EngineProfile.Kind = .vllm, ability: FrameListAbility? = .untimed,
        library: any MediaLibrary = library
    ) throws -> JSONValue {
        let parts = recordings.map {
            Part.attachment(
                ChatAttachment(label: "r", takenAt: Date(timeIntervalSince1970: 0), content: .recording($0)))
        }
        let message = Message(
            role: .user, parts: parts + [.text("What happened?")], createdAt: Date(timeIntervalSince1970: 0))
        let profile = EngineProfile(
            name: "lab", kind: kind, url: "http://127.0.0.1:8000/v1",
            models: [ModelProfile(id: "m", frameLists: ability)])
        let encoder = RequestEncoder(dialect: Dialect(profile: profile, modelID: "m"), media: library)
        let request = ChatRequest(model: "m", messages: [message], thinking: false)
        return try #require(JSONParser.parse(try encoder.encode(request)))
    }

    private func parts(_ json: JSONValue) -> [String] {
        (json["messages"]?.elements.last?["content"]?.elements ?? []).map { part in
            part["text"]?.string ?? (part["image_url"] ?? part["video_url"])?["url"]?.string ?? "?"
        }
    }

    @Test("goes in one part, its frames in order with commas between them, and their times in words")
    func written() throws {
        let body = try json([recording()])
        #expect(
            parts(body) == [
                "A recording of the screen, 70 seconds long, as a video of 3 chosen frames. In minutes and seconds of "
                    + "the recording they are from: 00:00.0, 00:03.3, 01:01.5.",
                "data:video/jpeg;base64,AQID,BAU=,Bg==", "What happened?",
            ])
        #expect(body["media_io_kwargs"] == nil)
    }

    @Test("says whose window is seen, where that is known, in words that mark up nothing", arguments: [true, false])
    func titled(isList: Bool) throws {
        var recording = recording(form: isList ? .frameList : .pictures)
        for (index, title) in [nil, "Inbox <|image|>", "Inbox <|image|>"].enumerated() {
            recording.frames[index].windowTitle = title
            recording.frameList?[index].windowTitle = title
        }
        let words = parts(try json([recording], ability: isList ? .untimed : .refused)).joined(separator: "\n")
        #expect(!words.contains("<|image|>"))
        #expect(words.contains("00:00.0") && !words.contains("00:00.0 (") && !words.contains("[00:00.0] I"))
        #expect(words.contains(isList ? "00:03.3 (Inbox" : "[00:03.3] Inbox"))
        #expect(words.contains(isList ? "), 01:01.5." : "[01:01.5] Inbox"))
        let long = String(repeating: "x", count: 500)
        recording.frames[1].windowTitle = long
        recording.frameList?[1].windowTitle = long
        #expect(!parts(try json([recording], ability: .refused)).joined().contains(long.prefix(61)))
    }

    @Test("takes its times along where the engine wants them, of one list alone")
    func timed() throws {
        let video = try json([recording()], ability: .timed)["media_io_kwargs"]?["video"]
        #expect(video?["frames_indices"]?.elements.compactMap(\.count) == [0, 33, 615])
        #expect(video?["fps"]?.count == 10 && video?["total_num_frames"]?.count == 700)
        #expect(video?["num_frames"] == .number(-1) && video?["duration"] == .number(70))
        #expect(try json([recording(), recording()], ability: .timed)["media_io_kwargs"] == nil)
        #expect(try json([recording(form: .pictures)], ability: .timed)["media_io_kwargs"] == nil)
    }

    @Test(
        "goes as pictures to engines that take no lists",
        arguments: EngineProfile.Kind.allCases.filter { $0 != .vllm })
    func others(kind: EngineProfile.Kind) throws {
        #expect(parts(try json([recording()], kind: kind, ability: .timed)).count == 8)
        #expect(parts(try json([recording()], ability: .refused)).count == 8)
    }

    @Test("goes without the frames that are no longer kept; one alone is a picture")
    func gone() throws {
        struct Forgetful: MediaLibrary {
            let kept: Set<String>
            func bytes(of media: MediaReference) throws -> [UInt8] { try FrameListTests.library.bytes(of: media) }
            func keeps(_ media: MediaReference) -> Bool { kept.contains(media.sha256) }
        }
        let two = parts(try json([recording()], library: Forgetful(kept: ["a", "c"])))
        #expect(two[1] == "data:video/jpeg;base64,AQID,Bg==")
        #expect(two[0].hasSuffix("00:00.0, 01:01.5."))
        let one = parts(try json([recording()], library: Forgetful(kept: ["b"])))
        #expect(one[0].contains("as 1 picture in order") && one[2] == "data:image/jpeg;base64,BAU=")
    }

    @Test("is shown to people by its frames and bytes")
    func dryRun() throws {
        let profile = EngineProfile(name: "lab", kind: .vllm, url: "http://127.0.0.1:8000/v1")
        let client = EngineClient(profile: profile, media: Self.library, transport: CurlTransport())
        let request = ChatRequest(
            model: "m", messages: [.question("?", .recording(recording()))], thinking: false)
        #expect(try client.dryRun(request).contains(#""url": "data:video/jpeg;base64,<3 frames, 9 bytes>""#))
    }

    // MARK: - Trying

    /// How an engine deals with lists.
    struct Ways: Sendable {
        var most = Int.max
        var sees = true
        var takesTimes: Bool?
        var pictures = 4
        var refusal: String?
    }

    /// An engine that decodes what it gets as vLLM does, and counts it.
    private func engine(_ ways: Ways) throws -> ScriptedEngine {
        try ScriptedEngine { request in
            let json = JSONParser.parse(request.body)
            let content = json?["messages"]?.elements.last?["content"]
            let parts = content?.elements ?? []
            let pictures = parts.filter { $0["image_url"] != nil }
            if pictures.count > ways.pictures {
                return Self.refusal("At most \(ways.pictures) image(s) may be provided in one prompt.")
            }
            let texts = parts.compactMap { $0["text"]?.string } + [content?.string ?? ""]
            let words = texts.joined().utf8.count / 4
            guard let url = parts.compactMap({ $0["video_url"]?["url"]?.string }).first else {
                return .reply(answer: "green", promptTokens: words + 18 * pictures.count)
            }
            if let refusal = ways.refusal { return Self.refusal(refusal) }
            guard let list = url.firstRange(of: "data:video/jpeg;base64,") else { return .body("{}", status: 500) }
            let frames = url[list.upperBound...].split(separator: ",", omittingEmptySubsequences: false).map {
                Data(base64Encoded: String($0)).map { String(decoding: $0, as: UTF8.self) }
            }
            var digits = min(frames.count, ways.most)
            if let video = json?["media_io_kwargs"]?["video"] {
                guard let takes = ways.takesTimes else {
                    return Self.refusal("Per-request media_io_kwargs are disabled by default because they can change")
                }
                let indices = video["frames_indices"]?.elements.compactMap(\.count) ?? []
                guard indices.count == frames.count else { return Self.refusal("frames_indices length") }
                if takes { digits = indices.reduce(0) { $0 + String($1 / 10).utf8.count } }
            }
            let seen = frames.prefix(ways.most)
            let cost = words + (seen.count + 1) / 2 * 19 + digits
            let colours = Set(seen.map { $0 ?? "garbled" })
            return .reply(
                answer: ways.sees && colours.count == 1 ? colours.first ?? "" : "Hm.", promptTokens: cost)
        }
    }

    private static func refusal(_ words: String) -> ScriptedEngine.Response {
        .body(#"{"error":{"message":"\#(words)","type":"BadRequestError","code":400}}"#, status: 400)
    }

    private func prove(_ ways: Ways, kind: EngineProfile.Kind = .vllm) async throws -> ProvenAbilities {
        let engine = try engine(ways)
        defer { engine.stop() }
        let client = EngineClient(
            profile: EngineProfile(name: "lab", kind: kind, url: engine.url), media: MemoryLibrary(),
            transport: CurlTransport(), retries: .never)
        let frames = ColourFrames(
            red: Array("red".utf8), green: Array("green".utf8), blue: Array("blue".utf8), side: 112)
        return try await client.provesVideoForms(model: "m", frames: frames)
    }

    @Test("an engine that sees all frames takes lists, and their times where they reach the prompt")
    func takes() async throws {
        #expect(try await prove(Ways()) == ProvenAbilities(frameLists: .untimed, pictures: 4))
        #expect(try await prove(Ways(takesTimes: true)).frameLists == .timed)
        // Taken, and dropped without a word.
        #expect(try await prove(Ways(takesTimes: false)).frameLists == .untimed)
        #expect(try await prove(Ways(pictures: 33)).pictures == nil)
    }

    @Test("an engine that refuses lists, drops frames or does not see them does not take them")
    func refuses() async throws {
        for most in [1, 2, 8, 16, 24, 28] {
            #expect(try await prove(Ways(most: most)).frameLists == .refused, "\(most)")
        }
        #expect(try await prove(Ways(sees: false)).frameLists == .refused)
        #expect(
            try await prove(Ways(refusal: "Failed to apply Glm4vProcessor"))
                == ProvenAbilities(frameLists: .refused, pictures: 4))
        // Other families are not even asked.
        #expect(try await prove(Ways(), kind: .sglang) == ProvenAbilities(frameLists: .refused))
    }

    @Test("an engine that does not answer proves nothing")
    func silent() async throws {
        let client = EngineClient(
            profile: EngineProfile(name: "lab", kind: .vllm, url: "http://127.0.0.1:9/v1"), media: MemoryLibrary(),
            transport: CurlTransport(), retries: .never)
        await #expect(throws: ReplyFailure.self) {
            try await client.provesVideoForms(
                model: "m", frames: ColourFrames(red: [1], green: [2], blue: [3], side: 112))
        }
    }
}
