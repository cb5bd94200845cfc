internal import Conversation

/// Turns the bytes of a streamed reply into what it says.
///
/// A value that does no input or output: `feed` the bytes in any cut, take the `deltas` out, look at the `outcome`. What an
/// engine has said before it fails is given out first.
struct ReplyDecoder {
    /// How the reply ended.
    enum Outcome: Equatable {
        case finished
        case failed(ReplyFailure)
    }

    /// What was said since this was emptied last.
    var deltas: [ReplyDelta] = []
    /// How the reply ended; nil while it goes on.
    private(set) var outcome: Outcome?
    /// Whether any reasoning or answer was said.
    private(set) var hasSpoken = false
    /// Whether the last bytes brought more than signs of life.
    private(set) var hasNews = false

    private let explainer: FailureExplainer
    private let requestedModel: String?
    private var parser = ServerSentEventParser()
    private var splitter: ReasoningSplitter
    private var finishReason: FinishReason?
    private var usage: Usage?
    private var tokensPerSecond: Double?
    private var hasNamedModel = false
    private var usableChunkCount = 0
    private var byteCount = 0

    init(
        explainer: FailureExplainer, requestedModel: String?, startsInReasoning: Bool = false,
        continuesWords: Bool = false
    ) {
        self.explainer = explainer
        self.requestedModel = requestedModel
        splitter = ReasoningSplitter(startsInReasoning: startsInReasoning, continuesWords: continuesWords)
    }

    /// Takes the next bytes of the body.
    mutating func feed(_ bytes: [UInt8]) {
        guard outcome == nil else { return }
        byteCount += bytes.count
        let pending = parser.pendingByteCount
        do throws(ServerSentEventParser.Overflow) {
            let events = try parser.feed(bytes)
            hasNews = !events.isEmpty || parser.pendingByteCount > pending
            for event in events { handle(event) }
        } catch {
            fail(explainer.oversized(parser.longestEvent))
        }
    }

    /// Takes the end of the body.
    ///
    /// - Parameter failure: Why the body ended early; nil for a regular end.
    mutating func end(_ failure: TransportFailure? = nil) {
        guard outcome == nil else { return }
        for event in parser.finish() { handle(event) }
        guard outcome == nil else { return }
        // A reply whose reason to end has come is whole, with or without "[DONE]" and a tidy goodbye.
        if finishReason != nil { return finish() }
        if let failure { return fail(explainer.failure(failure, progress: hasSpoken ? .spoken : .begun)) }
        if usableChunkCount == 0 && byteCount > 0 { return fail(explainer.garbled) }
        fail(hasSpoken ? explainer.brokenOff : explainer.endedEarly)
    }

    /// Takes a whole reply that came as one JSON text, from an engine that does not stream.
    mutating func feedWhole(_ body: [UInt8]) {
        guard let chunk = ReplyChunk(body) else { return fail(explainer.garbled) }
        handle(chunk)
        guard outcome == nil else { return }
        if usableChunkCount == 0 || (finishReason == nil && deltas.isEmpty) { return fail(explainer.garbled) }
        finish()
    }

    // MARK: - Events

    private mutating func handle(_ event: ServerSentEventParser.Event) {
        guard outcome == nil else { return }
        switch event {
        case .done:
            if finishReason == nil && usableChunkCount == 0 { return fail(explainer.garbled) }
            finish()
        case .data(let data):
            // A garbled event is passed over: the rest of the reply is worth more than it.
            guard let chunk = ReplyChunk(data) else { return }
            handle(chunk)
        }
    }

    private mutating func handle(_ chunk: ReplyChunk) {
        if let error = chunk.error { return fail(explainer.midReply(error)) }
        if chunk.isUsable { usableChunkCount += 1 }
        if let model = chunk.model, !hasNamedModel, !model.isEmpty {
            hasNamedModel = true
            if model != requestedModel { deltas.append(.model(model)) }
        }
        if let progress = chunk.progress { deltas.append(.prefill(done: progress.done, total: progress.total)) }
        if let reasoning = chunk.reasoning, !reasoning.isEmpty {
            splitter.noteSeparateReasoning()
            hasSpoken = true
            deltas.append(.reasoning(reasoning))
        }
        if let content = chunk.content, !content.isEmpty {
            hasSpoken = true
            append(splitter.feed(content))
        }
        if let usage = chunk.usage { self.usage = usage }
        if let speed = chunk.tokensPerSecond { tokensPerSecond = speed }
        guard let word = chunk.finishReason, !word.isEmpty, finishReason == nil else { return }
        // Z.ai's word for a reply that its network lost.
        if word == "network_error" { return fail(hasSpoken ? explainer.brokenOff : explainer.endedEarly) }
        finishReason = FinishReason(word: word)
    }

    // MARK: - Ends

    private mutating func finish() {
        let reason = finishReason ?? .stop
        append(splitter.finish(wasCut: reason != .stop))
        if var usage {
            usage.tokensPerSecond = tokensPerSecond
            deltas.append(.usage(usage))
        }
        deltas.append(.finished(reason))
        outcome = .finished
    }

    private mutating func fail(_ failure: ReplyFailure) {
        append(splitter.finish(wasCut: true))
        outcome = .failed(failure)
    }

    private mutating func append(_ pieces: [ReasoningSplitter.Piece]) {
        for piece in pieces {
            switch piece {
            case .reasoning(let text): deltas.append(.reasoning(text))
            case .answer(let text): deltas.append(.answer(text))
            }
        }
    }
}

extension FinishReason {
    /// What an engine's word means.
    init(word: String) {
        switch word {
        case "stop", "eos", "stop_sequence", "end_turn": self = .stop
        case "length", "max_tokens": self = .length
        case "content_filter", "sensitive": self = .filtered
        default: self = .other(word.shown(atMost: 40))
        }
    }
}
