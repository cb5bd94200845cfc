import Conversation
import Foundation
import Glibc
import Logging

/// How an engine is got.
extension EngineHost {
    static func result(of task: Task<RunningEngine, any Error>) async throws(EngineHostFailure) -> RunningEngine {
        do { return try await task.value } catch let failure as EngineHostFailure { throw failure } catch {
            throw .stopped
        }
    }

    func begin(_ progress: @escaping EngineHostProgress.Report) async throws -> RunningEngine {
        do {
            try PrivateFile.makeDirectory(directories.runtime)
            try PrivateFile.makeDirectory(directories.state)
            let wanted = try settings.wanted.map { try store.named($0, projector: settings.projector) }
            let engine: RunningEngine
            if let other = try await shared(progress) {
                engine = other
                try check(other, serves: wanted?.name)
            } else {
                // Whatever was stopped before: this start is meant.
                unlink(directories.stopMark)
                engine = try await owned(progress)
            }
            // `stop` may have come just when everything was done.
            try Task.checkCancellation()
            state = .running(engine)
            continuation.yield(.ready(engine))
            return engine
        } catch {
            watch?.cancel()
            watch = nil
            await endProcess()
            release()
            if !Task.isCancelled { state = .idle }
            throw error
        }
    }

    /// The engine of another Scry, once it answers; nil where this program has become the owner.
    private func shared(_ progress: EngineHostProgress.Report) async throws(EngineHostFailure) -> RunningEngine? {
        var silentSince = ContinuousClock.now
        var hasReported = false
        while true {
            if let lock = try FileLock.take(directories.lock) {
                self.lock = lock
                return nil
            }
            if var engine = await Self.current(in: directories) {
                // Another host in this program is another Scry, too.
                engine.isShared = true
                endpoint = EngineRecord.read(directories.record)?.endpoint
                watch = Task { [weak self, directories] in
                    guard let lock = try? await FileLock.wait(for: directories.lock), !Task.isCancelled else { return }
                    await self?.inherit(lock)
                }
                return engine
            }
            // An owner that is still installing has no endpoint yet, and may take as long as it needs.
            if EngineRecord.read(directories.record)?.endpoint == nil { silentSince = .now }
            if ContinuousClock.now - silentSince > settings.startLimit {
                throw EngineHostFailure(
                    .startFailed, "Another Scry runs an engine that does not answer; end that Scry, or name an engine.")
            }
            if !hasReported {
                hasReported = true
                progress(EngineHostProgress("Waiting for the engine of another Scry"))
            }
            do { try await Task.sleep(for: .milliseconds(200)) } catch { throw .stopped }
        }
    }

    /// Makes sure that somebody else's engine runs the model that was asked for here.
    private func check(_ engine: RunningEngine, serves wanted: String?) throws(EngineHostFailure) {
        guard let wanted, let served = engine.profile.models.first?.id, served != wanted else { return }
        throw EngineHostFailure(
            .unsuitable,
            "Scry's own engine runs with \(served) already; end it with `scry engine stop` to have \(wanted).")
    }

    var store: ModelStore { ModelStore(directories) }

    func owned(_ progress: @escaping EngineHostProgress.Report) async throws(EngineHostFailure) -> RunningEngine {
        try EngineRecord.own(isKept: settings.isKeeper).write(directories.record)
        let installer = EngineInstaller(
            directories: directories, searchPath: searchPath, logger: logger, report: progress)
        let model = try await model(installer)
        let program: EngineProgram
        if settings.usesInstalledServer, let installed = await EngineProgram.installed(searchPath: searchPath) {
            program = installed
        } else {
            program = try await installer.program()
        }
        if Task.isCancelled { throw .stopped }
        return try await launch(program, model, progress)
    }

    private func model(_ installer: EngineInstaller) async throws(EngineHostFailure) -> ModelFiles {
        var model: ModelFiles
        if let given = settings.model {
            model = given
        } else if let wanted = settings.wanted {
            switch try store.named(wanted, projector: settings.projector) {
            case .files(let files): model = files
            case .small: model = try await installer.smallModel()
            }
        } else if let best = store.best(for: .measured(disk: directories.models)) {
            model = best
        } else {
            model = try await installer.smallModel()
        }
        if let contextLength = settings.contextLength { model.contextLength = contextLength }
        for path in [model.weights, model.projector].compactMap({ $0 }) where access(path, R_OK) != 0 {
            throw EngineHostFailure(
                .modelMissing, "The model \(path) cannot be read: \(String(cString: strerror(errno))).")
        }
        return model
    }

    func launch(_ program: EngineProgram, _ model: ModelFiles, _ progress: EngineHostProgress.Report)
        async throws(EngineHostFailure) -> RunningEngine
    {
        progress(EngineHostProgress("Starting the engine with \(model.name)"))
        let fits =
            settings.port == nil && program.takesSocket && directories.socket.utf8.count <= settings.longestSocketPath
        let endpoint = if fits { EngineEndpoint.socket(directories.socket) } else { try portEndpoint() }
        self.endpoint = endpoint
        unlink(directories.socket)
        try EngineLog(path: directories.log).rotate()
        let threads = Processor.measured().cores
        let process = EngineProcess(
            command: program.arguments(for: model, at: endpoint, threads: threads),
            environment: program.environment(at: endpoint), log: directories.log)
        self.process = process
        lastStart = .now
        let size = ModelStore.size(model.weights) + (model.projector.map(ModelStore.size) ?? 0)
        let limit = settings.startLimit + .seconds(size / 100_000_000)
        let profile = try await process.ready(with: model, at: endpoint, within: limit)
        let processID = process.processID ?? 0
        var record = EngineRecord.own(isKept: settings.isKeeper)
        record.engine = processID
        record.engineStart = ProcessFacts(of: processID)?.start
        record.endpoint = endpoint
        record.since = Date().timeIntervalSince1970
        try record.write(directories.record)
        watch = Task { [weak self] in
            let end = await process.end()
            if !Task.isCancelled { await self?.died(end, program, model) }
        }
        logger.info("engine ready", metadata: ["model": "\(model.name)", "url": "\(endpoint.url)"])
        return RunningEngine(profile: profile, key: endpoint.key, processID: processID, isShared: false)
    }

    private func portEndpoint() throws(EngineHostFailure) -> EngineEndpoint {
        if let endpoint, endpoint.port != nil { return endpoint }
        return try .freePort(settings.port ?? 0)
    }

    var searchPath: String {
        settings.searchPath ?? ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
    }

    func fetcher(_ progress: @escaping EngineHostProgress.Report) throws(EngineHostFailure) -> ModelFetcher {
        let python = try Python.system(searchPath: searchPath)
        try EngineInstaller(directories: directories, searchPath: searchPath, logger: logger, report: progress)
            .writeLauncher()
        return ModelFetcher(python: python.path, launcher: directories.launcher, report: progress)
    }
}
