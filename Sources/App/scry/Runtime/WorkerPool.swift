@_spi(ExperimentalCustomExecutors) @_spi(ExperimentalScheduling) internal import _Concurrency
import Dispatch
import FoundationEssentials

/// The threads on which tasks run: as many as there are processors, more while those are blocked, and none that wakes up
/// without work.
///
/// The executor of Swift's own runtime is built on libdispatch's global queues, which on Linux count their threads once a
/// second as long as a program runs. Serial queues, on which this one is built, do not.
final class WorkerPool: TaskExecutor {
    private let normal: WorkLane
    /// What nobody waits for: it gets threads of its own, so that it never delays the rest.
    private let background: WorkLane
    private let clock = DispatchQueue(label: "scry.clock")

    /// Makes a pool.
    ///
    /// - Parameters:
    ///   - width: How many threads run at once where none is blocked.
    ///   - limit: How many there are at most.
    init(width: Int, limit: Int = 64) {
        normal = WorkLane(label: "scry.work", width: width, limit: limit, clock: clock)
        background = WorkLane(label: "scry.background", width: width, limit: limit, clock: clock)
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let isBackground = job.priority.rawValue <= TaskPriority.utility.rawValue
        (isBackground ? background : normal).add(UnownedJob(job), for: self)
    }
}

/// The interface is the standard library's own; Swift 6.3 calls it experimental. DECISIONS.md says why it is used.
extension WorkerPool: SchedulingExecutor {
    func enqueue<C: Clock>(_ job: consuming ExecutorJob, after delay: C.Duration, tolerance: C.Duration?, clock: C) {
        guard let delay = delay as? Duration else {
            preconditionFailure("a clock that does not count in seconds")
        }
        // Longer than any program runs, and no overflow.
        let wait = max(.zero, min(delay, .seconds(1 << 32)))
        let job = UnownedJob(job)
        self.clock.asyncAfter(deadline: .now() + .nanoseconds(Int(wait / .nanoseconds(1)))) {
            self.enqueue(ExecutorJob(job))
        }
    }
}

extension WorkerPool {
    /// Makes a pool the place where tasks run that wish no other; to be called before the first of them.
    static func install() { _createExecutors(factory: Executors.self) }

    private enum Executors: ExecutorFactory {
        static let pool = WorkerPool(width: max(2, ProcessInfo.processInfo.activeProcessorCount))

        static var mainExecutor: any MainExecutor { PlatformExecutorFactory.mainExecutor }
        static var defaultExecutor: any TaskExecutor { pool }
    }
}
