import Glibc
import Logging

/// What happens to an engine later.
extension EngineHost {
    func died(_ how: String, _ program: EngineProgram, _ model: ModelFiles) async {
        guard case .running = state else { return }
        logger.warning("engine ended", metadata: ["how": "\(how)"])
        if wasStoppedOnPurpose { return giveUp() }
        if ContinuousClock.now - lastStart > settings.forgiveAfter { wasForgiven = false }
        guard !wasForgiven else { return giveUp(how) }
        wasForgiven = true
        await again(how) { host async throws(EngineHostFailure) in try await host.launch(program, model, { _ in }) }
    }

    /// The owner of the engine that was shared is gone, and with it the engine.
    func inherit(_ lock: FileLock) async {
        guard case .running(let engine) = state, engine.isShared else { return }
        self.lock = lock
        if wasStoppedOnPurpose { return giveUp() }
        await again("The Scry that ran the engine ended.") { host async throws(EngineHostFailure) in
            try await host.owned { _ in }
        }
    }

    private func again(
        _ how: String, _ start: @escaping (isolated EngineHost) async throws(EngineHostFailure) -> RunningEngine
    ) async {
        continuation.yield(.restarting(how))
        let task = Task { try await start(self) }
        state = .starting(task)
        do {
            let engine = try await task.value
            guard case .starting(task) = state else { return }
            state = .running(engine)
            continuation.yield(.restarted(engine))
        } catch {
            guard case .starting(task) = state, !task.isCancelled else { return }
            giveUp("\(how) Starting it again failed: \(error)")
        }
    }

    /// `scry engine stop` leaves a mark for everybody who would start the engine again.
    private var wasStoppedOnPurpose: Bool { access(directories.stopMark, F_OK) == 0 }

    private func giveUp() {
        endHere()
        continuation.yield(
            .died("Scry's own engine was stopped with `scry engine stop`; ask again after `scry engine start`."))
    }

    private func giveUp(_ how: String) {
        endHere()
        continuation.yield(.died("\(how) Start it again, or name another engine; its log is \(directories.log)."))
    }

    private func endHere() {
        state = .idle
        process = nil
        watch = nil
        release()
    }

    func endProcess() async {
        await process?.stop()
        process = nil
    }

    /// Lets other programs become the owner.
    func release() {
        guard lock != nil else { return }
        unlink(directories.socket)
        unlink(directories.record)
        lock = nil
    }
}
