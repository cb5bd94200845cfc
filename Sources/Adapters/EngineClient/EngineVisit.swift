internal import Conversation

/// One look at one engine: which family it is, and what it serves.
struct EngineVisit: Sendable {
    let transport: CurlTransport
    let address: EngineAddress
    let socket: String?
    let key: String?
    let keyName: String?
    /// When the visit has to be over.
    let deadline: ContinuousClock.Instant

    /// How often an engine that loads its model is asked again.
    private static let pause = Duration.milliseconds(200)

    // MARK: - The family

    /// Finds out what is there.
    func profile(
        name: String?, kind: EngineProfile.Kind?, waitsForModel: Bool = false
    ) async throws(ReplyFailure) -> EngineProfile {
        var reply = try await models()
        while waitsForModel, isLoading(reply), ContinuousClock.now + Self.pause < deadline {
            guard (try? await Task.sleep(for: Self.pause)) != nil else { break }
            reply = try await models()
        }
        let known = kind ?? familyByHost ?? family(of: reply)
        let family: EngineProfile.Kind
        if let known { family = known } else { family = try await familyByQuestions(reply) }
        if reply.status == 401 || reply.status == 403 { throw explainer(family).failure(reply.head, body: reply.body) }
        var profile = EngineProfile(
            name: name ?? family.rawValue, kind: family, url: address.base, socket: socket)
        let list = JSONParser.parse(reply.body)?["data"]?.elements ?? []
        await complete(&profile, list)
        return profile
    }

    /// Whether the engine is llama-server, busy with loading its model.
    func isLoading(_ reply: HTTPReply) -> Bool {
        reply.status == 503 && EngineError(reply.body).message.lowercased().contains("loading model")
    }

    private func models() async throws(ReplyFailure) -> HTTPReply {
        do throws(TransportFailure) {
            return try await get(address.base + "/models")
        } catch {
            throw explainer(.openai).failure(error)
        }
    }

    private var familyByHost: EngineProfile.Kind? {
        if address.host.isHost(under: "z.ai") || address.host.isHost(under: "bigmodel.cn") { return .zai }
        return address.host.isHost(under: "openai.com") ? .openai : nil
    }

    /// What the list of models tells of its server.
    private func family(of reply: HTTPReply) -> EngineProfile.Kind? {
        if reply.head["Server"]?.lowercased().hasPrefix("llama.cpp") == true { return .llamaServer }
        return switch JSONParser.parse(reply.body)?["data"]?.elements.first?["owned_by"]?.string {
        case "llamacpp": .llamaServer
        case "vllm": .vllm
        case "sglang": .sglang
        default: nil
        }
    }

    /// Asks what only one family answers; SGLang's answer counts before Ollama's, whose endpoints it imitates.
    private func familyByQuestions(_ reply: HTTPReply) async throws(ReplyFailure) -> EngineProfile.Kind {
        async let modelInfo = json(address.root + "/model_info")
        async let olderInfo = json(address.root + "/get_model_info")
        async let version = json(address.root + "/version")
        async let ollamaVersion = json(address.root + "/api/version")
        async let studioModels = json(address.root + "/api/v0/models")
        async let health = fetched(address.root + "/health")
        if await modelInfo?["model_path"] != nil { return .sglang }
        if await olderInfo?["model_path"] != nil { return .sglang }
        if await ollamaVersion?["version"]?.string != nil { return .ollama }
        if await studioModels?["data"] != nil { return .lmstudio }
        if await version?["version"]?.string != nil { return .vllm }
        if let health = await health, health.head["Server"]?.lowercased() == "uvicorn",
            JSONParser.parse(health.body)?["status"]?.string == "ok"
        {
            return .transformers
        }
        // Something else that lists models, or would to whom it knows, is an engine; a web server is none.
        let isEngine = JSONParser.parse(reply.body)?["data"]?.elements.isEmpty == false
        guard isEngine || reply.status == 401 || reply.status == 403 else {
            throw reply.status < 400 || reply.status == 404
                ? explainer(.openai).garbled : explainer(.openai).failure(reply.head, body: reply.body)
        }
        return .openai
    }

    // MARK: - Asking

    /// Gets an address of the engine, in the time that is left.
    func get(_ url: String) async throws(TransportFailure) -> HTTPReply {
        try await fetch(url, body: nil)
    }

    /// Gets JSON; nil for anything else.
    func json(_ url: String, body: [UInt8]? = nil) async -> JSONValue? {
        guard let reply = try? await fetch(url, body: body), reply.status == 200 else { return nil }
        return JSONParser.parse(reply.body)
    }

    /// Gets or asks; nil when nothing comes back.
    func fetched(_ url: String, body: [UInt8]? = nil) async -> HTTPReply? { try? await fetch(url, body: body) }

    private func fetch(_ url: String, body: [UInt8]?) async throws(TransportFailure) -> HTTPReply {
        let left = deadline - .now
        guard left > .zero else { throw TransportFailure(.silent) }
        var headers: [HTTPRequest.Header] = [("Accept", "application/json")]
        if body != nil { headers.append(("Content-Type", "application/json")) }
        if let key = key?.trimmed, !key.isEmpty {
            do throws(ReplyFailure) {
                headers.append(try EngineCall.authorization(key, explainer(.openai)))
            } catch {
                throw TransportFailure(.other, "the API key has characters that no key has")
            }
        }
        return try await transport.fetch(
            HTTPRequest(
                url: url, socket: socket, headers: headers, body: body, connectTimeout: left, totalTimeout: left))
    }

    private func explainer(_ kind: EngineProfile.Kind) -> FailureExplainer {
        FailureExplainer(
            profile: EngineProfile(name: kind.rawValue, kind: kind, url: address.base, socket: socket), key: key,
            keyName: keyName, model: nil, hasMedia: false, patience: nil)
    }
}

extension String {
    /// Whether a host is a domain or below it.
    fileprivate func isHost(under domain: String) -> Bool { self == domain || hasSuffix("." + domain) }
}
