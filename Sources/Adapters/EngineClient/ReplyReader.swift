internal import Conversation
internal import Logging

/// Puts one question to an engine and hands out the reply piece by piece, at the pace of whoever asks for the next one.
///
/// An engine that cannot be had is asked again, as long as it has said nothing. Letting go of the reader closes the connection.
actor ReplyReader {
    private let request: ChatRequest
    private let call: EngineCall
    private let transport: CurlTransport
    private let logger: Logger?
    private var stage = Stage.unsent
    private var retries: Retries
    /// What was said and not handed out yet.
    private var said: [ReplyDelta] = []
    /// What was said and is handed out one by one, last first.
    private var pending: [ReplyDelta] = []
    private var decoder: ReplyDecoder
    /// Puts fences around web pages; nil where an answer is data and not words.
    private var fence: MarkupFence?

    private enum Stage {
        case unsent
        case pausing(Duration)
        case streaming(HTTPExchange)
        case ended
    }

    /// Why there is no reply, and what can be hoped for.
    private struct Refusal: Error {
        var failure: ReplyFailure
        var chance: RetryChance?
    }

    /// The longest reply of an engine that does not stream, in bytes.
    private static let longestWhole = 4 * 1024 * 1024
    /// The longest refusal that is read, in bytes.
    private static let longestRefusal = 256 * 1024
    /// How long the words of a refusal may take, once its status is there.
    private static let refusalPatience = Duration.seconds(5)

    init(request: ChatRequest, call: EngineCall, transport: CurlTransport, retries: RetryPolicy, logger: Logger?) {
        self.request = request
        self.call = call
        self.transport = transport
        self.retries = Retries(policy: retries)
        self.logger = logger
        decoder = ReplyDecoder(
            explainer: call.explainer, requestedModel: request.model,
            startsInReasoning: call.dialect.startsInReasoning(request),
            continuesWords: call.dialect.continuesWords(request))
        guard request.schema == nil else { return }
        var fence = MarkupFence()
        // What was said already decides whether the rest begins in a line, or in a block of code.
        if let answer = request.continuing?.answer { _ = fence.feed(answer) }
        self.fence = fence
    }

    /// The next piece; nil after the last one, and when the task was cancelled.
    ///
    /// - Throws: `ReplyFailure`, after everything that was said before it.
    func next() async throws -> ReplyDelta? {
        if pending.isEmpty || Task.isCancelled { pending = try await pieces()?.reversed() ?? [] }
        return pending.popLast()
    }

    /// The next pieces, all that there are; nil after the last ones, and when the task was cancelled.
    ///
    /// - Throws: `ReplyFailure`, after everything that was said before it.
    func pieces() async throws -> [ReplyDelta]? {
        while true {
            if Task.isCancelled {
                stage = .ended
                return nil
            }
            if !said.isEmpty {
                defer { said = [] }
                return said
            }
            do {
                switch stage {
                case .unsent:
                    try await begin()
                case .pausing(let pause):
                    try await Task.sleep(for: pause)
                    stage = .unsent
                case .streaming(let exchange):
                    try await read(exchange)
                case .ended:
                    return nil
                }
            } catch {
                stage = .ended
                if Task.isCancelled { return nil }
                throw error
            }
        }
    }

    // MARK: - Asking

    /// Asks, or arranges to ask again.
    private func begin() async throws {
        do {
            try await ask()
        } catch let refusal as Refusal {
            guard let chance = refusal.chance, let pause = retries.pause(for: chance) else { throw refusal.failure }
            logger?.debug("request to be repeated", metadata: ["attempt": "\(retries.count)", "pause": "\(pause)"])
            said = [.retrying(attempt: retries.count, after: pause / .seconds(1), because: chance.reason)]
            stage = .pausing(pause)
        }
    }

    private func ask() async throws {
        // The pictures are read and encoded here, and the thread that moves the bytes must not wait for that.
        let httpRequest = try await withTaskExecutorPreference(globalConcurrentExecutor) { [call, request] in
            try await Self.httpRequest(call, request)
        }
        logger?.debug(
            "request sent",
            metadata: [
                "engine": "\(call.dialect.profile.name)", "kind": "\(call.dialect.profile.kind.rawValue)",
                "bytes": "\(httpRequest.body?.count ?? 0)",
            ])
        let exchange: HTTPExchange
        do throws(TransportFailure) {
            exchange = try await transport.open(httpRequest)
        } catch {
            throw Refusal(failure: call.explainer.failure(error), chance: call.explainer.chance(error))
        }
        guard exchange.head.status == 200 else { throw await refusal(exchange) }
        if let failure = call.explainer.misfit(exchange.head) { throw failure }
        stage = .streaming(exchange)
        wait(for: exchange)
        guard exchange.head.isWholeJSON else { return }
        do throws(TransportFailure) {
            decoder.feedWhole(try await exchange.rest(limit: Self.longestWhole))
        } catch {
            decoder.end(error)
        }
        settle()
    }

    private nonisolated static func httpRequest(_ call: EngineCall, _ request: ChatRequest) async throws -> HTTPRequest
    {
        try call.httpRequest(request)
    }

    private func refusal(_ exchange: HTTPExchange) async -> Refusal {
        exchange.setPatience(Patience(limit: Self.refusalPatience, since: .now))
        // The status says enough when the words do not come, or do not end.
        let body = (try? await exchange.rest(limit: Self.longestRefusal)) ?? []
        logger?.debug("request refused", metadata: ["status": "\(exchange.head.status)"])
        return Refusal(
            failure: call.explainer.failure(exchange.head, body: body),
            chance: call.explainer.chance(exchange.head, body: body))
    }

    // MARK: - Reading

    private func read(_ exchange: HTTPExchange) async throws {
        if decoder.outcome == nil {
            do throws(TransportFailure) {
                if let bytes = try await exchange.next() { decoder.feed(bytes) } else { decoder.end() }
            } catch {
                decoder.end(error)
            }
            if decoder.hasNews { wait(for: exchange) }
        } else if case .failed(let failure) = decoder.outcome {
            logger?.debug("reply failed", metadata: ["kind": "\(failure.kind)"])
            throw failure
        }
        settle()
    }

    /// Begins to wait for the next news.
    private func wait(for exchange: HTTPExchange) {
        let limit = decoder.hasSpoken ? call.limits.silence : call.limits.firstWord
        // Comments keep a connection alive and are no news, so that bytes alone do not count.
        exchange.setPatience(Patience(limit: limit, since: .now))
    }

    /// Takes over what the decoder made of the last bytes; the failure waits until it was handed out.
    private func settle() {
        var deltas: [ReplyDelta] = []
        for delta in decoder.deltas {
            switch delta {
            case .answer(let text): say(fence?.feed(text) ?? text, in: &deltas)
            case .usage where decoder.outcome == .finished, .finished:
                endWords(isWhole: true, in: &deltas)
                deltas.append(delta)
            default: deltas.append(delta)
            }
        }
        decoder.deltas = []
        if case .failed = decoder.outcome { endWords(isWhole: false, in: &deltas) }
        said = deltas
        if decoder.outcome == .finished {
            logger?.debug("reply finished")
            stage = .ended
        }
    }

    /// Hands out what of the answer was held back.
    private func endWords(isWhole: Bool, in deltas: inout [ReplyDelta]) {
        say(fence?.finish(isWhole: isWhole) ?? "", in: &deltas)
        fence = nil
    }

    private func say(_ text: String, in deltas: inout [ReplyDelta]) {
        if !text.isEmpty { deltas.append(.answer(text)) }
    }
}

extension HTTPHead {
    /// Whether the reply is one JSON text, from an engine that does not stream.
    var isWholeJSON: Bool { self["Content-Type"]?.lowercased().hasPrefix("application/json") == true }
}
