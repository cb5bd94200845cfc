import Dispatch

/// Runs an actor on a serial queue, so that calls which block for a moment hold up nobody else.
final class QueueExecutor: SerialExecutor {
    /// The queue; what runs on it is the actor's.
    let queue: DispatchQueue

    init(label: String) { queue = DispatchQueue(label: label) }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }

    func checkIsolated() { dispatchPrecondition(condition: .onQueue(queue)) }
}
