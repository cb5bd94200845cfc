internal import Conversation

/// A reply, and what of the wire's ways is not in what it says.
struct ExaminedReply: Sendable {
    var reasoning = ""
    var answer = ""
    var usage: Usage?
    /// How many events brought words.
    var pieceCount = 0
    /// The fields in which reasoning came; "content" when it came between tags in the answer's own.
    var reasoningFields: [String] = []
    /// Whether the short answer stood between box tokens.
    var hasBoxes = false
    /// Whether it came as a stream of events.
    var isStream = false
    /// How long the first word took.
    var firstWord: Duration?
    /// Why there is no reply, or no more of it.
    var failure: ReplyFailure?

    /// What it says, thoughts included when they are all there is.
    var words: String { answer.isEmpty ? reasoning : answer }

    fileprivate mutating func add(_ delta: ReplyDelta) {
        switch delta {
        case .reasoning(let text): reasoning += text
        case .answer(let text): answer += text
        case .usage(let usage): self.usage = usage
        default: break
        }
    }

    fileprivate mutating func look(at event: JSONValue) {
        guard let choice = event["choices"]?.elements.first, let delta = choice["delta"] ?? choice["message"] else {
            return
        }
        var hasWords = false
        for field in ["reasoning_content", "reasoning", "content"] {
            guard let text = delta[field]?.string, !text.isEmpty else { continue }
            hasWords = true
            if field != "content" { note(field) }
        }
        if hasWords { pieceCount += 1 }
    }

    fileprivate mutating func note(_ field: String) {
        if !reasoningFields.contains(field) { reasoningFields.append(field) }
    }
}

extension EngineClient {
    /// The most bytes of a reply that are looked at.
    private static let longestReply = 4 * 1024 * 1024

    /// Asks once, without asking again, and looks at the wire.
    func examined(_ request: ChatRequest) async -> ExaminedReply {
        var reply = ExaminedReply()
        let call = call(request)
        do {
            try await receive(try call.httpRequest(request), of: call, request, into: &reply)
        } catch let failure as TransportFailure {
            reply.failure = call.explainer.failure(failure)
        } catch {
            reply.failure = error as? ReplyFailure ?? ReplyFailure(.engineError, "The engine cannot be asked.")
        }
        return reply
    }

    private func receive(
        _ question: HTTPRequest, of call: EngineCall, _ request: ChatRequest, into reply: inout ExaminedReply
    ) async throws {
        let start = ContinuousClock.now
        let exchange = try await transport.open(question)
        guard exchange.head.status == 200 else {
            exchange.setPatience(Patience(limit: .seconds(5), since: .now))
            let body = (try? await exchange.rest(limit: 256 * 1024)) ?? []
            throw call.explainer.failure(exchange.head, body: body)
        }
        if let failure = call.explainer.misfit(exchange.head) { throw failure }
        var decoder = ReplyDecoder(
            explainer: call.explainer, requestedModel: request.model,
            startsInReasoning: call.dialect.startsInReasoning(request))
        reply.isStream = !exchange.head.isWholeJSON
        var body: [UInt8] = []
        exchange.setPatience(Patience(limit: limits.firstWord, since: .now))
        while decoder.outcome == nil, body.count < Self.longestReply, let bytes = try await exchange.next() {
            body += bytes
            guard reply.isStream else { continue }
            decoder.feed(bytes)
            if decoder.hasSpoken, reply.firstWord == nil { reply.firstWord = .now - start }
            exchange.setPatience(
                Patience(limit: decoder.hasSpoken ? limits.silence : limits.firstWord, since: .now))
        }
        if reply.isStream { decoder.end() } else { decoder.feedWhole(body) }
        for delta in decoder.deltas { reply.add(delta) }
        for event in Self.events(of: body, isStream: reply.isStream) { reply.look(at: event) }
        if !reply.reasoning.isEmpty, reply.reasoningFields.isEmpty { reply.note("content") }
        reply.hasBoxes = String(decoding: body, as: UTF8.self).contains("|begin_of_box|>")
        if case .failed(let failure) = decoder.outcome { reply.failure = failure }
    }

    private static func events(of body: [UInt8], isStream: Bool) -> [JSONValue] {
        guard isStream else { return JSONParser.parse(body).map { [$0] } ?? [] }
        var parser = ServerSentEventParser()
        let events = ((try? parser.feed(body)) ?? []) + parser.finish()
        return events.compactMap { event in
            guard case .data(let data) = event else { return nil }
            return JSONParser.parse(data)
        }
    }
}
