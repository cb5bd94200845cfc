import Foundation
import Glibc

/// A program that goes on when the one that launched it ends, and says on a pipe what it does meanwhile.
public struct DetachedProgram: Sendable {
    /// Its process.
    public let processID: Int32
    private let output: Int32

    /// Launches this very program anew, in a session of its own, with nothing to read and its standard error thrown away.
    ///
    /// - Parameter arguments: What comes after the program's name.
    public static func again(_ arguments: [String]) throws(EngineHostFailure) -> DetachedProgram {
        try DetachedProgram("/proc/self/exe", arguments)
    }

    init(_ path: String, _ arguments: [String]) throws(EngineHostFailure) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw Self.failure(errno) }
        Self.keepDescriptorsHere()
        defer { close(ends[1]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        // What is ignored here, as Ctrl-C may be, would be ignored there; and a shell below could not even trap it.
        var (all, none) = (sigset_t(), sigset_t())
        sigfillset(&all)
        sigemptyset(&none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setsigmask(&attributes, &none)
        // POSIX_SPAWN_SETSID is a GNU extension that Swift does not see.
        let flags = Int32(POSIX_SPAWN_SETSIGDEF) | Int32(POSIX_SPAWN_SETSIGMASK) | 0x80
        posix_spawnattr_setflags(&attributes, Int16(flags))

        var words = (["scry"] + arguments).map { strdup($0) } + [nil]
        defer { words.forEach { free($0) } }
        var process: Int32 = 0
        let error = posix_spawn(&process, path, &actions, &attributes, &words, environ)
        guard error == 0 else {
            close(ends[0])
            throw Self.failure(error)
        }
        processID = process
        output = ends[0]
    }

    /// What it says, line by line, to its end or to the last line that is wanted; read it once.
    public func lines() -> AsyncStream<String> {
        let output = output
        return AsyncStream { continuation in
            // A wait of minutes is nothing for a thread of the pool.
            Thread.detachNewThread {
                var (line, byte): ([UInt8], UInt8) = ([], 0)
                while true {
                    let count = read(output, &byte, 1)
                    if count < 0 && errno == EINTR { continue }
                    guard count == 1 else { break }
                    if byte == 10 {
                        if case .terminated = continuation.yield(String(decoding: line, as: UTF8.self)) { break }
                        line.removeAll()
                    } else {
                        line.append(byte)
                    }
                }
                close(output)
                continuation.finish()
            }
        }
    }

    /// Whatever this program was handed stays with it: whoever waits for the end of a pipe would wait for the new one's.
    private static func keepDescriptorsHere() {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? [] {
            if let descriptor = Int32(name), descriptor > STDERR_FILENO { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        }
    }

    private static func failure(_ error: Int32) -> EngineHostFailure {
        EngineHostFailure(.startFailed, "Scry cannot start itself once more: \(String(cString: strerror(error))).")
    }
}
