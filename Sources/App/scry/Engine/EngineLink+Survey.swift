import Conversation
import EngineClient
import EngineHost
import Session

/// Looking around: what answers where.
extension EngineLink {
    /// What was found at a place.
    enum Survey: Sendable {
        case answers(EngineProfile)
        case silent(Configuration.Engine, sentence: String)
    }

    /// What was found at a place, as a list shows it.
    struct Entry: Sendable {
        enum Answer: Sendable {
            case engine(FoundEngine)
            case silent(Configuration.Engine, sentence: String)
        }

        /// Where it stands in the list.
        var place: Int
        var answer: Answer
    }

    /// Asks every configured engine, the known places and Scry's own.
    func survey() async -> [Survey] {
        await entries().map { entry in
            switch entry.answer {
            case .engine(let found): .answers(found.profile)
            case .silent(let engine, let sentence): .silent(engine, sentence: sentence)
            }
        }
    }

    /// Asks the engine at hand, every configured engine, the known places and Scry's own at once.
    ///
    /// - Parameters:
    ///   - current: The engine at hand, which may be at none of these places.
    ///   - tell: Told of each as it answers.
    func survey(current: FoundEngine? = nil, _ tell: @escaping @Sendable (Entry) async -> Void) async {
        let configured = configuredEngines
        let known = Set(configured.map { Place($0.url) })
        let nearby = services.probeCandidates.filter { !known.contains(Place($0.url, socket: $0.socket)) }
        let places = known.union(nearby.map { Place($0.url, socket: $0.socket) })
        await withTaskGroup(of: Entry?.self) { group in
            if let current, !current.profile.isOwn,
                !places.contains(Place(current.profile.url, socket: current.profile.socket))
            {
                group.addTask { Entry(place: 0, answer: await ask(current)) }
            }
            for (index, engine) in configured.enumerated() {
                group.addTask { Entry(place: 1 + index, answer: await ask(engine)) }
            }
            for (index, candidate) in nearby.enumerated() {
                group.addTask {
                    let place = 1 + configured.count + index
                    return await ask(candidate).map { Entry(place: place, answer: .engine($0)) }
                }
            }
            group.addTask {
                guard let own = await EngineHost.current(in: services.engineDirectories) else { return nil }
                let found = FoundEngine(profile: own.profile, model: "", key: own.key, keyName: nil)
                return Entry(place: .max, answer: .engine(found))
            }
            for await case let entry? in group { await tell(entry) }
        }
    }

    /// The engines of the tables, and the one that is chosen by its address, which has no table.
    private var configuredEngines: [Configuration.Engine] {
        let tables = services.configuration.engines
        guard case .engine(let chosen) = services.configuration.engine,
            !tables.contains(where: { Place($0.url) == Place(chosen.url) })
        else { return tables }
        return tables + [chosen]
    }

    /// The engine at hand, if it still answers.
    func again(_ engine: FoundEngine) async -> FoundEngine? {
        let profile = engine.profile
        let now = try? await probe.identify(
            url: profile.url, name: profile.name, kind: profile.kind, key: engine.key, keyName: engine.keyName,
            socket: profile.socket, patience: .seconds(3))
        guard var now else { return nil }
        now.isOwn = profile.isOwn
        now = completing(now)
        return try? FoundEngine.choose(from: now, wanted: engine.model, key: engine.key, keyName: engine.keyName)
    }

    /// The first engine that has a model of this name, or only one with it in its name.
    ///
    /// - Throws: `ReplyFailure` when there is none.
    func having(model name: String) async throws(ReplyFailure) -> FoundEngine {
        for case .engine(var found) in await entries().map(\.answer) {
            guard let model = found.profile.model(like: name) else { continue }
            found.model = model.id
            return found
        }
        throw ReplyFailure(.modelMissing, "No engine that answers has a model \(name); /model lists what there is.")
    }

    /// An address, however it is written.
    private struct Place: Hashable {
        var url: String
        var socket: String?

        init(_ url: String, socket: String? = nil) {
            let address = EngineAddress(url)
            self.url = address.base
            self.socket = socket ?? address.socket
        }
    }

    // MARK: - Asking one

    /// Everything that was found, in the list's order.
    func entries() async -> [Entry] {
        let (stream, found) = AsyncStream.makeStream(of: Entry.self)
        await survey { found.yield($0) }
        found.finish()
        var entries: [Entry] = []
        for await entry in stream { entries.append(entry) }
        return entries.sorted { $0.place < $1.place }
    }

    private func ask(_ current: FoundEngine) async -> Entry.Answer {
        if let found = await again(current) { return .engine(found) }
        let engine = Configuration.Engine(name: current.profile.name, url: current.profile.url)
        return .silent(engine, sentence: "It does not answer any more.")
    }

    private func ask(_ engine: Configuration.Engine) async -> Entry.Answer {
        do {
            let (profile, key) = try await identify(engine)
            return .engine(
                FoundEngine(profile: profile, model: engine.model ?? "", key: key.value, keyName: key.name))
        } catch {
            return .silent(engine, sentence: error.message)
        }
    }

    private func ask(_ candidate: EngineProbe.Candidate) async -> FoundEngine? {
        guard let profile = await probe.find(candidates: [candidate]).first else { return nil }
        let key = try? await key(for: nil)
        return FoundEngine(
            profile: completing(profile), model: "", key: key?.value, keyName: key?.name)
    }
}
