import Foundation

/// A pseudo-terminal whose other end a thread drains, so that what is written to it can be counted and read.
///
/// @unchecked because `bytes` and `isCut` are protected by `lock`, and the rest never changes.
final class PseudoTerminal: @unchecked Sendable {
    /// The end that a program takes for a terminal.
    let descriptor: Int32
    private let master: Int32
    private let lock = NSLock()
    private var bytes: [UInt8] = []
    private var isCut = false
    private let done = DispatchSemaphore(value: 0)

    init?(columns: Int, rows: Int) {
        var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
        master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        // The C library's functions for this are not imported: unlock, and ask for the number.
        var lock: Int32 = 0
        var number: UInt32 = 0
        guard master >= 0, ioctl(master, 0x4004_5431, &lock) == 0, ioctl(master, 0x8004_5430, &number) == 0 else {
            return nil
        }
        descriptor = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard descriptor >= 0, ioctl(descriptor, UInt(TIOCSWINSZ), &size) == 0 else { return nil }
        let thread = Thread { [self] in drain() }
        thread.start()
    }

    /// What was written so far.
    var output: [UInt8] { lock.withLock { bytes } }

    /// Types bytes.
    func type(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(master, bytes, bytes.count)
    }

    func resize(columns: Int, rows: Int) {
        var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(master, UInt(TIOCSWINSZ), &size)
    }

    /// Hangs up and returns everything that was written.
    func hangUp() -> [UInt8] {
        close(descriptor)
        done.wait()
        close(master)
        return output
    }

    /// Takes the terminal away while somebody still has it open.
    func cut() {
        lock.withLock { isCut = true }
        done.wait()
        close(master)
        close(descriptor)
    }

    private func drain() {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while !lock.withLock({ isCut }) {
            var wait = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
            guard poll(&wait, 1, 20) > 0 else { continue }
            let count = read(master, &buffer, buffer.count)
            guard count > 0 else { break }
            lock.withLock { bytes += buffer[..<count] }
        }
        done.signal()
    }
}
