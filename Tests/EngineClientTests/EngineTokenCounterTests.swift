import Conversation
import Synchronization
import TestSupport
import Testing

@testable import EngineClient

#if canImport(FoundationEssentials)
    import FoundationEssentials
#endif

@Suite struct EngineTokenCounterTests {
    private static let picture = ChatAttachment(
        label: "screen", takenAt: Date(timeIntervalSince1970: 0),
        content: .picture(
            MediaReference(sha256: "p", mediaType: "image/png", byteCount: 9, width: 1920, height: 1080)))

    private func counter(
        _ engine: ScriptedEngine, _ kind: EngineProfile.Kind, key: String? = nil,
        patience: Duration = .seconds(10)
    ) -> EngineTokenCounter {
        EngineTokenCounter(
            profile: EngineProfile(name: "lab", kind: kind, url: engine.url, models: [ModelProfile(id: "glm-4.5v")]),
            key: key, transport: CurlTransport(), patience: patience)
    }

    private func request(_ words: String, _ attachments: ChatAttachment...) -> ChatRequest {
        var message = Message.user(words)
        message.parts = attachments.map { .attachment($0) } + message.parts
        return ChatRequest(model: "glm-4.5v", messages: [message], thinking: true)
    }

    @Test(
        "asks the engine that counts where it counts, with the key, and calls the count exact",
        arguments: [
            (EngineProfile.Kind.vllm, "/tokenize", #"{"count":123,"max_model_len":8192,"tokens":[1]}"#),
            (.llamaServer, "/v1/chat/completions/input_tokens", #"{"object":"count","input_tokens":123}"#),
        ])
    func exact(kind: EngineProfile.Kind, path: String, reply: String) async throws {
        let engine = try ScriptedEngine { $0.path == path ? .body(reply) : .body("{}", status: 404) }
        defer { engine.stop() }

        let count = await counter(engine, kind, key: "sk-1").count(request("Hello"))

        #expect(count.total == 123 && count.isExact && count.perMessage.count == 1)
        let asked = try #require(engine.requests.first)
        #expect(asked["Authorization"] == "Bearer sk-1")
        let json = try #require(JSONParser.parse(asked.body))
        #expect(json["messages"]?.elements.last?["content"]?.string == "Hello")
        #expect(json["chat_template_kwargs"]?["enable_thinking"]?.bool == true && json["stream"] == nil)
    }

    @Test("never sends a picture for a count, and adds what it costs by its model's rule")
    func pictures() async throws {
        let engine = try ScriptedEngine { _ in .body(#"{"count":40}"#) }
        defer { engine.stop() }

        let count = await counter(engine, .vllm).count(request("What is this?", Self.picture))

        #expect(count.total == 40 + 2693 && !count.isExact)
        #expect(engine.requests.first?.text.contains("data:") == false)
        #expect(engine.requests.first?.text.contains("image_url") == false)
    }

    @Test("estimates where the engine refuses, garbles, dawdles or does not count")
    func estimates() async throws {
        let words = "How many tokens are these words?"
        let estimate = TokenEstimate(model: "glm-4.5v").count(request(words))
        let responses: [ScriptedEngine.Response] = [
            .body("{}", status: 500), .body("no JSON"), .body(#"{"count":-4}"#), .body(#"{"count":"12"}"#),
            .init([.stall]),
            .init([.reset]),
        ]
        for response in responses {
            let engine = try ScriptedEngine { _ in response }
            defer { engine.stop() }
            let counter = counter(engine, .vllm, patience: .milliseconds(100))
            #expect(await counter.count(request(words)) == estimate)
        }
        let engine = try ScriptedEngine { _ in .body(#"{"count":1}"#) }
        defer { engine.stop() }
        for kind in [EngineProfile.Kind.sglang, .ollama, .lmstudio, .transformers, .zai, .openai] {
            #expect(await counter(engine, kind).count(request(words)) == estimate)
        }
        #expect(engine.requests.isEmpty)
    }

    @Test("does not ask again where there is nothing to count with, and asks again after a fault")
    func remembers() async throws {
        for (status, asked) in [(404, 1), (405, 1), (501, 1), (500, 2)] {
            let engine = try ScriptedEngine { _ in .body("{}", status: status) }
            defer { engine.stop() }
            let counter = counter(engine, .llamaServer)
            for _ in 0..<2 { _ = await counter.count(request("a")) }
            #expect(engine.requests.count == asked)
        }
    }

    @Test("never puts a key with odd characters on the wire")
    func oddKey() async throws {
        let engine = try ScriptedEngine { _ in .body(#"{"count":1}"#) }
        defer { engine.stop() }
        let count = await counter(engine, .vllm, key: "a\r\nX-Evil: 1").count(request("a"))
        #expect(!count.isExact && engine.requests.isEmpty)
    }
}
