public import Conversation
internal import Synchronization

/// Counts what a request will cost: the words by the engine where it counts, the pictures by their model's rule.
///
/// Pictures are never sent for a count. An engine that does not count, or not in time, leaves an estimate.
public struct EngineTokenCounter: TokenCounter {
    private let profile: EngineProfile
    private let key: String?
    private let media: any MediaLibrary
    private let transport: CurlTransport
    private let patience: Duration
    private let state = State()

    /// What was learned of the engine while asking it.
    private final class State: Sendable {
        let cannotCount = Mutex(false)
    }

    /// Makes a counter.
    ///
    /// - Parameter patience: How long the engine may take to count; the estimate stands in for it afterwards.
    public init(
        profile: EngineProfile, key: String? = nil, transport: CurlTransport,
        patience: Duration = .milliseconds(300)
    ) {
        self.profile = profile
        self.key = key
        self.transport = transport
        self.patience = patience
        media = NoMedia()
    }

    /// Counts the tokens of a request.
    public func count(_ request: ChatRequest) async -> TokenCount {
        let estimate = TokenEstimate(model: request.model ?? profile.models.first?.id ?? "")
        var count = estimate.count(request)
        guard let words = await counted(request) else { return count }
        let pictures = estimate.media(of: request)
        count.total = words + pictures
        count.isExact = pictures == 0
        return count
    }

    // MARK: - Asking

    private func counted(_ request: ChatRequest) async -> Int? {
        let address = EngineAddress(profile.url)
        let url: String
        let body: [UInt8]?
        switch profile.kind {
        case .vllm:
            url = address.root + "/tokenize"
            body = messages(request)
        case .llamaServer:
            url = address.base + "/chat/completions/input_tokens"
            body = messages(request)
        // SGLang counts a text, without what its template adds; the others do not count.
        case .sglang, .ollama, .lmstudio, .transformers, .zai, .openai: return nil
        }
        guard let body, !state.cannotCount.withLock({ $0 }) else { return nil }
        var headers: [HTTPRequest.Header] = [("Content-Type", "application/json"), ("Accept", "application/json")]
        if let key = key?.trimmed, !key.isEmpty {
            guard key.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value < 0x7F }) else { return nil }
            headers.append(("Authorization", "Bearer \(key)"))
        }
        let question = HTTPRequest(
            url: url, socket: profile.socket, headers: headers, body: body, connectTimeout: patience,
            totalTimeout: patience)
        guard let reply = try? await transport.fetch(question, limit: 8 * 1024 * 1024) else { return nil }
        if [404, 405, 501].contains(reply.status) { state.cannotCount.withLock { $0 = true } }
        guard reply.status == 200, let json = JSONParser.parse(reply.body) else { return nil }
        return (json["count"] ?? json["input_tokens"])?.count
    }

    private func messages(_ request: ChatRequest) -> [UInt8]? {
        var encoder = RequestEncoder(dialect: Dialect(profile: profile, modelID: request.model), media: media)
        encoder.omitsMedia = true
        return try? encoder.encodeForCounting(request)
    }
}

/// Media that nobody reads.
private struct NoMedia: MediaLibrary {
    func bytes(of media: MediaReference) throws -> [UInt8] {
        throw ReplyFailure(.attachmentUnreadable, "No picture is read to count words.")
    }
}
