import Conversation
import Synchronization
import TestSupport
import Testing

@testable import EngineClient

@Suite struct FencedReplyTests {
    private static let page = "Here it is:\n<html>\n<p>Hé</p>\n</html>\nOpen it."
    private static let fenced = "Here it is:\n```html\n<html>\n<p>Hé</p>\n</html>\n```\nOpen it."

    private func ask(
        _ response: ScriptedEngine.Response, schema: String? = nil, continuing: ReplySoFar? = nil
    ) async throws -> [ReplyDelta] {
        let engine = try ScriptedEngine { _ in response }
        defer { engine.stop() }
        let request = ChatRequest(
            model: "glm-4.5v", messages: [.user("A page")], thinking: false, continuing: continuing, schema: schema)
        var deltas: [ReplyDelta] = []
        let profile = EngineProfile(name: "lab", kind: .vllm, url: engine.url)
        let client = EngineClient(
            profile: profile, media: MemoryLibrary(), transport: CurlTransport(), retries: .never)
        do {
            for try await delta in client.reply(to: request) { deltas.append(delta) }
        } catch is ReplyFailure {
            #expect(deltas.last != .finished(.stop))
        }
        return deltas
    }

    private func event(_ text: Substring) -> String {
        var json = JSONWriter()
        json.string(String(text))
        return #"{"choices":[{"index":0,"delta":{"content":\#(String(decoding: json.bytes, as: UTF8.self))}}]}"#
    }

    @Test("puts a fence around a page wherever the engine cuts it, the end of which comes before the end of the reply")
    func everyCut() async throws {
        for cut in Self.page.indices {
            let deltas = try await ask(
                .events([event(Self.page[..<cut]), event(Self.page[cut...]), Faults.finish]))
            #expect(Said(deltas).answer == Self.fenced, "cut before \(Self.page[cut...])")
            #expect(deltas.last == .finished(.stop))
        }
        let letters = Self.page.indices.map { event(Self.page[$0...$0]) }
        let deltas = try await ask(.events(letters + [Faults.finish]))
        #expect(Said(deltas).answer == Self.fenced && !deltas.contains(.answer("")))
    }

    @Test("hands out the end of a page before the usage and the end")
    func order() async throws {
        let usage = #"{"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2}}"#
        let deltas = try await ask(.events([event("<ul>\n<li>a"), Faults.finish, usage]))
        #expect(Said(deltas).answer == "```html\n<ul>\n<li>a\n```")
        #expect(deltas.suffix(2).first.map { if case .usage = $0 { true } else { false } } == true)
    }

    @Test("passes every word on as it comes where nothing looks like a page")
    func plain() async throws {
        let words = ["The ", "capital", " is\n", "**Paris**", ": 1 < 2.\n", "```swift\nlet a = b<c>()\n```", "\nDone"]
        let deltas = try await ask(.events(words.map { event($0[...]) } + [Faults.finish]))
        #expect(Said(deltas).answer == words.joined())
        #expect(deltas.prefix(4) == words.prefix(4).map { .answer($0) }[...])
    }

    @Test("leaves an answer to a schema alone")
    func schema() async throws {
        let deltas = try await ask(.events([event("<html>\n"), Faults.finish]), schema: "{}")
        #expect(Said(deltas).answer == "<html>\n")
    }

    @Test("keeps a page open that broke off, and goes on inside it")
    func broken() async throws {
        let first = try await ask(.events([event("<html>\n<p>Ha")], isDone: false, end: .reset))
        #expect(Said(first).answer == "```html\n<html>\n<p>Ha")
        let so = ReplySoFar(reasoning: "", answer: Said(first).answer, endsThinking: true)
        let second = try await ask(.events([event("lf</p>\n</html>\n```\nDone"), Faults.finish]), continuing: so)
        #expect(Said(second).answer == "lf</p>\n</html>\n```\nDone")
    }
}
