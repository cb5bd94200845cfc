import Glibc
import Synchronization

/// A program that a test runs: it ends when it is stopped, when this goes away, and when the test process dies.
public final class TestProcess: Sendable {
    /// The program's process.
    public let processID: Int32

    private struct State {
        var windowID: UInt64 = 0
        var isEnded = false
    }
    private let state = Mutex(State())
    private let input: Int32
    private let output: Int32
    private let lifeline: Int32
    private static let starting = Mutex(())

    /// Starts a program, found along PATH.
    ///
    /// - Parameter environment: added to this process's own.
    public init(_ program: String, _ arguments: [String], environment: [String: String] = [:]) throws {
        // The watcher ends the program when the lifeline breaks, and leaves at a word from `stop`.
        let script = "(read word <&3 || kill $$) </dev/null >/dev/null 2>&1 & exec \"$@\" 3<&-"
        let variables = environment.map { "\($0)=\($1)" }
        let words = ["env"] + variables + ["sh", "-c", script, "sh", program] + arguments
        // One at a time: a program that starts meanwhile could inherit a pipe's ends, and keep it open.
        (processID, input, output, lifeline) = try Self.starting.withLock { _ in
            let (stdin, stdout, life) = (try TestPipe(), try TestPipe(), try TestPipe())
            let process = try Self.spawn(words, [stdin.reading, stdout.writing, nil, life.reading])
            return (process, stdin.takeWriting(), stdout.takeReading(), life.takeWriting())
        }
    }

    deinit {
        stop()
        for descriptor in [input, output, lifeline] { close(descriptor) }
    }

    /// The window of a test card; 0 for other programs.
    public internal(set) var windowID: UInt64 {
        get { state.withLock(\.windowID) }
        set { state.withLock { $0.windowID = newValue } }
    }

    /// The next line of the program's output; nil at its end, or after ten seconds without any.
    public func readLine() -> String? {
        var line: [UInt8] = []
        while true {
            var source = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
            var byte: UInt8 = 0
            guard poll(&source, 1, 10_000) > 0, read(output, &byte, 1) == 1 else { return nil }
            if byte == 10 { return String(decoding: line, as: UTF8.self) }
            line.append(byte)
        }
    }

    /// Sends the program a line.
    public func send(_ line: String) throws {
        let bytes = Array((line + "\n").utf8)
        guard write(input, bytes, bytes.count) == bytes.count else {
            throw TestProcessFailure(message: "The program does not read.")
        }
    }

    /// Waits for the end of the program, for at most some seconds; whether it ended.
    @discardableResult
    public func waitUntilExit(within seconds: Double = 10) -> Bool {
        for _ in 0..<Int(seconds * 200) {
            if hasEnded() { return true }
            usleep(5000)
        }
        return false
    }

    /// Ends the program and waits for its end.
    public func stop() {
        guard !hasEnded() else { return }
        kill(processID, SIGTERM)
        guard !waitUntilExit(within: 3) else { return }
        kill(processID, SIGKILL)
        waitUntilExit()
    }

    private func hasEnded() -> Bool {
        state.withLock { state in
            guard !state.isEnded else { return true }
            var status: Int32 = 0
            guard waitpid(processID, &status, WNOHANG) != 0 else { return false }
            state.isEnded = true
            // The number may soon be somebody else's: the watcher must not use it any more.
            _ = write(lifeline, "done\n", 5)
            return true
        }
    }

    /// Starts a program with these descriptors as its first ones.
    private static func spawn(_ words: [String], _ descriptors: [Int32?]) throws -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (number, descriptor) in descriptors.enumerated() {
            if let descriptor { posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(number)) }
        }
        // Servers chat on theirs.
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        // The thread that runs a test blocks most signals, and a program would inherit that.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        let strings = words.map { strdup($0) } + [nil]
        defer { strings.forEach { free($0) } }
        var process: Int32 = 0
        let status = posix_spawnp(&process, words[0], &actions, &attributes, strings, environ)
        guard status == 0 else { throw TestProcessFailure(message: "\(words) did not start: error \(status).") }
        return process
    }
}

/// Why a test's surroundings could not be set up.
public struct TestProcessFailure: Error, CustomStringConvertible {
    /// The sentence.
    public let message: String
    /// The sentence.
    public var description: String { message }
}

/// A pipe whose ends other programs do not inherit.
private final class TestPipe {
    private(set) var reading: Int32
    private(set) var writing: Int32

    init() throws {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw TestProcessFailure(message: "No descriptors are left.") }
        // Not among the first ones, which a child's descriptors are put on.
        (reading, writing) = (fcntl(ends[0], F_DUPFD_CLOEXEC, 10), fcntl(ends[1], F_DUPFD_CLOEXEC, 10))
        ends.forEach { close($0) }
    }

    deinit {
        if reading >= 0 { close(reading) }
        if writing >= 0 { close(writing) }
    }

    func takeReading() -> Int32 {
        defer { reading = -1 }
        return reading
    }

    func takeWriting() -> Int32 {
        defer { writing = -1 }
        return writing
    }
}
