import Conversation
import Testing

@testable import EngineClient

@Suite struct ReplyDecoderTests {
    /// A recording, and what it says.
    struct Expected: Sendable, CustomTestStringConvertible {
        var name: String
        var reasoning = ""
        var answer: String
        var finish = FinishReason.stop
        var prompt: Int?
        var completion: Int?
        var cached: Int?
        var reasoned: Int?
        var testDescription: String { name }
    }

    static let recordings = [
        Expected(
            name: "llama-server-glm/image-png",
            reasoning: "Let me look at the image. The shape is a triangle. Its color is red. The background is white.",
            answer: "The image shows a red circle on a white background.", prompt: 48, completion: 38, cached: 2),
        Expected(
            name: "llama-server-glm/images-two", reasoning: "There are 2 images: red circle, blue triangle.",
            answer: "1. The first image shows a red triangle. 2. The second image shows a blue triangle.", prompt: 80,
            completion: 37, cached: 42),
        Expected(
            name: "llama-server-glm/think-default", reasoning: "The user asks about France. The capital is Paris.",
            answer: "The capital of France is **Paris**.", prompt: 13, completion: 23, cached: 4),
        Expected(
            name: "llama-server-glm/think-false", answer: "The capital of France is **Paris**.", prompt: 17,
            completion: 9,
            cached: 11),
        Expected(
            name: "llama-server-glm/length-cut-in-reasoning", reasoning: "The user wants a", answer: "",
            finish: .length,
            prompt: 10, completion: 5, cached: 4),
        Expected(
            name: "llama-server-glm/reasoning-budget-4", reasoning: "The user asks about",
            answer: "The capital is Paris. The capital:\n\n```python of France is well known.\n\n"
                + "The capital of France is for tests.", prompt: 13, completion: 34, cached: 12),
        Expected(
            name: "llama-server-glm/text-show-me-emoji", reasoning: "I will send several emoji, including joined ones.",
            answer: "Here you go: 🙂 🚀 🎉 👩‍💻 👨‍👩‍👧 🏳️‍🌈 é ü ñ 日本語 ✓", prompt: 9, completion: 74, cached: 6),
        Expected(
            name: "llama-server-glm/text-chinese", reasoning: "用户用中文问好，我应该用中文回答。",
            answer: "你好！我是小型测试模型 Tiny GLM，很高兴认识你。今天天气不错，我们可以聊一聊。", prompt: 7, completion: 15,
            cached: 4),
        Expected(
            name: "llama-server-glm/video-data-input_video",
            reasoning:
                "Let me look at the image. The shape is a triangle. Its color is white. The background is white.",
            answer: ". The second image shows a black circle.", prompt: 226, completion: 36, cached: 225),
        Expected(
            name: "llama-server-glm/reasoning-format-deepseek-legacy",
            reasoning: "The user asks about France. The capital is Paris.",
            answer: "The capital of France is **Paris**.", prompt: 13, completion: 23, cached: 12),
        Expected(
            name: "llama-server/sse-ping-and-progress", answer: "The cat sat", finish: .length, prompt: 1831,
            completion: 3,
            cached: 0),
        Expected(
            name: "llama-server/chat-stream-timings-per-token", answer: "The capital of France", finish: .length,
            prompt: 27, completion: 4, cached: 26),
        Expected(
            name: "vllm/text-think-default", reasoning: "The user greets me. I will greet back.",
            answer: "Hello! I am Tiny GLM, a test model. How can I help you today?", prompt: 7, completion: 32,
            cached: 0,
            reasoned: 10),
        Expected(
            name: "vllm/text-think-false", answer: "The capital of France is **Paris**.", prompt: 17, completion: 9,
            cached: 0, reasoned: 0),
        Expected(
            name: "vllm/text-continuous-usage", reasoning: "The user is polite.", answer: "You are welcome!", prompt: 7,
            completion: 13, cached: 0, reasoned: 5),
        Expected(
            name: "vllm/text-logprobs", reasoning: "The user is polite.", answer: "You are welcome!", finish: .length),
        Expected(
            name: "vllm/tools-stream", reasoning: "I need the weather in Paris. I will call get_weather.", answer: "",
            finish: .other("tool_calls"), prompt: 302, completion: 34, reasoned: 18),
        Expected(
            name: "vllm/images-two", reasoning: "There are 2 images: red circle, blue triangle.",
            answer: "1. The first image shows a red triangle. 2. The second image shows a blue triangle.", prompt: 80,
            completion: 37, cached: 0, reasoned: 12),
        Expected(
            name: "vllm/text-stop", answer: "1, 2, 3, 4, 5, 6, 7, 8, 9, ", prompt: 14, completion: 29, cached: 0,
            reasoned: 0),
        Expected(
            name: "vllm-apikey-noparser/think-in-content",
            reasoning: "The user asks about France. The capital is Paris.",
            answer: "The capital of France is **Paris**.", prompt: 13, completion: 23),
        Expected(
            name: "transformers-serve/think-false", answer: "The capital of France is **Paris**.", prompt: 17,
            completion: 9),
    ]

    @Test("says what the recorded engine said", arguments: recordings)
    func replays(_ expected: Expected) throws {
        let (said, outcome) = ReplyDecoder.decode(try RecordedEngine.body(expected.name))

        #expect(outcome == .finished)
        #expect(said.reasoning == expected.reasoning)
        #expect(said.answer == expected.answer)
        #expect(said.finish == expected.finish)
        #expect(said.usage?.promptTokens == expected.prompt)
        #expect(said.usage?.completionTokens == expected.completion)
        #expect(said.usage?.cachedTokens == expected.cached)
        #expect(said.usage?.reasoningTokens == expected.reasoned)
    }

