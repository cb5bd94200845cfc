internal import Conversation

/// What each family says about its models, and where.
extension EngineVisit {
    /// Ollama is asked about this many models at most.
    private static let mostQuestions = 24

    /// Adds the version and the models to a profile; what cannot be learned is left unknown.
    func complete(_ profile: inout EngineProfile, _ list: [JSONValue]) async {
        switch profile.kind {
        case .llamaServer: await completeLlamaServer(&profile, list)
        case .vllm: await completeVLLM(&profile, list)
        case .sglang: await completeSGLang(&profile, list)
        case .ollama: await completeOllama(&profile, list)
        case .lmstudio: await completeStudio(&profile, list)
        case .zai: profile.models = list.compactMap(serviceModel)
        case .transformers, .openai: profile.models = list.compactMap { named($0, passesVideo: false) }
        }
    }

    /// What the list and the model's name tell.
    private func named(_ json: JSONValue, passesVideo: Bool) -> ModelProfile? {
        guard let id = json["id"]?.string, !id.isEmpty else { return nil }
        let traits = ModelTraits(id)
        return ModelProfile(
            id: id, contextLength: json["max_model_len"]?.count, vision: traits.vision,
            video: passesVideo ? traits.video : false, thinking: traits.thinking)
    }

    /// Z.ai's limits are its documentation's.
    private func serviceModel(_ json: JSONValue) -> ModelProfile? {
        guard var model = named(json, passesVideo: true), model.vision == true else {
            return named(json, passesVideo: false)
        }
        model.limits = MediaLimits(
            pictures: 50, pictureBytes: 5_000_000, pictureSide: 6000, videos: 1, videoBytes: 200_000_000)
        return model
    }

    private func completeLlamaServer(_ profile: inout EngineProfile, _ list: [JSONValue]) async {
        let props = list.isEmpty ? nil : await json(address.root + "/props")
        profile.version = props?["build_info"]?.string
        let sees = props?["modalities"]?["vision"]?.bool
        let takesVideo = props?["modalities"]?["video"]?.bool
        // A template that names the switch can be switched; one that does not, cannot.
        let template = props?["chat_template"]?.string
        let thinks = template.map { $0.contains("enable_thinking") }
        let calls = props?["chat_template_caps"]?["supports_tools"]?.bool
        let inUse = props?["default_generation_settings"]?["n_ctx"]?.count
        profile.models = list.compactMap { entry in
            guard var model = named(entry, passesVideo: true) else { return nil }
            let modalities = entry["architecture"]?["input_modalities"]?.elements.compactMap(\.string)
            model.contextLength = (entry["meta"]?["n_ctx"]?.count ?? inUse).flatMap { $0 > 0 ? $0 : nil }
            model.vision = modalities?.contains("image") ?? sees ?? model.vision
            model.video = modalities?.contains("video") ?? takesVideo ?? model.video
            // The template is of the one model; a router with several has none to speak of.
            if list.count == 1 {
                model.thinking = thinks ?? model.thinking
                model.tools = calls
            }
            return model
        }
    }

    private func completeVLLM(_ profile: inout EngineProfile, _ list: [JSONValue]) async {
        async let version = json(address.root + "/version")?["version"]?.string
        let sees = await takesPictures(list.first?["id"]?.string)
        profile.version = await version
        profile.models = list.compactMap { entry in
            guard var model = named(entry, passesVideo: true) else { return nil }
            // A served name may say nothing where the weights' own name does.
            if let root = entry["root"]?.string {
                let traits = ModelTraits(root)
                model.vision = model.vision ?? traits.vision
                model.video = model.video ?? traits.video
                model.thinking = model.thinking ?? traits.thinking
            }
            model.vision = sees ?? model.vision
            if sees == false { model.video = false }
            return model
        }
    }

    /// Has vLLM count the tokens of a white picture, of which it makes nothing more; nil when it does not say.
    ///
    /// What one of its models takes, all do: the others are adapters and other names of it.
    private func takesPictures(_ model: String?) async -> Bool? {
        guard let model, let reply = await fetched(address.root + "/tokenize", body: Self.pictureCount(model)) else {
            return nil
        }
        switch reply.status {
        case 200: return JSONParser.parse(reply.body)?["count"]?.count.map { _ in true }
        case 400..<500:
            let words = String(decoding: reply.body.prefix(2_000), as: UTF8.self)
            return words.contains("not a multimodal model") || words.contains("At most 0 image") ? false : nil
        default: return nil
        }
    }

