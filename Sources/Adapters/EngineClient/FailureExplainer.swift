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
    /// How long the first word was waited for.
    let patience: Duration?
    /// How long silence was borne after it.
    let silence: Duration?
    /// Where the engine is, safe to show.
    let place: String

    init(
        profile: EngineProfile, key: String?, keyName: String?, model: String?, hasMedia: Bool, patience: Duration?,
        silence: Duration? = nil
    ) {
        self.profile = profile
        self.key = key
        self.keyName = keyName
        self.model = model
        self.hasMedia = hasMedia
        self.patience = patience
        self.silence = silence
        let address = EngineAddress(profile.url)
        place = (profile.socket ?? address.socket).map { "the socket \($0)" } ?? address.origin
    }

    /// A failure with a sentence that does not hold the key, whoever wrote parts of it.
    func told(_ kind: ReplyFailure.Kind, _ sentence: String) -> ReplyFailure {
        ReplyFailure(kind, sentence.withholding(key))
    }

    // MARK: - The engine's own refusals

    /// What a status and its body mean.
    func failure(_ head: HTTPHead, body: [UInt8]) -> ReplyFailure {
        let reply = EngineError(body)
        let words = quote(reply.message)
        switch head.status {
        case 300..<400:
            return told(.refused(status: head.status), sentOn(to: head["Location"]))
        case 401, 403:
            return told(.unauthorized, unauthorized(status: head.status))
        case 429:
            return told(.rateLimited, "The engine has too many requests; \(when(head)).")
        case 407:
            return told(
                .refused(status: 407),
                "The proxy before \(place) wants a name and a password (HTTP 407); put them into HTTP_PROXY.")
        default:
            break
        }
        if let failure = known(reply, status: head.status) { return failure }
        switch head.status {
        case 404:
            return told(
                .refused(status: 404),
                "There is no chat interface at \(EngineAddress(profile.url).base); check the engine's url, which usually ends in /v1."
            )
        case 413:
            return told(
                .contextTooLong(needed: nil, limit: nil),
                "The request is too large for the engine at \(place) (HTTP 413); begin a new chat or attach less.")
        case 503 where reply.isAboutLoading:
            return told(
                .engineError, "The engine at \(place) is still loading its model; ask again in a moment.")
        case 500...:
            return told(
                .engineError, "The engine at \(place) failed (HTTP \(head.status))\(words); try again, or see its log.")
        default:
            return told(
                .refused(status: head.status), "The engine refused the request (HTTP \(head.status))\(words).")
        }
    }

    /// What an error in the middle of a reply means.
    func midReply(_ error: JSONValue) -> ReplyFailure {
        let reply = EngineError(error)
        return known(reply, status: nil)
            ?? told(
                .engineError, "The engine at \(place) failed in the middle\(quote(reply.message)); try again.")
    }

    /// The refusals that engines put into words of their own, whatever the status.
    private func known(_ error: EngineError, status: Int?) -> ReplyFailure? {
        if error.isContextTooLong { return tooLong(needed: error.tokensNeeded, limit: error.tokenLimit) }
        if hasMedia && error.isAboutSight {
            let name = model.map { "The model \"\($0.shown(atMost: 80))\"" } ?? "The engine's model"
            return told(.cannotSee, "\(name) cannot see what was attached; choose a model that sees.")
        }
        if error.isAboutModel(status: status) { return modelMissing(error) }
        return nil
    }

    private func modelMissing(_ error: EngineError) -> ReplyFailure {
        let ids = profile.models.prefix(8).map { $0.id.shown(atMost: 80) }
        let more = profile.models.count > 8 ? ", …" : ""
        let name = model.map { "no model \"\($0.shown(atMost: 80))\"" } ?? "not the model that was asked for"
        let others = ids.isEmpty ? quote(error.message) : "; it has \(ids.joined(separator: ", "))\(more)"
        return told(.modelMissing, "The engine at \(place) has \(name)\(others).")
    }

    private func tooLong(needed: Int?, limit: Int?) -> ReplyFailure {
        let numbers =
            switch (needed, limit) {
            case (let needed?, let limit?): ": \(needed) tokens where \(limit) fit"
            case (nil, let limit?): ": \(limit) tokens fit"
            default: ""
            }
        return told(
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

    private func when(_ head: HTTPHead) -> String {
        guard let pause = RetryAfter.duration(head["Retry-After"], date: head["Date"]) else {
            return "try again in a moment"
        }
        return "try again in \(pause.components.seconds) seconds"
    }

    private func sentOn(to location: String?) -> String {
        guard let location = location?.trimmed, !location.isEmpty else {
            return "The engine at \(place) sends its callers on without saying where to; check the engine's url."
        }
        let here = EngineAddress(profile.url)
        var there = EngineAddress(location.hasPrefix("/") ? here.origin + location : location)
        if there.origin.isEmpty { there = here }
        let suffix = "/chat/completions"
        let path = there.path.hasSuffix(suffix) ? String(there.path.dropLast(suffix.count)) : there.path
        let target = (there.origin + path).withholding(key).shown(atMost: 120)
        return "The engine at \(place) sends its callers on to \(target); set that address as the engine's url."
    }

    // MARK: - Quoting

    /// Another's words, after a colon; nothing when there are none.
    func quote(_ words: String) -> String {
        // The key is taken out before the words are cut, so that no half of it stays.
        var line = words.shown(atMost: 4000).withholding(key).shown(atMost: 200)
        while let last = line.last, ".: ".contains(last) { line.removeLast() }
        return line.isEmpty ? "" : ": \(line)"
    }

    func reason(_ detail: String) -> String {
        let words = quote(detail).dropFirst(2)
        return words.isEmpty ? "" : " (\(words))"
    }
}