    @Test("says the same wherever the bytes are cut", arguments: recordings)
    func cuts(_ expected: Expected) async throws {
        let body = try RecordedEngine.body(expected.name)
        let whole = ReplyDecoder.decode(body)

        for piece in [1, 2, 3, 7, 64, 1000] {
            await Task.yield()
            let cut = ReplyDecoder.decode(body, piece: piece)
            #expect(cut.said == whole.said)
            #expect(cut.outcome == whole.outcome)
        }
    }

    @Test("reports how far the engine is with the prompt, and its speed")
    func progress() throws {
        let (said, _) = ReplyDecoder.decode(try RecordedEngine.body("llama-server/sse-ping-and-progress"))

        #expect(said.prefills.first == 0)
        #expect(said.prefills == said.prefills.sorted())
        #expect(said.usage?.tokensPerSecond == 18.879858023467662)
    }

    @Test("names the model once, when it is not the one that was asked for")
    func model() throws {
        let body = try RecordedEngine.body("llama-server-glm/think-default")

        #expect(ReplyDecoder.decode(body, model: "other").said.models == ["tiny-glm"])
        #expect(ReplyDecoder.decode(body, model: "tiny-glm").said.models.isEmpty)
    }

    @Test(
        "says that a cancelled recording broke off",
        arguments: ["vllm/cancel-after-8-events", "transformers-serve/cancel"])
    func brokenOff(name: String) throws {
        let (said, outcome) = ReplyDecoder.decode(try RecordedEngine.body(name))

        #expect(said.finish == nil)
        #expect(outcome == .failed(FailureExplainer.sample().brokenOff))
    }

    // MARK: - Streams that no recording has

    private func decode(_ events: String..., startsInReasoning: Bool = false) -> (
        said: Said, outcome: ReplyDecoder.Outcome?
    ) {
        ReplyDecoder.decode(
            Array(events.map { "data: \($0)\n\n" }.joined().utf8), startsInReasoning: startsInReasoning)
    }

    private func kind(_ outcome: ReplyDecoder.Outcome?) -> ReplyFailure.Kind? {
        if case .failed(let failure) = outcome { failure.kind } else { nil }
    }

    @Test(
        "gives an error in the middle after what came before it",
        arguments: [
            #"{"error":{"message":"CUDA out of memory\nat line 5","code":500}}"#, #"{"error":"CUDA out of memory"}"#,
            #"{"object":"error","message":"CUDA out of memory","code":500}"#,
        ])
    func errorInTheMiddle(error: String) {
        let (said, outcome) = decode(#"{"choices":[{"delta":{"content":"Hel"}}]}"#, error, "[DONE]")

        #expect(said.answer == "Hel")
        #expect(
            outcome
                == .failed(
                    ReplyFailure(
                        .engineError,
                        "The engine at http://127.0.0.1:8000 failed in the middle: CUDA out of memory; try again.")))
    }

    @Test("takes an empty chunk and the end, as Ollama's way to fail, for broken off")
    func ollamaError() {
        let (_, outcome) = decode(#"{"choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}"#)

        #expect(kind(outcome) == .brokenOff)
    }

    @Test("passes over a garbled event")
    func garbledEvent() {
        let (said, outcome) = decode(
            #"{"choices":[{"delta":{"content":"a"}}]}"#, "{oops",
            #"{"choices":[{"delta":{"content":"b"},"finish_reason":"stop"}]}"#)

        #expect(said.answer == "ab")
        #expect(outcome == .finished)
    }

    @Test(
        "fails as garbled when nothing was usable",
        arguments: ["<html>hello</html>", "data: {oops\n\ndata: [DONE]\n\n", "data: 5\n\n"])
    func nothingUsable(body: String) {
        #expect(kind(ReplyDecoder.decode(Array(body.utf8)).outcome) == .garbled)
    }

    @Test("fails as broken off when nothing came at all")
    func nothing() {
        #expect(kind(ReplyDecoder.decode([]).outcome) == .brokenOff)
    }

    @Test("fails on an event without end, within bounded memory")
    func endless() {
        var decoder = ReplyDecoder(explainer: .sample(), requestedModel: nil)
        let megabyte = [UInt8](repeating: 0x61, count: 1 << 20)

        for _ in 0..<20 { decoder.feed(megabyte) }

        #expect(kind(decoder.outcome) == .garbled)
    }

    @Test("shows the first of several replies only")
    func severalReplies() {
        let (said, _) = decode(
            #"{"choices":[{"index":1,"delta":{"content":"no"}}]}"#,
            #"{"choices":[{"index":0,"delta":{"content":"yes"},"finish_reason":"stop"}]}"#)

        #expect(said.answer == "yes")
    }

    @Test("takes a reply that came whole, from an engine that does not stream")
    func whole() throws {
        var decoder = ReplyDecoder(explainer: .sample(), requestedModel: nil)
        decoder.feedWhole(try RecordedEngine.body("llama-server-glm/nonstream"))

        let said = Said(decoder.deltas)
        #expect(decoder.outcome == .finished)
        #expect(said.reasoning == "Two plus two equals four.")
        #expect(said.answer == "2 + 2 = 4")
        #expect(said.finish == .stop)
    }

    @Test("gives out as answer what was taken for reasoning by its model's name alone")
    func wrongAssumption() {
        let answer = #"{"choices":[{"delta":{"content":"Paris."},"finish_reason":"stop"}]}"#
        let cut = #"{"choices":[{"delta":{"content":"Let me"},"finish_reason":"length"}]}"#

        #expect(decode(answer, startsInReasoning: true).said.answer == "Paris.")
        #expect(decode(cut, startsInReasoning: true).said.answer.isEmpty)
    }
}
