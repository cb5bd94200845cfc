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

    var isSmolLM2: Bool { name.contains("smollm2") }

    var isDeepSeek: Bool { name.contains("deepseek") }

    private static let seeing = [
        "-vl", "_vl", "llava", "pixtral", "internvl", "minicpm-v", "minicpm-o", "smolvlm", "moondream", "molmo",
        "paligemma", "idefics", "cogvlm", "glm-ocr", "deepseek-ocr", "vision", "phi-3.5-v", "phi-4-multimodal",
        "multimodal", "qwen2.5vl", "qwen3vl", "qwen2vl", "omni", "gpt-4o", "gpt-4.1", "gpt-5", "llama-4", "llama4",
        "mistral-small3.1", "mistral-small-3.1", "mistral-small3.2", "mistral-small-3.2", "gemini", "claude",
    ]
}
