import Glibc

/// A stream between two programs of one user on this machine.
final class LocalSocket: Sendable {
    /// The socket; closed with this.
    let descriptor: Int32

    /// Takes a connected or listening socket over.
    init(taking descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Connects; nil when nobody listens there.
    static func connect(to path: String) -> LocalSocket? {
        withAddress(path) { descriptor, address, length in Glibc.connect(descriptor, address, length) == 0 }
    }

    /// Listens; nil when somebody else does, or nothing can be made there.
    ///
    /// What a dead program left behind is replaced.
    static func listen(at path: String) -> LocalSocket? {
        // Somebody who answers is alive.
        if connect(to: path) != nil { return nil }
        unlink(path)
        return withAddress(path) { descriptor, address, length in
            Glibc.bind(descriptor, address, length) == 0 && chmod(path, 0o600) == 0 && Glibc.listen(descriptor, 8) == 0
        }
    }

    /// The next who connected; nil when there is none, or it is of another user.
    func accept() -> LocalSocket? {
        let number = Glibc.accept(descriptor, nil, nil)
        guard number >= 0 else { return nil }
        _ = fcntl(number, F_SETFD, FD_CLOEXEC)
        let socket = LocalSocket(taking: number)
        return socket.peer?.user == getuid() ? socket : nil
    }

    /// A program at the other end, as the kernel knows it.
    struct Peer {
        // In the order of C's `ucred`, which Swift does not see.
        var process: pid_t = 0
        var user: uid_t = 0
        var group: gid_t = 0
    }

    /// Who is at the other end.
    var peer: Peer? {
        var peer = Peer()
        var length = socklen_t(MemoryLayout<Peer>.size)
        return getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0 ? peer : nil
    }

    /// Ends waiting for the other side after so many seconds.
    func limitWaiting(seconds: Int) {
        var limit = timeval(tv_sec: seconds, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
        }
    }

    /// Sends everything; whether that was possible.
    func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// The bytes up to the next line's end, which is taken as well; nil when none comes within `limit` bytes.
    func readLine(limit: Int) -> [UInt8]? {
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while line.count <= limit {
            let count = recv(descriptor, &byte, 1, 0)
            if count < 0, errno == EINTR { continue }
            guard count == 1 else { return nil }
            if byte == UInt8(ascii: "\n") { return line }
            line.append(byte)
        }
        return nil
    }

    /// Fills memory; whether that many bytes came.
    func read(into memory: UnsafeMutableRawBufferPointer) -> Bool {
        var filled = 0
        while filled < memory.count {
            let count = recv(descriptor, memory.baseAddress.map { $0 + filled }, memory.count - filled, 0)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            filled += count
        }
        return true
    }

    private static func withAddress(
        _ path: String, _ use: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Bool
    ) -> LocalSocket? {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        let socket = LocalSocket(taking: descriptor)
        let isUsable = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                use(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        return isUsable ? socket : nil
    }
}
