internal import Conversation

/// Says in one sentence what went wrong between Scry and an engine, and what to do.
///
/// The sentences quote engines, so that what they quote is cut to one short line without control characters, and never holds
/// the key.
struct FailureExplainer: Sendable {
    /// The engine that was asked.
    let profile: EngineProfile
    /// The key, to keep it out of every sentence.
    let key: String?
    /// Where the key comes from, as an environment variable's name.
    let keyName: String?
    /// The model that was asked for.
    let model: String?
    /// Whether pictures or video went along.
    let hasMedia: Bool
    /// How long silence was borne.
    let patience: Duration?

    /// Where the engine is, safe to show.
    var place: String { profile.socket.map { "the socket \($0)" } ?? EngineAddress(profile.url).origin }

    // MARK: - The connection

    func failure(_ failure: TransportFailure, isMidReply: Bool = false) -> ReplyFailure {
        switch failure.code {
        case .badAddress:
            ReplyFailure(
                .unreachable, "The engine's address \(EngineAddress(profile.url).origin) is malformed; correct its url."
            )
        case .unknownHost:
            ReplyFailure(
                .unreachable,
                "There is no host called \(EngineAddress(profile.url).host); check the engine's url and the network.")
        case .refused:
            ReplyFailure(.unreachable, "Nothing answers at \(place). Is the engine running?")
        case .connectTimedOut:
            ReplyFailure(
                .unreachable,
                "\(place.capitalizedFirst) took no connection in time; check the engine's address and the network.")
        case .silent where isMidReply:
            ReplyFailure(
                .timedOut, "The engine at \(place) fell silent in the middle of its answer\(patienceWords); try again.")
        case .silent:
            ReplyFailure(
                .timedOut, "The engine at \(place) did not answer in time\(patienceWords); it may be busy, try again.")
        case .insecure:
            ReplyFailure(
                .unreachable,
                "There is no secure connection to \(place)\(reason(failure.detail)); check the address and the certificates."
            )
        case .brokenOff where !isMidReply, .notHTTP:
            ReplyFailure(.garbled, "What answers at \(place) does not speak HTTP; check the engine's url.")
        case .brokenOff, .cancelled:
            brokenOff
        case .tooLarge:
            garbled
        case .other:
            ReplyFailure(
                isMidReply ? .brokenOff : .unreachable,
                "The connection to \(place) failed\(reason(failure.detail)); try again.")
        }
    }

    var brokenOff: ReplyFailure {
        ReplyFailure(.brokenOff, "The engine at \(place) broke off in the middle of its answer; try again.")
    }

    var garbled: ReplyFailure {
        ReplyFailure(
            .garbled, "What came from \(place) is not the OpenAI-compatible protocol; check the engine's url.")
    }

    private var patienceWords: String {
        patience.map { " (nothing came for \(Int($0.components.seconds)) seconds)" } ?? ""
    }

    // MARK: - The engine's own refusals

    /// What a status and its body mean.
    func failure(_ head: HTTPHead, body: [UInt8]) -> ReplyFailure {
        let reply = EngineError(body)
        let words = quote(reply.message)
        switch head.status {
        case 300..<400:
            let target = head["Location"].map { EngineAddress($0).origin.shown(atMost: 120) }
            let there = target.map { " to \($0)" } ?? ""
            return ReplyFailure(
                .refused(status: head.status),
                "The engine at \(place) sends its callers on\(there); set that address as the engine's url.")
        case 401, 403:
            return ReplyFailure(.unauthorized, unauthorized(status: head.status))
        case 429:
            return ReplyFailure(.rateLimited, "The engine has too many requests; \(when(head["Retry-After"])).")
        default:
            break
        }
        if let failure = known(reply, status: head.status) { return failure }
        switch head.status {
        case 404:
            return ReplyFailure(
                .refused(status: 404),
                "There is no chat interface at \(EngineAddress(profile.url).base); check the engine's url, which usually ends in /v1."
            )
        case 413:
            return tooLong(needed: nil, limit: nil)
        case 503 where reply.message.lowercased().contains("loading model"):
            return ReplyFailure(
                .engineError, "The engine at \(place) is still loading its model; ask again in a moment.")
        case 500...:
            return ReplyFailure(
                .engineError, "The engine at \(place) failed (HTTP \(head.status))\(words); try again, or see its log.")
        default:
            return ReplyFailure(
                .refused(status: head.status), "The engine refused the request (HTTP \(head.status))\(words).")
        }
    }

    /// What an error in the middle of a reply means.
    func midReply(_ error: JSONValue) -> ReplyFailure {
        let reply = EngineError(error)
        return known(reply, status: nil)
            ?? ReplyFailure(
                .engineError, "The engine at \(place) failed in the middle\(quote(reply.message)); try again.")
    }

    /// The refusals that engines put into words of their own, whatever the status.
    private func known(_ error: EngineError, status: Int?) -> ReplyFailure? {
        if error.isContextTooLong { return tooLong(needed: error.tokensNeeded, limit: error.tokenLimit) }
        if hasMedia && error.isAboutSight {
            let name = model.map { "The model \"\($0.shown(atMost: 80))\"" } ?? "The engine's model"
            return ReplyFailure(.cannotSee, "\(name) cannot see what was attached; choose a model that sees.")
        }
        if error.isAboutModel(status: status) { return modelMissing(error) }
        return nil
    }

    private func modelMissing(_ error: EngineError) -> ReplyFailure {
        let ids = profile.models.prefix(8).map { $0.id.shown(atMost: 80) }
        let more = profile.models.count > 8 ? ", …" : ""
        let name = model.map { "no model \"\($0.shown(atMost: 80))\"" } ?? "not the model that was asked for"
        let others = ids.isEmpty ? quote(error.message) : "; it has \(ids.joined(separator: ", "))\(more)"
        return ReplyFailure(.modelMissing, "The engine at \(place) has \(name)\(others).")
    }

    private func tooLong(needed: Int?, limit: Int?) -> ReplyFailure {
        let numbers =
            switch (needed, limit) {
            case (let needed?, let limit?): ": \(needed) tokens where \(limit) fit"
            case (nil, let limit?): ": \(limit) tokens fit"
            default: ""
            }
        return ReplyFailure(
            .contextTooLong(needed: needed, limit: limit),
            "The conversation is too long for the model\(numbers); begin a new chat or attach less.")
    }

    private func unauthorized(status: Int) -> String {
        let source = keyName.map { "\($0)" }
        if key == nil {
            return
                "The engine at \(place) wants an API key; \(source.map { "set \($0)" } ?? "name its variable as api_key_env")."
        }
        return "The engine at \(place) refuses the API key (HTTP \(status)); check \(source ?? "it")."
    }

    private func when(_ retryAfter: String?) -> String {
        guard let seconds = retryAfter.flatMap({ Int($0) }), seconds >= 0, seconds < 100_000 else {
            return "try again in a moment"
        }
        return "try again in \(seconds) seconds"
    }

    // MARK: - Quoting

    /// Another's words, after a colon; nothing when there are none.
    private func quote(_ words: String) -> String {
        var line = words.shown(atMost: 200)
        if let key, key.count >= 4 { line = line.replacing(key, with: "…") }
        while line.hasSuffix(".") || line.hasSuffix(" ") { line.removeLast() }
        return line.isEmpty ? "" : ": \(line)"
    }

    private func reason(_ detail: String) -> String {
        let words = quote(detail).dropFirst(2)
        return words.isEmpty ? "" : " (\(words))"
    }
}
