/// What is known of models by their names, where the engine does not say it.
struct ModelTraits: Sendable {
    private let name: String

    init(_ id: String) { name = id.lowercased() }

    /// Whether it is one of GLM's seeing models: "glm-4.1v-9b-thinking", "GLM-4.6V-Flash", "tiny-glm41v".
    var isGLMVision: Bool { name.contains(/glm-?[0-9](\.?[0-9])?v/) }

    /// Whether it sees pictures; nil when the name does not tell.
    var vision: Bool? {
        if isGLMVision || Self.seeing.contains(where: { name.contains($0) }) { return true }
        // Of Gemma 3 the two smallest do not see.
        if name.contains(/gemma-?3[-:]?(270m|1b)/) { return false }
        if name.contains(/gemma-?[34]/) { return true }
        return isSmolLM2 ? false : nil
    }

    /// Whether it takes video, in an engine that passes video on; nil when the name does not tell.
    var video: Bool? {
        isGLMVision || name.contains(/qwen[23](\.5)?-?vl/) || name.contains(/qwen[23].*omni/) ? true : nil
    }

    /// Whether its thinking can be switched; nil when the name does not tell.
    var thinking: Bool? {
        if isSmolLM2 { return false }
        if name.contains(/glm-?(4\.?[567]|5)/) { return true }
        if name.contains("qwen3") { return name.contains("instruct") || name.contains("thinking") ? nil : true }
        return name.contains(/deepseek-v3\.[12]/) ? true : nil
    }

    /// Whether the prompt begins the thinking, so that the closing tag comes without an opening one.
    var promptBeginsThinking: Bool {
        name.contains("deepseek-r1") || name.contains("qwq") || name.contains("glm-z1")
            || name.contains(/qwen3.*thinking/)
    }

    /// Whether the short answer stands between `<|begin_of_box|>` and `<|end_of_box|>`.
    var marksAnswersWithBoxes: Bool { isGLMVision }

    /// What is written at the end of a question to switch thinking off, where nothing else does; nil for most models.
    var wordAgainstThinking: String? {
        if name.contains(/glm-?4\.?[567]/) { return "/nothink" }
        guard name.contains("qwen3"), !name.contains("-vl"), !name.contains("2507") else { return nil }
        return name.contains("instruct") || name.contains("thinking") || name.contains("coder") ? nil : "/no_think"
    }

    /// Whether the thinking's tags stand next to the thoughts, without line breaks.
    var hasTightTags: Bool { name.contains("glm") }

    /// How the model's makers recommend to sample; nil where the name does not tell.
    var sampling: Sampling? {
        if isGLMVision { return Sampling(temperature: 0.8, topP: 0.6, topK: 2) }
        if name.contains(/qwen3-?vl/) {
            return name.contains("thinking")
                ? Sampling(temperature: 1, topP: 0.95, topK: 20) : Sampling(temperature: 0.7, topP: 0.8, topK: 20)
        }
        return name.contains(/gemma-?3/) ? Sampling(temperature: 1, topP: 0.95, topK: 64) : nil
    }

    /// How the next token is drawn.
    struct Sampling: Equatable {
        var temperature: Double
        var topP: Double
        var topK: Int
    }

    var isSmolLM2: Bool { name.contains("smollm2") }

    var isDeepSeek: Bool { name.contains("deepseek") }

    private static let seeing = [
        "-vl", "_vl", "llava", "pixtral", "internvl", "minicpm-v", "minicpm-o", "smolvlm", "moondream", "molmo",
        "paligemma", "idefics", "cogvlm", "glm-ocr", "deepseek-ocr", "vision", "phi-3.5-v", "phi-4-multimodal",
        "multimodal", "qwen2.5vl", "qwen3vl", "qwen2vl", "omni", "gpt-4o", "gpt-4.1", "gpt-5", "llama-4", "llama4",
        "mistral-small3.1", "mistral-small-3.1", "mistral-small3.2", "mistral-small-3.2", "gemini", "claude",
    ]
}
