import Foundation
import Glibc
public import Logging

/// Runs an engine for Scry when no other answers: finds or installs one, starts it, watches it, and stops it.
///
/// The engine is llama.cpp's server: a `llama-server` that is installed, else the one in the `xllamacpp` package, which is
/// fetched into a private directory. It listens on a unix socket in the runtime directory, and ends with this program,
/// however that ends. Programs that start while one of them runs an engine share it; when its owner ends, another of them
/// starts one anew at the same place.
public actor EngineHost {
    /// What happens after `start` has returned; one consumer.
    public nonisolated let events: AsyncStream<EngineHostEvent>

    enum State {
        case idle
        case starting(Task<RunningEngine, any Error>)
        case running(RunningEngine)
    }

    nonisolated let continuation: AsyncStream<EngineHostEvent>.Continuation
    let directories: EngineDirectories
    let settings: EngineHostSettings
    let logger: Logger
    var state = State.idle
    /// Held while the engine is this program's.
    var lock: FileLock?
    /// Where the engine listens, or listened: it comes back to the same place, where others may be waiting for it.
    var endpoint: EngineEndpoint?
    var process: EngineProcess?
    var watch: Task<Void, Never>?
    var lastStart = ContinuousClock.now
    var wasForgiven = false

    /// Makes a host; nothing happens until `start`, and nothing is logged without a logger.
    public init(
        directories: EngineDirectories, settings: EngineHostSettings = EngineHostSettings(), logger: Logger? = nil
    ) {
        self.directories = directories
        self.settings = settings
        self.logger = logger ?? .silent
        (events, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(32))
    }

    deinit { continuation.finish() }

    /// The engine that answers now.
    public var running: RunningEngine? { if case .running(let engine) = state { engine } else { nil } }

    /// Makes an engine answer: shares the one of another Scry, or installs what is missing and starts one.
    ///
    /// Calling it again while it works, or when the engine runs, does nothing more; `progress` of the first call counts.
    public func start(progress: @escaping EngineHostProgress.Report = { _ in }) async throws(EngineHostFailure)
        -> RunningEngine
    {
        switch state {
        case .running(let engine):
            return engine
        case .starting(let task):
            return try await Self.result(of: task)
        case .idle:
            wasForgiven = false
            let task = Task { try await self.begin(progress) }
            state = .starting(task)
            return try await Self.result(of: task)
        }
    }

    /// Stops what was started here, with SIGTERM and after three seconds SIGKILL.
    ///
    /// An engine of another Scry goes on.
    public func stop() async {
        watch?.cancel()
        watch = nil
        if case .starting(let task) = state {
            task.cancel()
            _ = await task.result
        }
        state = .idle
        endpoint = nil
        await endProcess()
        release()
    }

    /// A model that sees more than what is here, if the hub answers and the machine can carry one.
    ///
    /// Takes three seconds where there is no network.
    public func offer() async -> ModelOffer? {
        let machine = Machine.measured(disk: directories.models)
        guard settings.model == nil, settings.wanted == nil,
            let model = ModelStore(directory: directories.models).suggestion(for: machine),
            let fetcher = try? fetcher({ _ in })
        else { return nil }
        return await fetcher.confirmed(ModelOffer(model, hub: settings.hub))
    }

    /// The engine of any Scry program that runs at this moment, without starting one.
    public static func current(in directories: EngineDirectories) async -> RunningEngine? {
        guard let record = EngineRecord.read(directories.record), let endpoint = record.endpoint,
            let profile = await EngineInspection(endpoint: endpoint).profile()
        else { return nil }
        return RunningEngine(
            profile: profile, key: endpoint.key, processID: record.engine ?? 0, isShared: record.owner != getpid())
    }
}
