internal import Conversation

/// What answers mean, and what helps where they are not as they should be.
extension EngineExamination {
    func finding(_ part: String, _ verdict: Finding.Verdict, _ words: String, _ help: String? = nil) -> Finding {
        Finding(part: part, verdict: verdict, words: words, help: help)
    }

    func sentence(_ reply: ExaminedReply) -> String { reply.failure?.message ?? "no words came" }

    var listing: Finding {
        let names = profile.models.map(\.id)
        let about = "\(profile.kind.rawValue)\(profile.version.map { " \($0)" } ?? "") at \(profile.url)"
        if names.isEmpty {
            return profile.kind == .transformers
                ? finding("models", .open, "\(about) does not list its model")
                : finding(
                    "models", .fails, "\(about) lists no models", "wait until it has loaded one, or load one there")
        }
        let shown = names.prefix(6).joined(separator: ", ") + (names.count > 6 ? " and \(names.count - 6) more" : "")
        return finding(
            "models", .works, "\(about) serves \(shown); \(model.id.isEmpty ? "its own" : model.id) is asked")
    }

    func streaming(_ reply: ExaminedReply) -> Finding {
        let help = "set a proxy in between to pass events on unbuffered, or ask the engine directly"
        guard reply.isStream else {
            return finding("streaming", .fails, "the whole reply comes at once, as one JSON text", help)
        }
        guard reply.pieceCount > 1 || reply.words.utf8.count < 24 else {
            return finding("streaming", .fails, "the whole reply comes in one event", help)
        }
        let wait = reply.firstWord.map { ", the first word after \(Int($0 / .milliseconds(1))) ms" } ?? ""
        let speed = reply.usage?.tokensPerSecond.map { ", \(Int($0)) tokens a second" } ?? ""
        return finding("streaming", .works, "a reply comes in \(reply.pieceCount) events\(wait)\(speed)")
    }

    // MARK: - Thinking

    func thinking(on loud: ExaminedReply, off quiet: ExaminedReply) -> Finding {
        if loud.failure != nil {
            return finding("thinking", .fails, "switched on, it fails: \(sentence(loud))", "use --no-think")
        }
        switch (loud.reasoning.isEmpty, quiet.reasoning.isEmpty) {
        case (false, true):
            return finding("thinking", .works, "the switch works: reasoning comes with it on, and none with it off")
        case (false, false):
            return finding("thinking", .fails, "it cannot be switched off", helpForSwitch)
        case (true, false):
            return finding("thinking", .fails, "reasoning comes with it off, and none with it on", helpForSwitch)
        case (true, true):
            guard model.thinking == true else {
                return finding("thinking", .open, "no reasoning comes, with it on or off: the model has none")
            }
            return finding("thinking", .fails, "no reasoning comes with it on", helpForReasoning)
        }
    }

    /// Whether thinking can be switched; nil where no reasoning came at all, which an easy question may be the reason of.
    func hasSwitch(on loud: ExaminedReply, off quiet: ExaminedReply) -> Bool? {
        guard loud.failure == nil, !(loud.reasoning.isEmpty && quiet.reasoning.isEmpty) else { return nil }
        return !loud.reasoning.isEmpty && quiet.reasoning.isEmpty
    }

    private var helpForSwitch: String {
        switch profile.kind {
        case .llamaServer: "start llama-server with --jinja and the model's own chat template"
        case .vllm, .sglang, .transformers: "serve the model with its own chat template, which knows enable_thinking"
        case .ollama: "use a newer Ollama, or a model that ollama show lists with thinking"
        case .lmstudio, .openai, .zai: "choose a model whose thinking can be switched, or leave it on"
        }
    }

    private var helpForReasoning: String {
        switch profile.kind {
        case .vllm: "start vLLM with --reasoning-parser glm45, and without a chat template of your own"
        case .sglang: "start SGLang with --reasoning-parser glm45"
        case .llamaServer: "start llama-server with --jinja --reasoning-format auto"
        case .ollama, .lmstudio, .transformers, .zai, .openai: "check that the model is one that thinks"
        }
    }

