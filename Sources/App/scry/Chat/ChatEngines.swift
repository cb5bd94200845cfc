import Conversation
import EngineHost
import Session

/// Knows the engines of a chat: looks for one, starts Scry's own, lists them all, and remembers their keys.
@MainActor
final class ChatEngines {
    private let services: Services
    private let options: EngineOptions
    private let link: EngineLink
    private let report: @Sendable (SessionEvent) -> Void
    private var search: Task<Void, Never>?
    private var listing: Task<Void, Never>?
    private var choosing: Task<Void, Never>?
    private var watch: Task<Void, Never>?
    private var offer: ModelOffer?
    /// What the person has switched to, which is looked for before anything else.
    private var preferred: FoundEngine?
    /// Every engine that answered, with its key; a key leaves this table only for its engine.
    private var known: [EngineID: FoundEngine] = [:]

    init(services: Services, options: EngineOptions, report: @escaping @Sendable (SessionEvent) -> Void) {
        self.services = services
        self.options = options
        self.report = report
        link = EngineLink(services: services, model: options.model)
    }

    /// The engine of a profile, with the key to ask it with.
    func engine(for profile: EngineProfile, model: String) -> FoundEngine {
        var found = known[EngineID(profile)] ?? FoundEngine(profile: profile, model: model, key: nil, keyName: nil)
        found.profile = profile
        found.model = model
        return found
    }

    // MARK: - Looking

    /// Looks for an engine; where there is none, offers or starts Scry's own.
    func find() {
        search?.cancel()
        search = Task { [link, options, services, report, preferred] in
            do {
                var found: FoundEngine?
                if let preferred { found = await link.again(preferred) }
                if found == nil { found = try await link.running(engine: options.engine, model: options.model) }
                // A later search has taken over, or the program ends.
                try Task.checkCancellation()
                if let found { return use(found) }
                let isRunning = await EngineHost.current(in: services.engineDirectories) != nil
                if !isRunning, !services.hasDeclinedOffer, let offer = await link.host.offer() {
                    try Task.checkCancellation()
                    self.offer = offer
                    return report(.engineChanged(.offering(EngineOffer(offer))))
                }
                try Task.checkCancellation()
                use(try await startOwn())
            } catch {
                guard !Task.isCancelled else { return }
                report(.engineChanged(.unavailable(CommandFailure(error).description)))
            }
        }
    }

    /// Stops looking, fetching and starting.
    func stopFinding() {
        search?.cancel()
        choosing?.cancel()
        // What the host has begun goes on without whoever waits for it, unless it is told.
        search = Task { [host = link.host] in await host.stop() }
    }

    private func use(_ found: FoundEngine) {
        known[EngineID(found.profile)] = found
        report(.engineChanged(.ready(found.profile, model: found.model)))
    }

    // MARK: - Scry's own

    private func startOwn() async throws -> FoundEngine {
        watchHost()
        let found = try await link.startOwn { [report] step, fraction in
            report(.engineChanged(.preparing(step: step, fraction: fraction)))
        }
        try Task.checkCancellation()
        return found
    }

    /// Follows what happens to Scry's own engine after it was started.
    private func watchHost() {
        guard watch == nil else { return }
        watch = Task { [link, report] in
            for await event in link.host.events {
                switch event {
                case .ready: break
                case .restarting(let sentence):
                    report(.engineChanged(.preparing(step: "Starting the engine again", fraction: nil)))
                    report(.noticed(Notice(.problem, sentence)))
                case .restarted(let running):
                    if let found = try? EngineLink.own(running) { use(found) }
                case .died(let sentence):
                    report(.engineChanged(.unavailable(sentence)))
                }
            }
        }
    }

    /// Fetches the model that was offered, and starts the engine with it.
    func fetchOffer() {
        guard let offer else { return }
        search = Task { [link, report] in
            do {
                try await link.host.fetch(offer) { progress in
                    report(.engineChanged(.preparing(step: progress.step, fraction: progress.fraction)))
                }
                use(try await startOwn())
            } catch {
                guard !Task.isCancelled else { return }
                report(.noticed(Notice(.problem, CommandFailure(error).description)))
                declineOffer()
            }
        }
    }

    /// Starts the engine with what is here instead, now and later.
    func declineOffer() {
        services.rememberDeclinedOffer()
        search = Task { [report] in
            do {
                use(try await startOwn())
            } catch {
                guard !Task.isCancelled else { return }
                report(.engineChanged(.unavailable(CommandFailure(error).description)))
            }
        }
    }

    // MARK: - Choosing

    /// Asks every place at once, and tells of each as it answers.
    func list(_ current: EngineProfile?) {
        listing?.cancel()
        listing = Task { [link, report] in
            await link.survey(current: current.map { engine(for: $0, model: "") }) { entry in
                guard !Task.isCancelled else { return }
                await self.tell(entry)
            }
            if !Task.isCancelled { report(.allEnginesListed) }
        }
    }

    private func tell(_ entry: EngineLink.Entry) {
        switch entry.answer {
        case .engine(let found):
            // The place from which an engine is used already knows its key best.
            if known[EngineID(found.profile)]?.key == nil { known[EngineID(found.profile)] = found }
            report(.engineListed(EngineListing(place: entry.place, .engine(found.profile))))
        case .silent(let engine, let sentence):
            report(.engineListed(EngineListing(place: entry.place, .none(name: engine.name, sentence: sentence))))
        }
    }

    /// Finds what the person named; the engine at hand stays where that fails.
    func connect(engine: String?, model: String?) {
        choosing?.cancel()
        choosing = Task { [link, report] in
            do {
                let found =
                    if let engine {
                        try await link.running(engine: engine, model: model)
                    } else {
                        try await link.having(model: model ?? "")
                    }
                try Task.checkCancellation()
                let chosen = if let found { found } else { try await startOwn() }
                known[EngineID(chosen.profile)] = chosen
                report(.engineChosen(chosen.profile, model: chosen.model))
            } catch {
                guard !Task.isCancelled else { return }
                report(.noticed(Notice(.problem, CommandFailure(error).description)))
            }
        }
    }

    /// Keeps to what the person has switched to; a search that is under way is not needed any more.
    func prefer(_ profile: EngineProfile, model: String) {
        search?.cancel()
        preferred = engine(for: profile, model: model)
    }

    // MARK: - The end

    /// Gives up what is under way.
    func cancel() { for task in [search, listing, choosing, watch] { task?.cancel() } }

    /// Stops the engine that was started here.
    func stop() async { await link.host.stop() }
}

extension EngineOffer {
    init(_ offer: ModelOffer) {
        self.init(
            name: offer.title, byteCount: Int64(offer.bytes), licence: offer.license,
            alternative: "SmolLM2, which is small and cannot see")
    }
}
