internal import Conversation
internal import Logging

/// Puts one question to an engine and hands out the reply piece by piece, at the pace of whoever asks for the next one.
///
/// Letting go of the reader closes the connection.
actor ReplyReader {
    private let request: ChatRequest
    private let call: EngineCall
    private let transport: CurlTransport
    private let logger: Logger?
    private var stage = Stage.unsent
    /// What was said and not handed out yet, last first.
    private var pending: [ReplyDelta] = []
    private var decoder: ReplyDecoder

    private enum Stage {
        case unsent
        case streaming(HTTPExchange)
        case ended
    }

    /// The longest reply of an engine that does not stream, in bytes.
    private static let longestWhole = 16 * 1024 * 1024
    /// The longest refusal that is read, in bytes.
    private static let longestRefusal = 1024 * 1024

    init(request: ChatRequest, call: EngineCall, transport: CurlTransport, logger: Logger?) {
        self.request = request
        self.call = call
        self.transport = transport
        self.logger = logger
        decoder = ReplyDecoder(
            explainer: call.explainer, requestedModel: request.model,
            startsInReasoning: call.dialect.startsInReasoning(thinking: request.thinking))
    }

    /// The next piece; nil after the last one, and when the task was cancelled.
    ///
    /// - Throws: `ReplyFailure`, after everything that was said before it.
    func next() async throws -> ReplyDelta? {
        while true {
            if Task.isCancelled {
                stage = .ended
                return nil
            }
            if let delta = pending.popLast() { return delta }
            do {
                switch stage {
                case .unsent: try await begin()
                case .streaming(let exchange): try await read(exchange)
                case .ended: return nil
                }
            } catch {
                stage = .ended
                if Task.isCancelled { return nil }
                throw error
            }
        }
    }

    private func begin() async throws {
        let httpRequest = try call.httpRequest(request)
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
            throw call.explainer.failure(error)
        }
        guard exchange.head.status == 200 else { throw await refusal(exchange) }
        let type = exchange.head["Content-Type"]?.lowercased() ?? ""
        if type.hasPrefix("text/html") { throw call.explainer.garbled }
        stage = .streaming(exchange)
        guard type.hasPrefix("application/json") else { return }
        do throws(TransportFailure) {
            decoder.feedWhole(try await exchange.rest(limit: Self.longestWhole))
        } catch {
            decoder.end(error)
        }
        settle()
    }

    private func refusal(_ exchange: HTTPExchange) async -> ReplyFailure {
        // The status says enough when the words do not come, or do not end.
        let body = (try? await exchange.rest(limit: Self.longestRefusal)) ?? []
        let failure = call.explainer.failure(exchange.head, body: body)
        logger?.debug("request refused", metadata: ["status": "\(exchange.head.status)"])
        return failure
    }

    private func read(_ exchange: HTTPExchange) async throws {
        if decoder.outcome == nil {
            do throws(TransportFailure) {
                if let bytes = try await exchange.next() { decoder.feed(bytes) } else { decoder.end() }
            } catch {
                decoder.end(error)
            }
        } else if case .failed(let failure) = decoder.outcome {
            logger?.debug("reply failed", metadata: ["kind": "\(failure.kind)"])
            throw failure
        }
        settle()
    }

    /// Takes over what the decoder made of the last bytes; the failure waits until it was handed out.
    private func settle() {
        pending = decoder.deltas.reversed()
        decoder.deltas = []
        if decoder.outcome == .finished {
            logger?.debug("reply finished")
            stage = .ended
        }
    }
}