    func reasoningField(_ replies: ExaminedReply...) -> Finding? {
        guard let reply = replies.first(where: { !$0.reasoningFields.isEmpty }) else { return nil }
        let fields = reply.reasoningFields
        if fields == ["content"] {
            return finding(
                "reasoning", .works, "it comes inside the answer between <think> tags, and is taken out of it")
        }
        return finding("reasoning", .works, "it comes in \(fields.joined(separator: " and "))")
    }

    // MARK: - Counting

    func counting(_ reply: ExaminedReply) async -> Finding {
        guard let usage = reply.usage else {
            return finding("usage", .fails, "no tokens are counted", "update the engine; Scry estimates until then")
        }
        let counted = "\(usage.promptTokens) tokens in, \(usage.completionTokens) out"
        guard let (_, share) = await cachedShare(), let share else {
            let help: String? =
                switch profile.kind {
                case .vllm: "vLLM says it with --enable-prompt-tokens-details"
                case .sglang: "SGLang says it with --enable-cache-report"
                default: nil
                }
            return finding("usage", .open, "\(counted); what is taken from the cache is not said", help)
        }
        let percent = Int((min(1, share) * 100).rounded())
        guard percent >= 25 else {
            let help: String? =
                switch profile.kind {
                case .vllm: "start vLLM with --enable-prefix-caching"
                case .sglang: "start SGLang without --disable-radix-cache"
                case .llamaServer: "start llama-server without --no-cache-prompt"
                default: nil
                }
            return finding("usage", .open, "\(counted); \(percent) % of words sent again came from the cache", help)
        }
        return finding("usage", .works, "\(counted); \(percent) % of words sent again came from the cache")
    }

    // MARK: - Seeing

    func seeing(_ sight: SightTest.Proof) -> Finding {
        switch sight {
        case .sees: finding("picture", .works, "it names the colours that it is shown")
        case .refuses(let failure):
            model.vision == false
                ? finding("picture", .open, "the model does not see, and says so; text is read off pictures for it")
                : finding("picture", .fails, "it refuses pictures: \(failure.message)", helpForSight)
        case .blind:
            finding("picture", .fails, "pictures are dropped without a word: no colour was named right", helpForSight)
        case .unclear:
            finding("picture", .fails, "only one of two colours was named right, which may be chance", helpForSight)
        case .failed(let failure): finding("picture", .fails, failure.message)
        }
    }

    private var helpForSight: String {
        switch profile.kind {
        case .llamaServer: "start llama-server with the model's projector: --mmproj FILE"
        case .vllm: "serve a model that sees, as zai-org/GLM-4.5V, without --language-model-only"
        case .sglang: "serve a model that sees, as zai-org/GLM-4.5V, with --enable-multimodal"
        case .ollama: "choose a model that ollama show lists with vision"
        case .lmstudio: "load a model that is marked with an eye"
        case .transformers: "serve a model that sees, as zai-org/GLM-4.1V-9B-Thinking"
        case .zai: "choose a model with a V in its name, as glm-4.5v, with -m"
        case .openai: "choose a model that sees with -m"
        }
    }

    func jpeg(_ reply: ExaminedReply) -> Finding {
        if reply.failure != nil {
            return finding("JPEG", .fails, "it is refused: \(sentence(reply))", "update the engine")
        }
        guard SightTest.Colour.blue.isNamed(by: reply.words) else {
            return finding("JPEG", .fails, "it is taken, and its colour named wrong", "update the engine")
        }
        return finding("JPEG", .works, "it is taken and seen")
    }

    func boxes(_ replies: [ExaminedReply]) -> Finding? {
        guard ModelTraits(model.id).marksAnswersWithBoxes else { return nil }
        if replies.contains(where: \.hasBoxes) {
            return finding("box tokens", .works, "the marks around short answers and places reach Scry")
        }
        let help = profile.kind == .llamaServer ? "llama-server removes them; nothing else is lost" : nil
        return finding("box tokens", .open, "none came with these answers", help)
    }
}
