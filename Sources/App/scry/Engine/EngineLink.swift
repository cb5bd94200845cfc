import Conversation
import EngineClient
import EngineHost

/// Finds the engine that answers: the one that is named, else one that runs on this machine, else Scry's own.
struct EngineLink: Sendable {
    /// Told what is being fetched or started, and how much of it is done.
    typealias Progress = @Sendable (_ step: String, _ fraction: Double?) -> Void

    let services: Services
    let host: EngineHost
    /// Whether what was found out about engines before is believed.
    private let remembers: Bool

    /// - Parameters:
    ///   - model: The model that Scry's own engine is to run, should it come to that; nil takes what is configured.
    ///   - remembers: Whether what was found out about engines before is believed; not by those who find it out anew.
    init(services: Services, model: String? = nil, remembers: Bool = true) {
        self.services = services
        self.remembers = remembers
        var settings = services.engineHostSettings
        settings.wanted = model ?? services.configuration.model
        host = EngineHost(directories: services.engineDirectories, settings: settings, logger: services.logger)
    }

    var probe: EngineProbe { EngineProbe(transport: services.transport) }

    /// Finds an engine, and starts Scry's own when there is none.
    ///
    /// - Parameters:
    ///   - engine: A configured name, a URL, "own" or "auto"; nil takes what is configured.
    ///   - model: The model to ask; nil takes what is configured, else the engine's best.
    /// - Throws: `ReplyFailure`.
    func find(engine: String?, model: String?, progress: @escaping Progress) async throws -> FoundEngine {
        if let found = try await running(engine: engine, model: model) { return found }
        return try await startOwn(progress: progress)
    }

    /// Finds an engine that runs already; nil when there is none and Scry's own may be started.
    ///
    /// - Throws: `ReplyFailure` when an engine is named and does not answer.
    func running(engine name: String?, model: String?) async throws -> FoundEngine? {
        let configuration = services.configuration
        guard let choice = name.map({ configuration.choice(for: $0) }) ?? configuration.engine else {
            let known = configuration.engines.map(\.name).joined(separator: ", ")
            throw ReplyFailure(
                .unreachable,
                "There is no engine \(name ?? "") in the configuration\(known.isEmpty ? "" : " (there is \(known))"); "
                    + "a URL does as well.")
        }
        switch choice {
        case .own: return nil
        case .automatic: return try await automatic(wanted: model ?? configuration.model)
        case .engine(let engine):
            let (profile, key) = try await identify(engine)
            return try FoundEngine.choose(
                from: profile, wanted: model ?? configuration.model(for: engine), key: key.value, keyName: key.name)
        }
    }

    /// Starts Scry's own engine, or shares the one that another Scry runs.
    ///
    /// - Throws: `ReplyFailure`.
    func startOwn(progress: @escaping Progress) async throws -> FoundEngine {
        do {
            return try Self.own(await host.start { progress($0.step, $0.fraction) })
        } catch let failure as EngineHostFailure {
            let isAboutModel = failure.kind == .modelMissing || failure.kind == .unsuitable
            throw ReplyFailure(isAboutModel ? .modelMissing : .unreachable, failure.message)
        }
    }

    /// What is asked when Scry's own engine answers.
    static func own(_ engine: RunningEngine) throws(ReplyFailure) -> FoundEngine {
        try FoundEngine.choose(from: engine.profile, wanted: nil, key: engine.key, keyName: nil)
    }

    // MARK: - Ways to find one

    /// Takes an engine that has the wanted model; else prefers one that can see, else the first of the known places.
    private func automatic(wanted: String?) async throws -> FoundEngine? {
        let found = await probe.find(candidates: services.probeCandidates).filter {
            !$0.models.isEmpty || $0.kind == .transformers
        }.map(completing)
        let best =
            found.first { $0.models.contains { $0.id == wanted } }
            ?? found.first { $0.models.contains { $0.vision == true } } ?? found.first
        let key = try await key(for: nil)
        return try best.map { try FoundEngine.choose(from: $0, wanted: wanted, key: key.value, keyName: key.name) }
    }

    /// Asks a configured engine what it is.
    ///
    /// - Throws: `ReplyFailure` when it does not answer, or when its key cannot be read.
    func identify(
        _ engine: Configuration.Engine
    ) async throws(ReplyFailure) -> (profile: EngineProfile, key: EngineKey) {
        let key = try await key(for: engine)
        let address = EngineAddress(engine.url)
        let profile = try await probe.identify(
            url: address.base, name: engine.name, kind: engine.kind, key: key.value, keyName: key.name,
            socket: address.socket)
        return (completing(profile), key)
    }

    /// A profile with what was found out before.
    func completing(_ profile: EngineProfile) -> EngineProfile {
        remembers ? services.engineMemory.completing(profile) : profile
    }

    /// A place to look at, which may be a unix socket.
    static func candidate(_ url: String) -> EngineProbe.Candidate {
        let address = EngineAddress(url)
        return EngineProbe.Candidate(url: address.base, socket: address.socket)
    }

    /// Looks for the key of an engine; nil is an engine that was not configured.
    ///
    /// - Throws: `ReplyFailure` when there is a file for it that must not be used.
    func key(for engine: Configuration.Engine?) async throws(ReplyFailure) -> EngineKey {
        let sources = Configuration.keySources(for: engine)
        return EngineKey(try await KeyFinder(environment: services.environment).find(sources), of: sources)
    }
}
