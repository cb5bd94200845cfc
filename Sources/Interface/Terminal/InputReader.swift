import CTerminalGuard
import Cells
import Dispatch
import Glibc

/// Reads keys and signals and turns them into events, on a queue of its own; asleep while nothing happens.
///
/// @unchecked because every stored variable is touched on `queue` only.
final class InputReader: @unchecked Sendable {
    private let queue = DispatchQueue(label: "terminal.input", qos: .userInteractive)
    private let input: Int32
    private let signalPipe: (reading: Int32, writing: Int32)
    private let continuation: AsyncStream<TerminalEvent>.Continuation
    private let keys: any DispatchSourceRead
    private let signals: any DispatchSourceRead

    private var decoder = KeyDecoder()
    private var onAnswer: (@Sendable (KeyDecoder.Answers, GraphicsAnswers) -> Void)?
    private var buffer = [UInt8](repeating: 0, count: 65_536)
    // Counts reads, so that a flush that is late does nothing.
    private var readCount = 0
    private var isPaused = true
    private var isFinished = false

    /// Begins to watch signals, for the whole process; `start` begins to read.
    init(input: Int32, continuation: AsyncStream<TerminalEvent>.Continuation) throws(TerminalFailure) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw .system(doing: "making a pipe for signals", code: errno) }
        let (reading, writing) = (ends[0], ends[1])
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        self.input = input
        self.continuation = continuation
        signalPipe = (reading, writing)
        keys = DispatchSource.makeReadSource(fileDescriptor: input, queue: queue)
        signals = DispatchSource.makeReadSource(fileDescriptor: reading, queue: queue)
        keys.setEventHandler { @Sendable [weak self] in self?.readKeys() }
        signals.setEventHandler { @Sendable [weak self] in self?.readSignals() }
        signals.setCancelHandler { @Sendable in
            close(reading)
            close(writing)
        }
        // A source that was never activated must not be released.
        signals.activate()
        watchSignals()
    }

    /// Puts the signal handlers in place, again if a library has replaced them.
    func watchSignals() { _ = cterminalguard_watch_signals(signalPipe.writing) }

    /// Begins to read keys; `onAnswer` is called on the reader's queue when the terminal told something about itself.
    func start(onAnswer: @escaping @Sendable (KeyDecoder.Answers, GraphicsAnswers) -> Void) {
        queue.sync {
            self.onAnswer = onAnswer
            isPaused = false
            keys.activate()
        }
    }

    /// Leaves the keys to somebody else; returns when no read is under way.
    func pause() {
        queue.sync {
            guard !isPaused, !isFinished else { return }
            isPaused = true
            keys.suspend()
            deliver(decoder.flush())
        }
    }

    /// Reads keys again.
    func resume() {
        queue.sync {
            guard isPaused else { return }
            isPaused = false
            keys.resume()
        }
    }

    /// Stops for good and ends the events.
    ///
    /// The descriptor may be closed afterwards.
    func finish() {
        _ = cterminalguard_watch_signals(-1)
        queue.sync {
            endReading()
            if !signals.isCancelled { signals.cancel() }
        }
        continuation.finish()
    }

    // MARK: - On the queue

    private func readKeys() {
        let count = read(input, &buffer, buffer.count)
        guard count != 0, count > 0 || errno == EINTR || errno == EAGAIN else {
            endReading()
            continuation.yield(.closed)
            return
        }
        guard count > 0 else { return }
        let (answers, graphics) = (decoder.answers, decoder.graphics)
        deliver(decoder.feed(buffer[..<count]))
        if decoder.answers != answers || decoder.graphics != graphics { onAnswer?(decoder.answers, decoder.graphics) }
        readCount += 1
        guard let timeout = decoder.pendingTimeout else { return }
        let expected = readCount
        let milliseconds = Int(timeout.components.attoseconds / 1_000_000_000_000_000)
        queue.asyncAfter(deadline: .now() + .milliseconds(milliseconds)) { @Sendable [weak self] in
            guard let self, readCount == expected, !isPaused, !isFinished else { return }
            deliver(decoder.flush())
        }
    }

    private func readSignals() {
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = read(signalPipe.reading, &bytes, bytes.count)
        guard count > 0 else { return }
        for signal in bytes[..<count] {
            switch Int32(signal) {
            case SIGWINCH: if let size = Size(terminal: input) { continuation.yield(.resized(size)) }
            case SIGTERM: continuation.yield(.signal(.terminate))
            case SIGINT: continuation.yield(.signal(.interrupt))
            case SIGTSTP: continuation.yield(.signal(.stop))
            case SIGCONT: continuation.yield(.signal(.resume))
            case SIGHUP: continuation.yield(.closed)
            default: break
            }
        }
    }

    private func deliver(_ events: [TerminalEvent]) {
        for event in events { continuation.yield(event) }
    }

    private func endReading() {
        guard !isFinished else { return }
        isFinished = true
        keys.cancel()
        // A suspended source is never released.
        if isPaused { keys.resume() }
        isPaused = false
    }
}

extension PixelSize {
    /// How large a cell of the terminal behind a descriptor is; `nil` when it does not know.
    init?(cellOf descriptor: Int32) {
        var window = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0, window.ws_row > 0 else {
            return nil
        }
        self.init(width: Int(window.ws_xpixel / window.ws_col), height: Int(window.ws_ypixel / window.ws_row))
        // Some line drivers make something up.
        guard (2...256).contains(width), (2...256).contains(height) else { return nil }
    }
}

extension Size {
    /// The size of the terminal behind a descriptor; `nil` when it does not know.
    init?(terminal descriptor: Int32) {
        var window = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0, window.ws_row > 0 else {
            return nil
        }
        self.init(columns: Int(window.ws_col), rows: Int(window.ws_row))
    }
}
