import Conversation
import TestSupport

@testable import EngineClient

/// Asking an engine that fails, in little time.
enum Faults {
    /// Limits that a test can wait for.
    static let limits = ReplyLimits(
        connecting: .seconds(2), firstWord: .milliseconds(200), silence: .milliseconds(100))
    static let key = "sk-QmVyZ2tyaXN0YWxs"

    static func client(
        url: String, socket: String? = nil, key: String? = nil, transport: CurlTransport = CurlTransport(),
        limits: ReplyLimits = limits, retries: RetryPolicy = .never
    ) -> EngineClient {
        EngineClient(
            profile: EngineProfile(name: "lab", kind: .openai, url: url, socket: socket), key: key, keyName: "LAB_KEY",
            media: MemoryLibrary(), transport: transport, limits: limits, retries: retries)
    }

    static let request = ChatRequest(model: "tiny", messages: [.user("Capital of France?")], thinking: false)

    /// What an engine says, and the sentence with which it ends.
    static func ask(_ client: EngineClient) async -> (said: Said, deltas: [ReplyDelta], failure: ReplyFailure?) {
        var deltas: [ReplyDelta] = []
        do {
            for try await delta in client.reply(to: request) { deltas.append(delta) }
            return (Said(deltas), deltas, nil)
        } catch {
            return (Said(deltas), deltas, error as? ReplyFailure)
        }
    }

    /// The same, of an engine that answers every question in one way; its place is "PLACE" in the sentence.
    static func ask(
        _ response: ScriptedEngine.Response, key: String? = nil
    ) async throws -> (said: Said, sentence: String?) {
        let engine = try ScriptedEngine { _ in response }
        defer { engine.stop() }
        let (said, _, failure) = await ask(client(url: engine.url, key: key))
        return (said, failure?.message.replacing(engine.url.replacing("/v1", with: ""), with: "PLACE"))
    }

    static func delta(_ text: String) -> String { #"{"choices":[{"index":0,"delta":{"content":"\#(text)"}}]}"# }

    static let finish = #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#
}
