import Conversation
import TestSupport
import Testing

@testable import EngineClient

#if canImport(FoundationEssentials)
    import FoundationEssentials
#endif

@Suite struct EngineClientTests {
    private func client(
        _ engine: ScriptedEngine, kind: EngineProfile.Kind = .llamaServer, key: String? = nil,
        patience: Duration = .seconds(20), socket: String? = nil
    ) -> EngineClient {
        let profile = EngineProfile(
            name: "lab", kind: kind, url: engine.url, socket: socket, models: [ModelProfile(id: "tiny")])
        return EngineClient(
            profile: profile, key: key, keyName: "LAB_KEY", media: RequestEncoderTests.library,
            transport: CurlTransport(),
            limits: ReplyLimits(firstWord: patience, silence: patience), retries: .never)
    }

    private let request = ChatRequest(model: "tiny", messages: [.user("Capital of France?")], thinking: true)

    private func failure(_ client: EngineClient, _ request: ChatRequest? = nil) async -> (Said, ReplyFailure?) {
        var said = Said()
        do {
            for try await delta in client.reply(to: request ?? self.request) { said.add(delta) }
            return (said, nil)
        } catch {
            return (said, error as? ReplyFailure)
        }
    }

    @Test(
        "replays recorded engines over a real connection",
        arguments: ["llama-server-glm/think-default", "vllm-apikey-noparser/think-in-content"])
    func recordings(name: String) async throws {
        let bytes = try RecordedEngine.http(name)
        let engine = try ScriptedEngine { _ in .recording(bytes) }
        defer { engine.stop() }

        let (said, failure) = await failure(client(engine))

        #expect(failure == nil)
        #expect(said.reasoning == "The user asks about France. The capital is Paris.")
        #expect(said.answer == "The capital of France is **Paris**.")
        #expect(said.usage?.completionTokens == 23)
        #expect(said.finish == .stop)
    }

    @Test("sends what the dialect says, with the key in its header")
    func sends() async throws {
        let engine = try ScriptedEngine.serving { _ in .reply(reasoning: "Hm, well.", answer: "It is Paris.") }
        defer { engine.stop() }

        let (said, failure) = await failure(client(engine, key: " sk-secret \n"))

        #expect(failure == nil)
        #expect(said.reasoning == "Hm, well." && said.answer == "It is Paris.")
        let sent = try #require(engine.requests.first)
        #expect(sent.method == "POST" && sent.path == "/v1/chat/completions")
        #expect(sent["Authorization"] == "Bearer sk-secret")
        #expect(sent["Content-Type"] == "application/json")
        #expect(JSONParser.parse(sent.body)?["messages"]?.elements.first?["content"]?.string == "Capital of France?")
    }

    @Test("sends nothing before somebody listens")
    func lazy() async throws {
        let engine = try ScriptedEngine.serving { _ in .reply(answer: "x") }
        defer { engine.stop() }

        _ = client(engine).reply(to: request)

        #expect(engine.requests.isEmpty)
    }

    @Test("explains refusals of recorded engines")
    func refusals() async throws {
        let bytes = try RecordedEngine.http("llama-server/err-context-too-long")
        let engine = try ScriptedEngine { _ in .recording(bytes) }
        defer { engine.stop() }

        let (_, failure) = await failure(client(engine))

        #expect(failure?.kind == .contextTooLong(needed: 6031, limit: 2048))
    }

    @Test("asks whether the engine runs when nothing answers")
    func unreachable() async throws {
        let engine = try ScriptedEngine { _ in .body("") }
        engine.stop()

        let (_, failure) = await failure(client(engine))

        #expect(failure?.kind == .unreachable)
        let place = engine.url.replacing("/v1", with: "")
        #expect(failure?.message == "Nothing answers at \(place). Is the engine running?")
    }

