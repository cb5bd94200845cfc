import Dispatch
import Synchronization

/// Jobs that run in the order in which they came, on a number of threads that grows when those are blocked.
final class WorkLane: Sendable {
    private struct State {
        var waiting: [UnownedJob] = []
        /// Where the first waiting job is; those before it have run.
        var first = 0
        /// How many jobs were begun.
        var begun = 0
        /// How many threads run.
        var running = 0
        /// Queues on which none runs.
        var free: [DispatchQueue] = []
        /// Whether it will be looked whether threads are blocked.
        var isWatched = false

        var hasWaiting: Bool { first < waiting.count }
    }

    /// How long no job may begin, while some wait, until the threads count as blocked.
    private static let patience = DispatchTimeInterval.milliseconds(10)

    private let state = Mutex(State())
    private let label: String
    private let width: Int
    private let limit: Int
    private let clock: DispatchQueue

    /// Makes a lane.
    ///
    /// - Parameters:
    ///   - label: What debuggers show.
    ///   - width: How many threads run where none is blocked.
    ///   - limit: How many run at most.
    ///   - clock: Where it is looked after threads that are blocked.
    init(label: String, width: Int, limit: Int, clock: DispatchQueue) {
        (self.label, self.width, self.limit, self.clock) = (label, width, limit, clock)
    }

    /// Runs a job as soon as a thread is free.
    func add(_ job: UnownedJob, for executor: some TaskExecutor) {
        let queue = state.withLock { state -> DispatchQueue? in
            state.waiting.append(job)
            if state.running < width { return takeQueue(&state) }
            watch(&state, for: executor)
            return nil
        }
        if let queue { start(on: queue, for: executor) }
    }

    // MARK: - Threads

    private func takeQueue(_ state: inout State) -> DispatchQueue {
        state.running += 1
        return state.free.popLast() ?? DispatchQueue(label: label)
    }

    private func start(on queue: DispatchQueue, for executor: some TaskExecutor) {
        queue.async { [self] in
            while let job = next(orFree: queue) { job.runSynchronously(on: executor.asUnownedTaskExecutor()) }
        }
    }

    /// The next job; nil when none waits, and the thread is done.
    private func next(orFree queue: DispatchQueue) -> UnownedJob? {
        state.withLock { state in
            guard state.hasWaiting else {
                state.running -= 1
                state.free.append(queue)
                return nil
            }
            defer {
                state.first += 1
                state.begun += 1
                // What has run goes in one piece now and then, so that a job costs the same however many wait.
                if state.first == state.waiting.count || state.first == 1024 {
                    state.waiting.removeFirst(state.first)
                    state.first = 0
                }
            }
            return state.waiting[state.first]
        }
    }

    // MARK: - Blocked threads

    /// Sees to it that jobs do not wait for ever for threads that are blocked.
    private func watch(_ state: inout State, for executor: some TaskExecutor) {
        guard !state.isWatched, state.running < limit else { return }
        state.isWatched = true
        let begun = state.begun
        clock.asyncAfter(deadline: .now() + Self.patience) { [self] in
            let queue = self.state.withLock { state -> DispatchQueue? in
                state.isWatched = false
                guard state.hasWaiting else { return nil }
                let queue = state.begun == begun ? takeQueue(&state) : nil
                watch(&state, for: executor)
                return queue
            }
            if let queue { start(on: queue, for: executor) }
        }
    }
}
