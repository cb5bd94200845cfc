internal import Conversation

/// What an engine's family wants to be told in its own words.
///
/// One place for every difference between engines: the encoder asks it and knows no engine itself.
struct Dialect: Sendable {
    let profile: EngineProfile
    let modelID: String?

    var model: ModelProfile? {
        profile.models.first { $0.id == modelID } ?? (modelID == nil ? profile.models.first : nil)
    }

    var traits: ModelTraits { ModelTraits(modelID ?? model?.id ?? "") }

    /// Whether a recording can go as one video; elsewhere it goes as pictures with their times.
    var takesVideo: Bool { profile.passesVideo }

    /// Whether a recording can go as a list of frames in one part.
    var takesFrameLists: Bool { profile.passesFrameLists && model?.frameLists?.isTaken != false }

    /// Whether the frames of a list can have times of their own.
    var takesFrameTimes: Bool { profile.passesFrameLists && model?.frameLists == .timed }

    /// Whether the usage has to be asked for; Transformers and Z.ai send it unasked.
    var asksForUsage: Bool { profile.kind != .transformers && profile.kind != .zai }

    /// Whether the engine reports how far it is with the prompt when asked to.
    var reportsProgress: Bool { profile.kind == .llamaServer }

    /// Whether special tokens have to be asked for, because the short answer stands between two of them.
    var keepsSpecialTokens: Bool {
        (profile.kind == .vllm || profile.kind == .sglang) && traits.marksAnswersWithBoxes
    }

    /// Whether the engine holds an answer to a JSON schema; Z.ai and Transformers refuse or ignore it.
    var takesSchema: Bool { profile.kind != .zai && profile.kind != .transformers }

    /// The name of the token limit.
    var tokenLimitKey: String {
        EngineAddress(profile.url).host == "api.openai.com" ? "max_completion_tokens" : "max_tokens"
    }

    /// The temperature when nobody chose one; nil leaves it to the engine.
    var defaultTemperature: Double? { traits.isSmolLM2 ? 0 : nil }

    /// The longest reply when nobody set a limit: a model as small as SmolLM2 repeats itself until its context is full.
    var defaultMaxTokens: Int? { traits.isSmolLM2 ? 512 : nil }

    /// The system prompt when nobody wrote one: SmolLM2's own makes it talk about itself.
    var defaultSystem: String? { traits.isSmolLM2 ? "You are a helpful assistant." : nil }

    /// Whether the prompt begins the thinking, so that the closing tag comes without an opening one.
    ///
    /// llama-server and Ollama separate the reasoning themselves.
    func startsInReasoning(thinking: Bool) -> Bool {
        guard thinking, profile.kind != .llamaServer, profile.kind != .ollama else { return false }
        return traits.promptBeginsThinking
    }

    /// Writes how the engine is told to think, or not to.
    func writeThinking(_ isOn: Bool, to json: inout JSONWriter) {
        switch profile.kind {
        case .vllm, .sglang, .llamaServer, .transformers:
            json.member("chat_template_kwargs") { (json: inout JSONWriter) in
                json.member("enable_thinking", isOn)
                if traits.isDeepSeek { json.member("thinking", isOn) }
            }
        case .zai:
            json.member("thinking") { (json: inout JSONWriter) in json.member("type", isOn ? "enabled" : "disabled") }
        case .ollama:
            // A model that cannot think refuses to be asked to; "none" is safe with every model.
            if !isOn {
                json.member("reasoning_effort", "none")
            } else if model?.thinking == true {
                json.member("reasoning_effort", "medium")
            }
        case .lmstudio, .openai:
            // Neither has a way to switch thinking off that every model takes.
            if model?.thinking == true { json.member("reasoning_effort", isOn ? "medium" : "low") }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func member(_ name: String, _ body: (inout JSONWriter) -> Void) {
        key(name)
        object { (json: inout JSONWriter) in body(&json) }
    }
}
