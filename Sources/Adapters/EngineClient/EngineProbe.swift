public import Conversation
internal import Synchronization

/// Finds engines and learns what they can do.
public struct EngineProbe: Sendable {
    /// A place where an engine may be.
    public struct Candidate: Sendable, Equatable {
        /// Where its OpenAI-compatible interface would be.
        public var url: String
        /// The unix socket to connect through, in place of the URL's host and port.
        public var socket: String?
        /// What a user calls it; nil names it after its kind.
        public var name: String?

        /// Makes a candidate.
        public init(url: String, socket: String? = nil, name: String? = nil) {
            self.url = url
            self.socket = socket
            self.name = name
        }
    }

    /// What an engine does at the moment.
    public enum Status: Sendable, Equatable {
        /// It answers.
        case ready
        /// It is there, and still loads its model.
        case loading
        /// It wants a key, or another one.
        case locked
        /// Nothing answers.
        case absent
    }

    /// Where engines listen on this machine unless they are told otherwise.
    public static let wellKnown: [Candidate] = [
        Candidate(url: "http://127.0.0.1:8000/v1"),  // vLLM, transformers serve
        Candidate(url: "http://127.0.0.1:30000/v1"),  // SGLang
        Candidate(url: "http://127.0.0.1:8080/v1"),  // llama-server
        Candidate(url: "http://127.0.0.1:11434/v1"),  // Ollama
        Candidate(url: "http://127.0.0.1:1234/v1"),  // LM Studio
        Candidate(url: "http://127.0.0.1:8001/v1"),
    ]

    private let transport: CurlTransport

    /// Makes a probe.
    public init(transport: CurlTransport) { self.transport = transport }

    /// Asks all candidates at once, and returns the engines that answered, in the candidates' order.
    ///
    /// A llama-server that still loads its model is among them, without models.
    ///
    /// - Parameter patience: How long all of it takes at most.
    public func find(
        candidates: [Candidate] = wellKnown, within patience: Duration = .milliseconds(300)
    ) async -> [EngineProfile] {
        let deadline = ContinuousClock.now + patience
        return await withTaskGroup(of: (Int, EngineProfile?).self) { group in
            for (index, candidate) in candidates.enumerated() {
                group.addTask {
                    let visit = EngineVisit(
                        transport: transport, address: EngineAddress(candidate.url), socket: candidate.socket, key: nil,
                        keyName: nil, deadline: deadline)
                    return (index, try? await visit.profile(name: candidate.name, kind: nil))
                }
            }
            var found: [(Int, EngineProfile)] = []
            for await case (let index, let profile?) in group { found.append((index, profile)) }
            return found.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    /// Learns what is to know of the engine at an address.
    ///
    /// - Parameters:
    ///   - url: Where it is; "/v1" is added when there is no path.
    ///   - name: What a user calls it; nil names it after its kind.
    ///   - kind: Its family, when it is known; nil finds out.
    ///   - key: The API key, which goes to this address only.
    ///   - keyName: Where the key comes from, for the sentence about a wrong key.
    ///   - socket: The unix socket to connect through.
    ///   - patience: How long it may take. An engine that loads its model is asked again until then, and has no models in its
    ///     profile when it is not done by then.
    /// - Throws: `ReplyFailure`: `.unreachable`, `.unauthorized`, `.garbled`, …
    public func identify(
        url: String, name: String? = nil, kind: EngineProfile.Kind? = nil, key: String? = nil, keyName: String? = nil,
        socket: String? = nil, patience: Duration = .seconds(10)
    ) async throws(ReplyFailure) -> EngineProfile {
        let visit = EngineVisit(
            transport: transport, address: EngineAddress(url), socket: socket, key: key, keyName: keyName,
            deadline: .now + patience)
        return try await visit.profile(name: name, kind: kind, waitsForModel: true)
    }

    /// Asks whether the engine at an address is ready.
    public func status(
        url: String, key: String? = nil, socket: String? = nil, within patience: Duration = .seconds(2)
    ) async -> Status {
        let visit = EngineVisit(
            transport: transport, address: EngineAddress(url), socket: socket, key: key, keyName: nil,
            deadline: .now + patience)
        guard let reply = try? await visit.get(visit.address.base + "/models") else { return .absent }
        if visit.isLoading(reply) { return .loading }
        return reply.status == 401 || reply.status == 403 ? .locked : .ready
    }
}
