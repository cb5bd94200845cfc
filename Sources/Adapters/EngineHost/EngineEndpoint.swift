import FoundationEssentials
import Glibc

/// Where an engine of Scry's own listens.
struct EngineEndpoint: Sendable, Equatable, Codable {
    /// The unix socket; nil when it is a port.
    var socket: String?
    /// The port of 127.0.0.1; nil when it is a socket.
    var port: UInt16?
    /// The key that requests carry: a port can be reached by every user of the machine, a socket in a private directory
    /// cannot.
    var key: String?

    /// The address of the OpenAI-compatible interface.
    var url: String { port.map { "http://127.0.0.1:\($0)/v1" } ?? "http://localhost/v1" }

    /// What the engine's command line says of it.
    var arguments: [String] {
        if let socket { return ["--host", socket] }
        return ["--host", "127.0.0.1", "--port", String(port ?? 0)]
    }

    static func socket(_ path: String) -> EngineEndpoint { EngineEndpoint(socket: path) }

    /// A port that nobody listens on, with a new key.
    ///
    /// - Parameter port: The port that it has to be; 0 for any.
    static func freePort(_ wanted: UInt16 = 0) throws(EngineHostFailure) -> EngineEndpoint {
        let descriptor = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        var address = loopback(port: wanted)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        // As servers do: a port that was left a moment ago counts as free.
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard descriptor >= 0, isBound else {
            throw EngineHostFailure(
                .startFailed,
                wanted == 0
                    ? "No free port was found for Scry's own engine."
                    : "Scry's own engine cannot listen on port \(wanted): \(String(cString: strerror(errno))); name another."
            )
        }
        var random = SystemRandomNumberGenerator()
        let digits = (0..<32).map { _ in String(UInt8.random(in: 0..<16, using: &random), radix: 16) }
        return EngineEndpoint(port: UInt16(bigEndian: address.sin_port), key: digits.joined())
    }

    /// Connects, or returns nil; every later read and write gives up after `patience` seconds.
    func connected(patience: Int) -> Int32? {
        let family = socket == nil ? AF_INET : AF_UNIX
        let descriptor = Glibc.socket(family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        var limit = timeval(tv_sec: patience, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        let isConnected =
            if let socket { connect(descriptor, toSocket: socket) } else { connect(descriptor, toPort: port ?? 0) }
        if isConnected { return descriptor }
        close(descriptor)
        return nil
    }

    private func connect(_ descriptor: Int32, toSocket path: String) -> Bool {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let fits = withUnsafeMutableBytes(of: &address.sun_path) { room in
            guard path.utf8.count < room.count else { return false }
            room.copyBytes(from: path.utf8)
            return true
        }
        guard fits else { return false }
        return withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
    }

    private func connect(_ descriptor: Int32, toPort port: UInt16) -> Bool {
        withUnsafePointer(to: Self.loopback(port: port)) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }

    private static func loopback(port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }
}
