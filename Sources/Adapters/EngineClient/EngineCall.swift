internal import Conversation

/// What is needed to put one question to an engine.
struct EngineCall: Sendable {
    let dialect: Dialect
    let media: any MediaLibrary
    let key: Secret?
    let limits: ReplyLimits
    /// How far apart pieces of the reply are handed on at most.
    var pace = Trickle.pace
    let explainer: FailureExplainer

    /// Makes the request.
    ///
    /// - Throws: `ReplyFailure` when an attachment cannot be read, or the key is none.
    func httpRequest(_ request: ChatRequest) throws -> HTTPRequest {
        var headers: [HTTPRequest.Header] = [
            ("Content-Type", "application/json"), ("Accept", "text/event-stream, application/json"),
        ]
        if let key { headers.append(try EngineCall.authorization(key.revealed, explainer)) }
        let body = try RequestEncoder(dialect: dialect, media: media).encode(request)
        let address = EngineAddress(dialect.profile.url)
        var call = HTTPRequest(
            url: address.base + "/chat/completions", socket: dialect.profile.socket ?? address.socket,
            headers: headers, body: body, connectTimeout: limits.connecting, silenceTimeout: limits.firstWord)
        call.pace = pace
        return call
    }

    /// The header that carries a key.
    static func authorization(_ key: String, _ explainer: FailureExplainer) throws(ReplyFailure) -> HTTPRequest.Header {
        // A line break inside would begin another header.
        guard key.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value < 0x7F }) else {
            let source = explainer.keyName.map { " in \($0)" } ?? ""
            throw ReplyFailure(.unauthorized, "The API key\(source) has characters that no key has; check it.")
        }
        return ("Authorization", "Bearer \(key)")
    }
}