    private static func pictureCount(_ model: String) -> [UInt8] {
        var json = JSONWriter()
        json.object {
            $0.key("model")
            $0.string(model)
            $0.key("messages")
            // 56×56 white pixels: every seeing model takes them, and most make four tokens of them.
            $0.raw(
                #"[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,"#
                    + "iVBORw0KGgoAAAANSUhEUgAAADgAAAA4AQAAAACA/QazAAAAEElEQVR42mP4DwEMo/SQpAG+u4aIVGNb8gAAAABJRU5ErkJggg=="
                    + #""}}]}]"#)
        }
        return json.bytes
    }

    private func completeSGLang(_ profile: inout EngineProfile, _ list: [JSONValue]) async {
        async let modelInfo = json(address.root + "/model_info", before: "/get_model_info")
        async let serverInfo = json(address.root + "/server_info", before: "/get_server_info")
        let info = await modelInfo
        profile.version = await serverInfo?["version"]?.string
        let sees = info?["has_image_understanding"]?.bool
        profile.models = list.compactMap { entry in
            guard var model = named(entry, passesVideo: true) else { return nil }
            model.vision = sees ?? model.vision
            if let path = info?["model_path"]?.string {
                let traits = ModelTraits(path)
                model.video = model.video ?? traits.video
                model.thinking = model.thinking ?? traits.thinking
            }
            if sees == false { model.video = false }
            return model
        }
    }

    /// Gets JSON from where it is, else from where older versions have it.
    private func json(_ url: String, before path: String) async -> JSONValue? {
        if let reply = await json(url) { return reply }
        return await json(address.root + path)
    }

    private func completeOllama(_ profile: inout EngineProfile, _ list: [JSONValue]) async {
        async let version = json(address.root + "/api/version")
        async let running = json(address.root + "/api/ps")
        let models = list.compactMap { named($0, passesVideo: false) }
        let details = await withTaskGroup(of: (Int, JSONValue?).self) { group in
            for (index, model) in models.enumerated().prefix(Self.mostQuestions) {
                group.addTask {
                    var question = JSONWriter()
                    question.object { (json: inout JSONWriter) in json.member("model", model.id) }
                    return (index, await json(address.root + "/api/show", body: question.bytes))
                }
            }
            var details: [Int: JSONValue] = [:]
            for await case (let index, let detail?) in group { details[index] = detail }
            return details
        }
        let loaded = await running?["models"]?.elements ?? []
        profile.version = await version?["version"]?.string
        profile.models = models.enumerated().map { index, model in
            var model = model
            if let abilities = details[index]?["capabilities"]?.elements.compactMap(\.string) {
                model.vision = abilities.contains("vision")
                model.thinking = abilities.contains("thinking")
                model.tools = abilities.contains("tools")
            }
            let trained = details[index]?["model_info"]?.members.first { $0.key.hasSuffix(".context_length") }?.value
                .count
            let inUse = loaded.first { ($0["name"] ?? $0["model"])?.string == model.id }?["context_length"]?.count
            model.contextLength = inUse ?? trained
            return model
        }
    }

    private func completeStudio(_ profile: inout EngineProfile, _ list: [JSONValue]) async {
        let details = await json(address.root + "/api/v0/models")?["data"]?.elements ?? []
        profile.models = list.compactMap { entry in
            guard var model = named(entry, passesVideo: false) else { return nil }
            guard let detail = details.first(where: { $0["id"]?.string == model.id }) else { return model }
            if detail["type"]?.string == "embeddings" { return nil }
            if let type = detail["type"]?.string { model.vision = type == "vlm" }
            if case .array(let abilities)? = detail["capabilities"] {
                model.tools = abilities.contains { $0.string == "tool_use" }
            }
            model.contextLength = (detail["loaded_context_length"] ?? detail["max_context_length"])?.count
            return model
        }
    }
}
