public import Conversation
public import Logging

/// Asks an OpenAI-compatible engine, in the dialect of its family, and streams what it says.
///
///     let client = EngineClient(profile: profile, key: key, media: library, transport: transport)
///     for try await delta in client.reply(to: request) { message.append(delta, elapsed: …) }
///
/// Nothing is sent before the first delta is awaited. Cancelling the task that iterates ends the stream without an error.
public struct EngineClient: ChatModel {
    /// The engine that is asked.
    public private(set) var profile: EngineProfile
    private let key: Secret?
    private let keyName: String?
    private var media: any MediaLibrary
    let transport: CurlTransport
    let limits: ReplyLimits
    private let retries: RetryPolicy
    private var pace = Trickle.pace
    private let logger: Logger?

    /// Makes a client.
    ///
    /// - Parameters:
    ///   - key: The API key; it goes into the request's header and nowhere else.
    ///   - keyName: Where the key comes from, as an environment variable's name, for the sentence about a wrong key.
    ///   - limits: How long the engine may take to be reached, to begin and to go on.
    ///   - retries: How often it is asked again while nothing was said yet.
    ///   - logger: Gets sizes, kinds and durations at debug level; never words, pictures or keys.
    public init(
        profile: EngineProfile, key: String? = nil, keyName: String? = nil, media: any MediaLibrary,
        transport: CurlTransport, limits: ReplyLimits = ReplyLimits(), retries: RetryPolicy = RetryPolicy(),
        logger: Logger? = nil
    ) {
        self.profile = profile
        self.key = Secret(key)
        self.keyName = keyName
        self.media = media
        self.transport = transport
        self.limits = limits
        self.retries = retries
        self.logger = logger
    }

    /// Asks the engine, and streams what it says; nothing is sent before the first delta is awaited.
    public func reply(to request: ChatRequest) -> AsyncThrowingStream<ReplyDelta, any Error> {
        let reader = reader(of: request)
        return AsyncThrowingStream { try await reader.next() }
    }

    /// Asks the engine as `reply(to:)` does; what came together is handed on together.
    public func pieces(of request: ChatRequest) -> AsyncThrowingStream<[ReplyDelta], any Error> {
        let reader = reader(of: request)
        return AsyncThrowingStream { try await reader.pieces() }
    }

    private func reader(of request: ChatRequest) -> ReplyReader {
        ReplyReader(request: request, call: call(request), transport: transport, retries: retries, logger: logger)
    }

    /// The JSON that would be sent, for people: indented, with media shortened to their type and size.
    ///
    /// The bytes of the media are not read.
    public func dryRun(_ request: ChatRequest) throws -> String {
        var encoder = RequestEncoder(dialect: dialect(request), media: media)
        encoder.isDryRun = true
        return String(decoding: try encoder.encode(request), as: UTF8.self)
    }

    /// The same client for somebody who looks at the reply so often: what flows faster is handed on in pieces that are so far
    /// apart, or twice as far where each is several tokens anyway, and what comes after a pause at once.
    public func paced(_ pace: Duration) -> EngineClient {
        var client = self
        client.pace = pace
        return client
    }

    /// The same client with media from elsewhere.
    func showing(_ media: any MediaLibrary) -> EngineClient {
        var client = self
        client.media = media
        return client
    }

    /// The same client with another opinion of its engine.
    func asking(_ profile: EngineProfile) -> EngineClient {
        var client = self
        client.profile = profile
        return client
    }

    private func dialect(_ request: ChatRequest) -> Dialect { Dialect(profile: profile, modelID: request.model) }

    func call(_ request: ChatRequest) -> EngineCall {
        let hasMedia = request.messages.contains { $0.attachments.contains { !$0.media.isEmpty } }
        return EngineCall(
            dialect: dialect(request), media: media, key: key, limits: limits, pace: pace,
            explainer: FailureExplainer(
                profile: profile, key: key?.revealed, keyName: keyName, model: request.model,
                hasMedia: hasMedia && request.sendsPictures, patience: limits.firstWord,
                silence: limits.silence))
    }
}
