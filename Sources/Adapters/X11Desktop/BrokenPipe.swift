import Glibc

/// Keeps a server's death from ending the process: libxcb writes to the socket in a way that raises SIGPIPE.
enum BrokenPipe {
    /// Runs the body with SIGPIPE held back on this thread, and forgets one that came meanwhile.
    static func tolerated<Result>(_ body: () throws -> Result) rethrows -> Result {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        var before = sigset_t()
        pthread_sigmask(SIG_BLOCK, &signals, &before)
        defer {
            // Somebody else's, if it was held back before.
            if sigismember(&before, SIGPIPE) == 0 {
                var noTime = timespec()
                while sigtimedwait(&signals, nil, &noTime) == SIGPIPE {}
                pthread_sigmask(SIG_SETMASK, &before, nil)
            }
        }
        return try body()
    }
}
