import CCurl
import Glibc
import Synchronization

/// The one thread that moves the bytes of all transfers.
///
/// It sleeps in `curl_multi_poll` until a socket is ready, a deadline is due or somebody hands it a command; with nothing
/// under way it does not wake up at all.
///
/// Tasks that take the bytes can run on it, too: a piece of a reply is then read and passed on before the thread sleeps again,
/// where waking another thread for it would cost more than everything that is done with it.
final class CurlLoop: TaskExecutor {
    private enum Command {
        case add(CurlTransfer)
        case remove(CurlTransfer)
        case resume(CurlTransfer)
    }

    private struct Inbox {
        var commands: [Command] = []
        var jobs: [UnownedJob] = []
        var hasThread = false
        var thread: pthread_t?
        var handles: CurlHandles?
        var isStopping = false
    }

    private let inbox = Mutex(Inbox())

    deinit {
        // The thread keeps the loop alive, so it has ended and has taken its transfers out.
        inbox.withLock { $0.handles }?.free()
    }

    // MARK: - Commands, from any thread

    func add(_ transfer: CurlTransfer) {
        guard hasThread() else {
            return transfer.finish(.failure(TransportFailure(.other, "no thread could be started")))
        }
        post(.add(transfer))
    }

    /// Runs a piece of a task on the thread; elsewhere when there is no thread any more.
    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let isTaken =
            hasThread()
            && inbox.withLock { inbox in
                if !inbox.isStopping { inbox.jobs.append(job) }
                return !inbox.isStopping
            }
        guard isTaken else { return globalConcurrentExecutor.enqueue(job) }
        if !isOwnThread { wake() }
    }

    func remove(_ transfer: CurlTransfer) { post(.remove(transfer)) }

    func resume(_ transfer: CurlTransfer) { post(.resume(transfer)) }

    /// Ends the thread; transfers that are under way are cancelled.
    func stop() {
        inbox.withLock { $0.isStopping = true }
        wake()
    }

    private func post(_ command: Command) {
        inbox.withLock { $0.commands.append(command) }
        // What is left in the inbox is seen before the thread sleeps.
        if !isOwnThread { wake() }
    }

    private var isOwnThread: Bool {
        guard let thread = inbox.withLock({ $0.thread }) else { return false }
        return pthread_equal(thread, pthread_self()) != 0
    }

    /// Has the thread look around.
    func wake() { inbox.withLock { $0.handles }?.wake() }

    // MARK: - The thread

    /// Starts the thread unless it was started; false when that cannot be done.
    private func hasThread() -> Bool {
        let startsThread = inbox.withLock { inbox in
            guard !inbox.hasThread, !inbox.isStopping else { return false }
            inbox.hasThread = true
            return true
        }
        guard startsThread, !startThread() else { return true }
        inbox.withLock { $0.hasThread = false }
        return false
    }

    private func startThread() -> Bool {
        var thread = pthread_t()
        let context = Unmanaged.passRetained(self)
        guard pthread_create(&thread, nil, runLoop, context.toOpaque()) == 0 else {
            context.release()
            return false
        }
        pthread_detach(thread)
        return true
    }

    fileprivate func run() {
        // Signals belong to the main thread, and a peer that is gone is an error, not a SIGPIPE.
        var signals = sigset_t()
        sigfillset(&signals)
        pthread_sigmask(SIG_BLOCK, &signals, nil)

        // Here, since loading the library takes as long as opening the chat.
        let handles: CurlHandles
        switch CurlHandles.make() {
        case .success(let made): handles = made
        case .failure(let failure): return giveUp(failure)
        }
        inbox.withLock { inbox in
            inbox.handles = handles
            inbox.thread = pthread_self()
        }
        defer { passOnJobs() }
        let multi = handles.multi
        var active: [ObjectIdentifier: CurlEasy] = [:]
        while true {
            let (commands, isStopping) = inbox.withLock { inbox in
                defer { inbox.commands = [] }
                return (inbox.commands, inbox.isStopping)
            }
            for command in commands { apply(command, multi, &active) }
            if isStopping { break }
            let begun = ContinuousClock.now
            var running: Int32 = 0
            curl_multi_perform(multi, &running)
            reap(multi, &active)
            let timeout = expire(multi, &active)
            runJobs()
            // What was posted from this thread has woken nobody.
            if inbox.withLock({ !$0.commands.isEmpty }) { continue }
            if let pause = active.values.compactMap({ $0.pause(after: begun) }).min() {
                let rest = max(.zero, pause - (ContinuousClock.now - begun))
                curl_multi_poll(handles.pause, nil, 0, min(timeout, Int32(clamping: rest.milliseconds)), nil)
            } else {
                curl_multi_poll(multi, nil, 0, timeout, nil)
            }
        }
        for easy in active.values { finish(easy, .failure(TransportFailure(.cancelled)), multi) }
    }

    /// Ends what was asked for without a library; who asks next has it looked for again.
    private func giveUp(_ failure: TransportFailure) {
        let (commands, jobs) = inbox.withLock { inbox in
            defer { (inbox.commands, inbox.jobs, inbox.hasThread) = ([], [], false) }
            return (inbox.commands, inbox.jobs)
        }
        for command in commands {
            if case .add(let transfer) = command { transfer.finish(.failure(failure)) }
        }
        for job in jobs { globalConcurrentExecutor.enqueue(job) }
    }

    private func runJobs() {
        while true {
            let jobs = inbox.withLock { inbox in
                defer { inbox.jobs.removeAll(keepingCapacity: true) }
                return inbox.jobs
            }
            if jobs.isEmpty { return }
            for job in jobs { job.runSynchronously(on: asUnownedTaskExecutor()) }
        }
    }

    /// Leaves what was not run to the other threads.
    private func passOnJobs() {
        let jobs = inbox.withLock { inbox in
            defer { inbox.jobs = [] }
            // From here on nothing is run here.
            inbox.isStopping = true
            inbox.thread = nil
            return inbox.jobs
        }
        for job in jobs { globalConcurrentExecutor.enqueue(job) }
    }

    private func apply(
        _ command: Command, _ multi: UnsafeMutableRawPointer, _ active: inout [ObjectIdentifier: CurlEasy]
    ) {
        switch command {
        case .add(let transfer):
            guard let easy = CurlEasy(transfer), curl_multi_add_handle(multi, easy.handle) == CURLM_OK else {
                return transfer.finish(.failure(TransportFailure(.badAddress)))
            }
            active[ObjectIdentifier(transfer)] = easy
        case .remove(let transfer):
            guard let easy = active.removeValue(forKey: ObjectIdentifier(transfer)) else { return }
            // Taking out a handle in the middle of a reply makes libcurl close the connection.
            finish(easy, .failure(TransportFailure(.cancelled)), multi)
        case .resume(let transfer):
            guard let easy = active[ObjectIdentifier(transfer)] else { return }
            easy.lastActivity = .now
            curl_easy_pause(easy.handle, CURLPAUSE_CONT)
        }
    }

    /// Takes out what is done.
    private func reap(_ multi: UnsafeMutableRawPointer, _ active: inout [ObjectIdentifier: CurlEasy]) {
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle,
                let context = ccurl_private(handle)
            else { continue }
            let code = message.pointee.data.result
            let easy = Unmanaged<CurlEasy>.fromOpaque(context).takeUnretainedValue()
            active[ObjectIdentifier(easy.transfer)] = nil
            let failure = TransportFailure(code, easy)
            finish(easy, failure.map { .failure($0) } ?? .success(()), multi)
        }
    }

    /// Takes out what is overdue, and says how many milliseconds it is until the next could be.
    private func expire(_ multi: UnsafeMutableRawPointer, _ active: inout [ObjectIdentifier: CurlEasy]) -> Int32 {
        let now = ContinuousClock.now
        var next = Duration.seconds(Int(Int32.max / 1000))
        for (key, easy) in active {
            guard let left = timeLeft(easy, now) else { continue }
            if left <= .zero {
                active[key] = nil
                finish(easy, .failure(TransportFailure(.silent)), multi)
            } else {
                next = min(next, left)
            }
        }
        return Int32(clamping: next.milliseconds)
    }

    private func timeLeft(_ easy: CurlEasy, _ now: ContinuousClock.Instant) -> Duration? {
        let request = easy.transfer.request
        let total = request.totalTimeout.map { $0 - (now - easy.begun) }
        guard let patience = easy.transfer.patience, let limit = patience.limit else { return total }
        // A request that is still being sent is no silence.
        let bytesSent = ccurl_bytes_sent(easy.handle)
        if bytesSent != easy.bytesSent {
            easy.bytesSent = bytesSent
            easy.lastActivity = now
        }
        let silence = limit - (now - (patience.since ?? easy.lastActivity))
        return total.map { min($0, silence) } ?? silence
    }

    private func finish(_ easy: CurlEasy, _ end: Result<Void, TransportFailure>, _ multi: UnsafeMutableRawPointer) {
        curl_multi_remove_handle(multi, easy.handle)
        easy.transfer.finish(end)
    }
}

private func runLoop(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context else { return nil }
    Unmanaged<CurlLoop>.fromOpaque(context).takeRetainedValue().run()
    return nil
}
