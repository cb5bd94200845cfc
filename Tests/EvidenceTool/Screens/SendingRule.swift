import Evidence

/// What an engine lets pictures be, and what they may cost together.
struct SendingRule {
    let name: String
    let budget: PixelBudget
    /// Of six tenths of a context, as the program fills it.
    let tokens: Int

    /// As people run them.
    static let all = [
        SendingRule(name: "GLM, 64k", budget: .forModel("zai-org/GLM-4.5V"), tokens: 39_321),
        SendingRule(
            name: "GLM in llama.cpp, 16k", budget: .forModel("GLM-4.1V-9B-Thinking-Q4_K_M.gguf"), tokens: 9_830),
        SendingRule(name: "Qwen2.5-VL in Ollama, 8k", budget: .forModel("qwen2.5vl:7b"), tokens: 4_915),
        SendingRule(name: "Gemma 3 in Ollama, 8k", budget: .forModel("gemma3:4b"), tokens: 4_915),
        SendingRule(name: "a megapixel in all", budget: .generic, tokens: 1_280),
    ]

    /// The rules that a screen of the set is sent by: GLM's for all of 4K, and another in turn.
    static func rules(for screen: TextScreen, at index: Int) -> [SendingRule] {
        let other = all[1 + (index + index / 6) % (all.count - 1)]
        return screen.width == 3840 ? [all[0], other] : [other]
    }
}