    @Test("keeps what was said when the engine falls silent, dies or lies")
    func trouble() async throws {
        let chunk = #"{"choices":[{"index":0,"delta":{"content":"Par"}}]}"#
        let cases: [(ScriptedEngine.Response, ReplyFailure.Kind)] = [
            (.events([chunk], isDone: false, end: .stall), .timedOut),
            (.events([chunk], isDone: false), .brokenOff),
            (.events([chunk, #"{"error":{"message":"boom"}}"#]), .engineError),
        ]
        for (response, kind) in cases {
            let engine = try ScriptedEngine { _ in response }
            defer { engine.stop() }

            let (said, failure) = await failure(client(engine, patience: .milliseconds(150)))

            #expect(said.answer == "Par")
            #expect(failure?.kind == kind)
        }
    }

    @Test("times out when the engine never begins to answer")
    func stalled() async throws {
        let engine = try ScriptedEngine { _ in .init([.stall]) }
        defer { engine.stop() }

        let (_, failure) = await failure(client(engine, patience: .milliseconds(100)))

        #expect(failure?.kind == .timedOut)
        #expect(await eventually { engine.abandonedCount == 1 })
    }

    @Test("says that a web server is no engine")
    func webServer() async throws {
        let engine = try ScriptedEngine { _ in .body("<html></html>", type: "text/html; charset=utf-8") }
        defer { engine.stop() }

        #expect(await failure(client(engine)).1?.kind == .garbled)
    }

    @Test("takes a reply that is not streamed, and says when such a one makes no sense")
    func wholeReply() async throws {
        let bytes = try RecordedEngine.http("llama-server-glm/nonstream")
        let engine = try ScriptedEngine { _ in .recording(bytes) }
        let odd = try ScriptedEngine { _ in .body(#"{"hello":"world"}"#) }
        defer {
            engine.stop()
            odd.stop()
        }

        #expect(await failure(client(engine)).0.answer == "2 + 2 = 4")
        #expect(await failure(client(odd)).1?.kind == .garbled)
        #expect(odd.requests.count == 1)
    }

    @Test("refuses a key that would begin another header")
    func oddKey() async throws {
        let engine = try ScriptedEngine { _ in .body("") }
        defer { engine.stop() }

        let (_, failure) = await failure(client(engine, key: "a\r\nX-Evil: 1"))

        #expect(
            failure == ReplyFailure(.unauthorized, "The API key in LAB_KEY has characters that no key has; check it."))
        #expect(engine.requests.isEmpty)
    }

    @Test("goes through a unix socket")
    func unixSocket() async throws {
        let path = "/tmp/scry-test-\(UUID().uuidString.prefix(8)).sock"
        let engine = try ScriptedEngine.serving(socket: path) { _ in .reply(answer: "Paris.") }
        defer { engine.stop() }

        let (said, _) = await failure(client(engine, socket: path))

        #expect(said.answer == "Paris.")
    }

    @Test("closes the connection when the task is cancelled, and ends without an error")
    func cancellation() async throws {
        let chunk = #"{"choices":[{"index":0,"delta":{"content":"Par"}}]}"#
        let engine = try ScriptedEngine { _ in .events([chunk], isDone: false, end: .stall) }
        defer { engine.stop() }
        let client = client(engine)
        let (signal, continuation) = AsyncStream.makeStream(of: Void.self)
        let task = Task { () -> String in
            var answer = ""
            for try await delta in client.reply(to: request) {
                if case .answer(let text) = delta { answer += text }
                continuation.yield()
            }
            return answer
        }
        for await _ in signal { break }

        task.cancel()

        #expect(try await task.value == "Par")
        #expect(await eventually { engine.abandonedCount == 1 })
    }

    @Test("closes the connection when the listener leaves the loop")
    func leaving() async throws {
        let chunk = #"{"choices":[{"index":0,"delta":{"content":"Par"}}]}"#
        let engine = try ScriptedEngine { _ in .events([chunk], isDone: false, end: .stall) }
        defer { engine.stop() }

        for try await _ in client(engine).reply(to: request) { break }

        #expect(await eventually { engine.abandonedCount == 1 })
    }

    @Test("holds an endless engine back while nobody takes its words")
    func backPressure() async throws {
        let words = String(repeating: "word ", count: 4000)
        let chunk = Array(#"data: {"choices":[{"index":0,"delta":{"content":"\#(words)"}}]}"#.utf8 + [10, 10])
        let engine = try ScriptedEngine { _ in
            .init([.send(ScriptedEngine.Response.streamHead)] + (0..<3000).map { _ in .send(chunk) })
        }
        defer { engine.stop() }
        var iterator = client(engine).reply(to: request).makeAsyncIterator()

        #expect(try await iterator.next() == .answer(words))
        var before = -1
        var samples = 0
        let stood = await eventually {
            samples += 1
            guard samples % 50 == 0 else { return false }
            defer { before = engine.sentByteCount }
            return before == engine.sentByteCount
        }

        #expect(stood)
        #expect(engine.sentByteCount < 24 << 20)
        #expect(try await iterator.next() == .answer(words))
    }
}
