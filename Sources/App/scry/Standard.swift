import Dispatch
import Glibc
import Synchronization

/// The three standard descriptors, written to without buffers so that a closed pipe is noticed at once.
enum Standard {
    /// Whether a person reads standard output.
    static var outputIsTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
    /// Whether a person reads standard error.
    static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }
    /// Whether a person types on standard input.
    static var inputIsTerminal: Bool { isatty(STDIN_FILENO) == 1 }

    /// Why standard output took no more, as a disk that is full; nil while it takes everything.
    static var outputFailure: String? {
        let number = failure.load(ordering: .relaxed)
        return number == 0 ? nil : String(cString: strerror(number))
    }

    private static let failure = Atomic<Int32>(0)

    /// Writes an answer.
    static func output(_ text: some StringProtocol) { write(text, to: STDOUT_FILENO) }

    /// Writes bytes, as those of a picture.
    static func output(bytes: [UInt8]) { bytes.withUnsafeBytes { write($0, to: STDOUT_FILENO) } }

    /// Writes reasoning, progress and errors.
    static func error(_ text: some StringProtocol) { write(text, to: STDERR_FILENO) }

    /// Writes what is wrong with the configuration or the history, a line each.
    static func error(warnings: [String]) {
        for warning in warnings { error("scry: \(warning)\n") }
    }

    /// Reads standard input to its end, at most `limit` bytes; cancelling the task ends the wait for more.
    static func readInput(limit: Int) async throws -> [UInt8] {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return [] }
        let (waker, wakes) = (ends[0], ends[1])
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer {
            close(waker)
            close(wakes)
        }
        let bytes = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // Whoever holds the other end may never close it: such a wait is nothing for a thread of the pool.
                DispatchQueue(label: "scry.input").async { @Sendable in
                    continuation.resume(returning: readInput(limit: limit, until: waker))
                }
            }
        } onCancel: {
            _ = Glibc.write(wakes, [0], 1)
        }
        try Task.checkCancellation()
        return bytes
    }

    /// Reads standard input as text.
    ///
    /// - Throws: `CommandFailure` when it is longer than any engine could read.
    static func readText() async throws -> String {
        let limit = 4 << 20
        let bytes = try await readInput(limit: limit + 1)
        guard bytes.count <= limit else {
            throw CommandFailure(
                .usage,
                "Standard input is longer than 4 MiB, more than an engine reads; send its last lines (tail -n 500).")
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func readInput(limit: Int, until waker: Int32) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        var waits = [
            pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
            pollfd(fd: waker, events: Int16(POLLIN), revents: 0),
        ]
        while bytes.count < limit {
            let ready = poll(&waits, 2, -1)
            if ready < 0, errno == EINTR { continue }
            guard ready > 0, waits[1].revents == 0 else { break }
            let count = read(STDIN_FILENO, &chunk, min(chunk.count, limit - bytes.count))
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count > 0 else { break }
            bytes += chunk[..<count]
        }
        return bytes
    }

    private static func write(_ text: some StringProtocol, to descriptor: Int32) {
        var text = String(text)
        text.withUTF8 { write(UnsafeRawBufferPointer($0), to: descriptor) }
    }

    /// A reader that went away ends the program quietly through SIGPIPE, also where whoever started it ignores that.
    private static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if count < 0 {
                if errno == EINTR { continue }
                guard errno == EAGAIN else {
                    guard descriptor == STDOUT_FILENO else { return }
                    if errno == EPIPE {
                        signal(SIGPIPE, SIG_DFL)
                        raise(SIGPIPE)
                    }
                    failure.store(errno, ordering: .relaxed)
                    return
                }
                // Somebody who shares the descriptor made it non-blocking.
                var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&wait, 1, -1)
                continue
            }
            rest = rest.dropFirst(count)
        }
    }
}
