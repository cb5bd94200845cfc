import Conversation
import Testing

@testable import EngineClient

#if canImport(FoundationEssentials)
    import FoundationEssentials
#endif

private let liveURL = ProcessInfo.processInfo.environment["SCRY_TEST_ENGINE"]

/// Asks a real engine that serves the tiny GLM-4.1V of the fixtures: `SCRY_TEST_ENGINE=http://127.0.0.1:18080 swift test`.
@Suite(.enabled(if: liveURL != nil, "SCRY_TEST_ENGINE names a real engine"))
struct LiveEngineTests {
    private func picture(_ name: String, _ type: String) throws -> (MediaReference, [UInt8]) {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let bytes = Array(try Data(contentsOf: folder.appending(path: "Recordings/media/\(name)")))
        return (MediaReference(sha256: name, mediaType: type, byteCount: bytes.count, width: 160, height: 160), bytes)
    }

    private func ask(_ words: String, _ picture: (MediaReference, [UInt8])?, thinking: Bool) async throws -> Said {
        let transport = CurlTransport()
        let profile = try await EngineProbe(transport: transport).identify(
            url: try #require(liveURL), patience: .seconds(60))
        var library = MemoryLibrary()
        var attachments: [ChatAttachment] = []
        if let (reference, bytes) = picture {
            library.contents[reference.sha256] = bytes
            attachments = [
                ChatAttachment(label: "picture", takenAt: Date(timeIntervalSince1970: 0), content: .picture(reference))
            ]
        }
        var message = Message.user(words)
        message.parts = attachments.map { .attachment($0) } + message.parts
        let client = EngineClient(profile: profile, media: library, transport: transport)
        var said = Said()
        let request = ChatRequest(
            model: profile.models.first?.id, messages: [message], thinking: thinking, maxTokens: 400, temperature: 0)
        for try await delta in client.reply(to: request) { said.add(delta) }
        return said
    }

    @Test("names the colour of what it sees, after thinking")
    func sees() async throws {
        let circle = try await ask("Describe this image.", picture("red-circle.png", "image/png"), thinking: true)
        let square = try await ask("Describe this image.", picture("blue-square.jpg", "image/jpeg"), thinking: true)

        #expect(circle.answer.contains("red") && !circle.answer.contains("blue"))
        #expect(square.answer.contains("blue") && !square.answer.contains("red"))
        #expect(!circle.reasoning.isEmpty && circle.finish == .stop)
        #expect((circle.usage?.promptTokens ?? 0) > 36)
        #expect((circle.usage?.tokensPerSecond ?? 0) > 1)
    }

    @Test("answers without thinking when it is switched off")
    func answers() async throws {
        let said = try await ask("What is the capital of France?", nil, thinking: false)

        #expect(said.reasoning.isEmpty)
        #expect(said.answer == "The capital of France is **Paris**.")
    }

    // MARK: - Counting and continuing

    /// Words of several kinds.
    private static let texts: [(name: String, text: String)] = [
        ("English", String(repeating: "The capital of France is Paris, which lies on the Seine. ", count: 12)),
        (
            "Swift",
            String(repeating: "    guard let index = items.firstIndex(of: name) else { return nil }\n", count: 12)
        ),
        ("JSON", String(repeating: #"{"name": "lab", "port": 8000, "sees": true}, "#, count: 12)),
        ("log", String(repeating: "2026-11-22 10:15:03 [warn] worker-7: took 1532 ms (limit 1000)\n", count: 12)),
        ("German", String(repeating: "Die Geschwindigkeitsbegrenzung gilt für alle Fahrzeuge. ", count: 12)),
        ("Chinese", String(repeating: "法国的首都是巴黎，位于塞纳河畔。", count: 12)),
    ]

    @Test("says in time what words cost, which the estimate is near to for the languages that the model knows")
    func counts() async throws {
        let transport = CurlTransport()
        let profile = try await EngineProbe(transport: transport).identify(
            url: try #require(liveURL), patience: .seconds(60))
        let counter = EngineTokenCounter(profile: profile, transport: transport, patience: .seconds(10))
        let model = try #require(profile.models.first?.id)
        let empty = await counter.count(ChatRequest(model: model, messages: [.user("a")], thinking: false))
        for (name, text) in Self.texts {
            let count = await counter.count(ChatRequest(model: model, messages: [.user(text)], thinking: false))
            #expect(count.isExact)
            let (real, guess) = (count.total - empty.total + 1, TextTokens.estimate(text))
            // The tiny model has a vocabulary of its own, made for its few words.
            guard model.contains("smollm2"), ["English", "Swift", "JSON", "log"].contains(name) else { continue }
            #expect(abs(Double(guess) / Double(real) - 1) < 0.25, "\(name): \(real) tokens, estimated \(guess)")
        }
    }

    @Test("costs for a picture what the rule says, beside the words")
    func pictureCost() async throws {
        let words = try await ask("Describe this image.", nil, thinking: false)
        let picture = try picture("red-circle.png", "image/png")
        let seen = try await ask("Describe this image.", picture, thinking: false)
        let cost = (seen.usage?.promptTokens ?? 0) - (words.usage?.promptTokens ?? 0)
        let rule = PictureTokens(model: "tiny-glm41v").picture(width: 160, height: 160)
        #expect(abs(cost - rule) <= 2, "\(cost) tokens, by the rule \(rule)")
    }

    @Test("answers now from the thoughts that it has, and goes on in the middle of an answer")
    func continues() async throws {
        let transport = CurlTransport()
        let profile = try await EngineProbe(transport: transport).identify(
            url: try #require(liveURL), patience: .seconds(60))
        let client = EngineClient(profile: profile, media: MemoryLibrary(), transport: transport)
        func go(on reply: ReplySoFar) async throws -> Said {
            var said = Said()
            let request = ChatRequest(
                model: profile.models.first?.id, messages: [.user("What is the capital of France?")], thinking: true,
                maxTokens: 200, temperature: 0, continuing: reply)
            for try await delta in client.reply(to: request) { said.add(delta) }
            return said
        }
        let whole = try await ask("What is the capital of France?", nil, thinking: true)
        // The thoughts are whole: the tiny model answers only what it was trained to.
        let now = try await go(on: ReplySoFar(reasoning: whole.reasoning, answer: "", endsThinking: true))
        #expect(now.reasoning.isEmpty && now.answer == whole.answer, "\(now)")
        let begun = "The capital of France"
        let end = try await go(on: ReplySoFar(reasoning: whole.reasoning, answer: begun, endsThinking: true))
        #expect(begun + end.answer == whole.answer, "\(end)")
    }
}
