import Conversation
import Testing

@testable import EngineClient

#if canImport(FoundationEssentials)
    import FoundationEssentials
#endif

@Suite struct ContinuingTests {
    private let thinking = ReplySoFar(reasoning: "Hm, let", answer: "", endsThinking: false)
    private let enough = ReplySoFar(reasoning: "Hm.", answer: "", endsThinking: true)
    private let broken = ReplySoFar(reasoning: "Hm.", answer: "The cap", endsThinking: true)

    private func dialect(_ kind: EngineProfile.Kind, _ model: String) -> Dialect {
        Dialect(profile: EngineProfile(name: "lab", kind: kind, url: "http://127.0.0.1:8000/v1"), modelID: model)
    }

    private func body(_ reply: ReplySoFar, _ kind: EngineProfile.Kind, model: String = "glm-4.5v") throws -> JSONValue {
        let request = ChatRequest(model: model, messages: [.user("Q")], thinking: true, continuing: reply)
        let encoder = RequestEncoder(dialect: dialect(kind, model), media: MemoryLibrary())
        return try #require(JSONParser.parse(try encoder.encode(request)))
    }

    private func words(_ body: JSONValue) -> [String] {
        (body["messages"]?.elements ?? []).map { "\($0["role"]?.string ?? ""): \($0["content"]?.string ?? "")" }
    }

    @Test("gives vLLM the text that the model's template makes of the thoughts")
    func vllm() throws {
        #expect(try words(body(thinking, .vllm)).last == "assistant: <think>Hm, let")
        #expect(try words(body(enough, .vllm)).last == "assistant: <think>Hm.</think>\n")
        #expect(try words(body(broken, .vllm)).last == "assistant: <think>Hm.</think>\nThe cap")
        #expect(
            try words(body(broken, .vllm, model: "qwen3-vl-thinking")).last
                == "assistant: <think>\nHm.\n</think>\n\nThe cap")
        let json = try body(broken, .vllm)
        #expect(json["continue_final_message"]?.bool == true && json["add_generation_prompt"]?.bool == false)
        #expect(json["separate_reasoning"] == nil)
        #expect(try body(broken, .sglang)["separate_reasoning"]?.bool == false)
    }

    @Test("tells llama-server which of the two goes on")
    func llamaServer() throws {
        let json = try body(enough, .llamaServer)
        let last = json["messages"]?.elements.last
        #expect(last?["reasoning_content"]?.string == "Hm." && last?["content"]?.string == "")
        #expect(json["continue_final_message"]?.string == "content" && json["add_generation_prompt"]?.bool == false)
        #expect(try body(thinking, .llamaServer)["continue_final_message"]?.string == "reasoning_content")
    }

    @Test(
        "asks the others again, without thinking",
        arguments: [EngineProfile.Kind.ollama, .lmstudio, .transformers, .zai, .openai])
    func again(kind: EngineProfile.Kind) throws {
        let json = try body(broken, kind, model: "m")
        #expect(json["continue_final_message"] == nil)
        #expect(words(json).count == 3 && words(json)[1] == "assistant: The cap")
        #expect(words(json)[2].hasPrefix("user: Go on exactly where you stopped."))
        #expect(
            try words(body(enough, kind, model: "m")) == [
                "user: Q\n\nAnswer at once, without thinking about it any longer."
            ])
        #expect(try words(body(thinking, kind, model: "m")) == ["user: Q"])
    }

    @Test("bounds the thinking where the engine does")
    func budget() throws {
        for kind in EngineProfile.Kind.allCases {
            let request = ChatRequest(model: "m", messages: [.user("Q")], thinking: true, thinkingBudget: 64)
            let bytes = try RequestEncoder(dialect: dialect(kind, "m"), media: MemoryLibrary()).encode(request)
            #expect(JSONParser.parse(bytes)?["thinking_budget_tokens"]?.count == (kind == .llamaServer ? 64 : nil))
        }
    }

    @Test("keeps the blanks at the beginning of what goes on")
    func blanks() {
        var splitter = ReasoningSplitter(continuesWords: true)
        #expect(splitter.feed("\n\nNext") == [.answer("\n\nNext")])
        var answer = ""
        var other = ReasoningSplitter(continuesWords: true)
        for case .answer(let text) in other.feed("\n\nNext") + other.finish() { answer += text }
        #expect(answer == "\n\nNext")
    }

    @Test("begins every request with the bytes of the one before", arguments: EngineProfile.Kind.allCases)
    func prefix(kind: EngineProfile.Kind) throws {
        let picture = ChatAttachment(
            label: "screen", takenAt: Date(timeIntervalSince1970: 5), content: .picture(RequestEncoderTests.picture))
        var messages: [Message] = []
        var before: [UInt8] = []
        for turn in 0..<6 {
            messages.append(turn % 2 == 0 ? .user("Question \(turn)", picture) : .user("Question \(turn)"))
            for isThinking in [true, false, true] {
                let request = ChatRequest(
                    model: "glm-4.5v-local", system: "Be kind.", messages: messages,
                    thinking: kind == .lmstudio || kind == .openai || isThinking,
                    maxTokens: turn + 10, temperature: isThinking ? nil : 0.5)
                let body = try RequestEncoder(
                    dialect: dialect(kind, "glm-4.5v-local"), media: RequestEncoderTests.library
                )
                .encode(request)
                #expect(body.starts(with: before))
                let end = try #require(String(decoding: body, as: UTF8.self).firstRange(of: #"],"stream""#))
                let text = String(decoding: body, as: UTF8.self)
                if isThinking { before = before.isEmpty ? [] : before }
                if turn >= 0, isThinking { before = Array(text[..<end.lowerBound].utf8) }
            }
            messages.append(.assistant("Answer \(turn)", reasoning: "Secret thoughts"))
        }
        #expect(!String(decoding: before, as: UTF8.self).contains("Secret"))
    }
}
