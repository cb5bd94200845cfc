internal import Conversation

/// What the connection's own failures mean.
extension FailureExplainer {
    /// How far a reply had come.
    enum Progress {
        /// Nothing had come.
        case none
        /// It had begun, and no word of it was there.
        case begun
        /// Words had come.
        case spoken
    }

    func failure(_ failure: TransportFailure, progress: Progress = .none) -> ReplyFailure {
        switch failure.code {
        case .badAddress:
            told(.unreachable, "The engine's address \(address.origin) is malformed; correct its url.")
        case .unknownHost:
            told(
                .unreachable, "There is no host called \(address.host); check the engine's url and the network.")
        case .refused:
            told(.unreachable, "Nothing answers at \(place). Is the engine running?")
        case .connectTimedOut:
            told(
                .unreachable,
                "\(place.capitalizedFirst) took no connection in time; check the engine's address and the network.")
        case .silent:
            silent(progress)
        case .insecure, .untrusted, .noCertificates:
            insecure(failure)
        case .proxy:
            told(
                .unreachable,
                "The proxy does not let \(place) be reached\(reason(failure.detail)); check HTTPS_PROXY and HTTP_PROXY, "
                    + "or put the engine's host into NO_PROXY.")
        case .notHTTP:
            told(.garbled, "What answers at \(place) does not speak HTTP; check the engine's url.")
        case .brokenOff, .cancelled:
            switch progress {
            case .none:
                told(
                    .brokenOff,
                    "The engine at \(place) closed the connection without a reply; try again, or see its log.")
            case .begun: endedEarly
            case .spoken: brokenOff
            }
        case .tooLarge:
            garbled
        case .other:
            told(
                progress == .none ? .unreachable : .brokenOff,
                "The connection to \(place) failed\(reason(failure.detail)); try again.")
        }
    }

    /// Whether asking again can help, after the connection failed.
    func chance(_ failure: TransportFailure) -> RetryChance? {
        // What broke off may have been read, and may have been what broke the engine.
        failure.code == .refused ? .soon(because: "nothing answers at \(place)".withholding(key)) : nil
    }

    /// Whether asking again can help, after the engine refused.
    func chance(_ head: HTTPHead, body: [UInt8]) -> RetryChance? {
        let reason: String
        switch head.status {
        case 429: reason = "the engine has too many requests"
        case 503 where EngineError(body).isAboutLoading: return .loading(because: "the engine is loading its model")
        case 502, 503, 504: reason = "the engine is not ready (HTTP \(head.status))"
        default: return nil
        }
        let pause = RetryAfter.duration(head["Retry-After"], date: head["Date"])
        return pause.map { .after($0, because: reason) } ?? .soon(because: reason)
    }

    /// What is wrong with a reply that was not refused and is none; nil when it may be one.
    func misfit(_ head: HTTPHead) -> ReplyFailure? {
        if head["Content-Type"]?.lowercased().hasPrefix("text/html") == true { return garbled }
        guard let coding = head["Content-Encoding"]?.lowercased(), coding != "identity" else { return nil }
        return told(
            .garbled,
            "What comes from \(place) is compressed\(reason(coding)), which was not asked for; "
                + "switch compression off in the server before the engine.")
    }

    /// The engine ended the reply in its middle.
    var brokenOff: ReplyFailure {
        told(.brokenOff, "The engine at \(place) broke off in the middle of its answer; try again.")
    }

    /// The engine ended the reply before its first word.
    var endedEarly: ReplyFailure {
        told(.brokenOff, "The engine at \(place) ended its reply before the first word; try again, or see its log.")
    }

    /// What came makes no sense.
    var garbled: ReplyFailure {
        told(.garbled, "What came from \(place) is not the OpenAI-compatible protocol; check the engine's url.")
    }

    /// What came is larger than any piece of a reply.
    func oversized(_ limit: Int) -> ReplyFailure {
        told(
            .garbled,
            "What came from \(place) has no end (a piece of more than \(limit >> 20) MB); check the engine's url.")
    }

    // MARK: - Pieces

    private var address: EngineAddress { EngineAddress(profile.url) }

    private func silent(_ progress: Progress) -> ReplyFailure {
        let limit = progress == .spoken ? silence ?? patience : patience
        let words = limit.map { " (nothing came for \(Self.seconds($0)))" } ?? ""
        return told(
            .timedOut,
            progress == .spoken
                ? "The engine at \(place) fell silent in the middle of its answer\(words); try again."
                : "The engine at \(place) did not answer in time\(words); it may be busy, try again.")
    }

    private func insecure(_ failure: TransportFailure) -> ReplyFailure {
        switch failure.code {
        case .untrusted:
            told(
                .unreachable,
                "Nobody who is trusted vouches for \(place)\(reason(failure.detail)); "
                    + "name the file of its authority as ca_file, or in SSL_CERT_FILE.")
        case .noCertificates:
            told(
                .unreachable,
                "The trusted certificates in \(failure.detail.shown(atMost: 200)) cannot be read; correct ca_file or SSL_CERT_FILE."
            )
        default:
            told(
                .unreachable,
                "There is no secure connection to \(place)\(reason(failure.detail)); check the address and the certificates."
            )
        }
    }

    private static func seconds(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        return attoseconds == 0 ? "\(seconds) seconds" : "\(duration / .seconds(1)) seconds"
    }
}
