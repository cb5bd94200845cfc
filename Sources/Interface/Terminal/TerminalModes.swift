import CNcurses
import Glibc

/// The modes of a terminal line: every byte comes at once and as it is, Ctrl+C and Ctrl+Z included.
enum TerminalModes {
    static func setRaw(_ descriptor: Int32) throws(TerminalFailure) {
        var modes = termios()
        guard tcgetattr(descriptor, &modes) == 0 else {
            throw .system(doing: "reading the terminal's modes", code: errno)
        }
        cfmakeraw(&modes)
        guard tcsetattr(descriptor, TCSADRAIN, &modes) == 0 else {
            throw .system(doing: "setting the terminal's modes", code: errno)
        }
    }

    /// Writes everything; what a terminal that is gone does not take is lost.
    static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                // Another program has left the descriptor non-blocking.
                var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                guard poll(&wait, 1, 1000) > 0 else { return }
            } else if errno != EINTR {
                return
            }
        }
    }
}
