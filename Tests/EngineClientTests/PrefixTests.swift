import Conversation
import Synchronization
import TestSupport
import Testing

@testable import EngineClient

#if canImport(FoundationEssentials)
    import FoundationEssentials
#endif

/// What an engine has computed for a conversation it can use again only while the bytes before stay the same.
@Suite struct PrefixTests {
    private static let fault = #"{"error":{"message":"busy","code":503}}"#

    @Test(
        "sends what was said before in the same bytes, with pictures, after retries, thinking or not",
        arguments: [EngineProfile.Kind.vllm, .sglang, .llamaServer, .ollama, .transformers, .zai])
    func growing(kind: EngineProfile.Kind) async throws {
        let count = Mutex(0)
        // Every third request fails, and is sent once more.
        let engine = try ScriptedEngine { _ in
            let isFault = count.withLock { count in
                count += 1
                return count % 3 == 2
            }
            return isFault ? .body(Self.fault, status: 503) : .reply(reasoning: "Secret.", answer: "Answer.")
        }
        defer { engine.stop() }
        let picture = ChatAttachment(
            label: "screen", takenAt: Date(timeIntervalSince1970: 5), content: .picture(RequestEncoderTests.picture))
        let client = EngineClient(
            profile: EngineProfile(
                name: "lab", kind: kind, url: engine.url, models: [ModelProfile(id: "glm-4.5v", thinking: true)]),
            media: RequestEncoderTests.library, transport: CurlTransport(),
            retries: RetryPolicy(limit: 2, firstPause: .milliseconds(1), longestPause: .milliseconds(1)))
        var messages: [Message] = []
        for turn in 0..<8 {
            messages.append(turn % 2 == 0 ? .user("Question \(turn)", picture) : .user("Question \(turn)"))
            let request = ChatRequest(
                model: "glm-4.5v", system: "Be kind.", messages: messages, thinking: turn % 3 != 1,
                maxTokens: turn % 2 == 0 ? nil : 100 + turn)
            var said = Said()
            for try await delta in client.reply(to: request) { said.add(delta) }
            #expect(said.finish == .stop)
            messages.append(.assistant(said.answer, reasoning: said.reasoning))
        }
        let bodies = engine.requests.map(\.body)
        // Of twelve, the second, fifth, eighth and eleventh failed.
        #expect(bodies.count == 12)
        let end = Array(#"],"stream""#.utf8)
        for (before, after) in zip(bodies, bodies.dropFirst()) {
            let text = String(decoding: before, as: UTF8.self)
            let range = try #require(text.firstRange(of: String(decoding: end, as: UTF8.self)))
            #expect(after.starts(with: Array(text[..<range.lowerBound].utf8)))
            #expect(!text.contains("Secret"))
        }
    }

    @Test("sends the very same bytes when it asks again")
    func retries() async throws {
        let engine = try ScriptedEngine { _ in .body(Self.fault, status: 503) }
        defer { engine.stop() }
        let client = Faults.client(
            url: engine.url,
            retries: RetryPolicy(limit: 2, firstPause: .milliseconds(1), longestPause: .milliseconds(1)))
        let (_, _, failure) = await Faults.ask(client)
        #expect(failure != nil)
        let bodies = engine.requests.map(\.body)
        #expect(bodies.count == 3 && Set(bodies).count == 1)
    }
}
