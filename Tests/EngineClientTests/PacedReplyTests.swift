import Conversation
import TestSupport
import Testing

@testable import EngineClient

/// Replies that are handed on in pieces, for somebody who looks at them so often.
@Suite struct PacedReplyTests {
    private func client(_ engine: ScriptedEngine) -> EngineClient {
        EngineClient(
            profile: EngineProfile(name: "lab", kind: .vllm, url: engine.url, models: [ModelProfile(id: "tiny")]),
            media: RequestEncoderTests.library, transport: CurlTransport(), retries: .never)
    }

    private let request = ChatRequest(model: "tiny", messages: [.user("Count.")], thinking: false)

    /// An engine that says numbers, one every few milliseconds.
    private func counting(to end: Int, pause: Duration) throws -> ScriptedEngine {
        let numbers = (0..<end).flatMap { number -> [ScriptedEngine.Step] in
            let event = #"data: {"choices":[{"index":0,"delta":{"content":"\#(number) "}}]}"#
            return [.send(Array((event + "\n\n").utf8)), .pause(pause)]
        }
        let done = #"data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"# + "\n\ndata: [DONE]\n\n"
        return try ScriptedEngine { _ in
            .init([.send(ScriptedEngine.Response.streamHead)] + numbers + [.send(Array(done.utf8))])
        }
    }

    @Test("what flows comes a few times a second, all of it, in order, and each word by itself")
    func flow() async throws {
        let engine = try counting(to: 100, pause: .milliseconds(4))
        defer { engine.stop() }
        let start = ContinuousClock.now
        var batches: [[ReplyDelta]] = []
        for try await deltas in client(engine).paced(.milliseconds(100)).pieces(of: request) { batches.append(deltas) }
        let elapsed = ContinuousClock.now - start

        #expect(batches.flatMap(\.self) == (0..<100).map { .answer("\($0) ") } + [.finished(.stop)])
        // The first two do not wait, nor does the end; a deadline that comes nearer is a look more.
        #expect(batches.count <= 6 + Int(elapsed / .milliseconds(100)), "\(batches.count) in \(elapsed)")
    }

    @Test("what comes slower than that comes when it comes")
    func slow() async throws {
        let engine = try counting(to: 4, pause: .milliseconds(120))
        defer { engine.stop() }
        var batches: [[ReplyDelta]] = []
        for try await deltas in client(engine).paced(.milliseconds(50)).pieces(of: request) { batches.append(deltas) }

        #expect(batches.prefix(4) == [[.answer("0 ")], [.answer("1 ")], [.answer("2 ")], [.answer("3 ")]])
    }

    @Test("one by one and together they are the same", arguments: ["vllm-apikey-noparser/think-in-content"])
    func same(name: String) async throws {
        let bytes = try RecordedEngine.http(name)
        let engine = try ScriptedEngine { _ in .recording(bytes) }
        defer { engine.stop() }
        var single: [ReplyDelta] = []
        for try await delta in client(engine).reply(to: request) { single.append(delta) }
        var together: [ReplyDelta] = []
        for try await deltas in client(engine).pieces(of: request) {
            #expect(!deltas.isEmpty)
            together += deltas
        }
        #expect(single == together)
        #expect(single.count > 10)
    }
}
