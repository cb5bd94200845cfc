import Synchronization

/// One request on its way, shared by the thread that moves bytes and the task that takes them.
///
/// Bytes wait here until they are taken. When more than `highWater` of them wait, the connection is paused, so that a slow
/// reader slows the sender down and memory stays bounded.
final class CurlTransfer: Sendable {
    /// What the reader's buffer did with bytes that arrived.
    enum Verdict {
        case taken
        case full
        case unwanted
    }

    /// Bytes that may wait before the connection is paused.
    static let highWater = 64 * 1024

    let request: HTTPRequest
    let settings: TransportSettings
    private let loop: CurlLoop
    private let state: Mutex<State>

    private struct State {
        /// What the server said first; nil until it has.
        var head: HTTPHead?
        /// What arrived and was not taken.
        var waiting: [UInt8] = []
        /// How long nothing may come.
        var patience: Patience
        /// Whether the connection stands still until bytes are taken.
        var isPaused = false
        /// How it ended; nil while it goes on.
        var end: Result<Void, TransportFailure>?
        /// The reader that waits for any of the above to change.
        var reader: CheckedContinuation<Void, Never>?
    }

    init(request: HTTPRequest, settings: TransportSettings, loop: CurlLoop) {
        self.request = request
        self.settings = settings
        self.loop = loop
        state = Mutex(State(patience: Patience(limit: request.silenceTimeout)))
    }

    // MARK: - For the thread that moves bytes

    func receive(_ head: HTTPHead) {
        let reader = state.withLock { state in
            state.head = head
            return state.reader.take()
        }
        reader?.resume()
    }

    func receive(_ bytes: UnsafeRawBufferPointer) -> Verdict {
        let (verdict, reader) = state.withLock { state -> (Verdict, CheckedContinuation<Void, Never>?) in
            guard state.end == nil else { return (.unwanted, nil) }
            guard state.waiting.count < Self.highWater else {
                state.isPaused = true
                return (.full, nil)
            }
            state.waiting.append(contentsOf: bytes)
            return (.taken, state.reader.take())
        }
        reader?.resume()
        return verdict
    }

    func finish(_ end: Result<Void, TransportFailure>) {
        let reader = state.withLock { state in
            if state.end == nil { state.end = end }
            return state.reader.take()
        }
        reader?.resume()
    }

    /// How long nothing may come; nil while the connection stands still because nobody takes what came.
    var patience: Patience? { state.withLock { $0.isPaused ? nil : $0.patience } }

    // MARK: - For the task that takes them

    /// Waits for the status and the headers.
    func head() async throws(TransportFailure) -> HTTPHead {
        while true {
            let (head, end) = state.withLock { ($0.head, $0.end) }
            // A cancelled exchange has no head, even when the head had come.
            if case .failure(let failure) = end, failure.code == .cancelled || head == nil { throw failure }
            if let head { return head }
            if end != nil { throw TransportFailure(.notHTTP, "the server closed the connection without a reply") }
            await change { $0.head != nil || $0.end != nil }
        }
    }

    /// Waits for bytes; nil when all have been taken.
    func next() async throws(TransportFailure) -> [UInt8]? {
        while true {
            let (bytes, resumes, end) = state.withLock { state in
                let taken = state.waiting
                state.waiting = []
                let wasPaused = state.isPaused && !taken.isEmpty
                if wasPaused { state.isPaused = false }
                return (taken, wasPaused, state.end)
            }
            if resumes { loop.resume(self) }
            if case .failure(let failure) = end, failure.code == .cancelled { throw failure }
            if !bytes.isEmpty { return bytes }
            switch end {
            case .success: return nil
            case .failure(let failure): throw failure
            case nil: await change { !$0.waiting.isEmpty || $0.end != nil }
            }
        }
    }

    /// Sets how long nothing may come from now on.
    func setPatience(_ patience: Patience) {
        let isShorter = state.withLock { state in
            defer { state.patience = patience }
            return patience.isShorter(than: state.patience)
        }
        // A deadline that moves away is found out when the old one is due.
        if isShorter { loop.wake() }
    }

    /// Ends it; the connection is closed as soon as the thread wakes up, which it does at once.
    func cancel() {
        let wasRunning = state.withLock { $0.end == nil }
        finish(.failure(TransportFailure(.cancelled)))
        if wasRunning { loop.remove(self) }
    }

    private func change(_ isThere: @Sendable (borrowing State) -> Bool) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isLate = state.withLock { state in
                    if isThere(state) { return true }
                    state.reader = continuation
                    return false
                }
                if isLate { continuation.resume() }
            }
        } onCancel: {
            cancel()
        }
    }
}
