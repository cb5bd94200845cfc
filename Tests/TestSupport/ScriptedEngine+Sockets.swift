import Foundation

/// Listening and reading, on plain POSIX sockets.
extension ScriptedEngine {
    /// A call of the system's that failed.
    public struct SocketError: Error, CustomStringConvertible {
        /// What was called.
        public let call: String
        /// The system's number for what went wrong.
        public let number: Int32

        /// What was called, and why it failed.
        public var description: String { "\(call): \(String(cString: strerror(number)))" }
    }

    static func listenOnFreePort() throws -> (descriptor: Int32, port: UInt16) {
        let descriptor = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw SocketError(call: "socket", number: errno) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        try listen(descriptor, &address)
        var length = socklen_t(MemoryLayout.size(ofValue: address))
        withUnsafeMutablePointer(to: &address) { pointer in
            _ = pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }

    static func listen(path: String) throws -> Int32 {
        let descriptor = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw SocketError(call: "socket", number: errno) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
            close(descriptor)
            throw SocketError(call: "bind \(path)", number: ENAMETOOLONG)
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        try listen(descriptor, &address)
        return descriptor
    }

    private static func listen<Address>(_ descriptor: Int32, _ address: inout Address) throws {
        let size = socklen_t(MemoryLayout<Address>.size)
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) }
        }
        guard code == 0, Glibc.listen(descriptor, 64) == 0 else {
            let number = errno
            close(descriptor)
            throw SocketError(call: "listen", number: number)
        }
    }

    /// Reads a request; nil when the client closes before its end.
    static func readRequest(_ connection: Int32) -> Request? {
        var bytes: [UInt8] = []
        var end: Int?
        while end == nil {
            let searched = max(0, bytes.count - 3)
            guard let more = read(connection) else { return nil }
            bytes += more
            // A greeting of TLS's begins with no letter; an engine that speaks plain HTTP hangs up on it.
            if let first = bytes.first, first < 0x41 { return nil }
            end = (searched..<max(searched, bytes.count - 3)).first {
                bytes[$0] == 13 && bytes[$0 + 1] == 10 && bytes[$0 + 2] == 13 && bytes[$0 + 3] == 10
            }
        }
        guard let end else { return nil }
        let lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n")
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count >= 2 else { return nil }
        let headers = lines.dropFirst().compactMap { line -> (name: String, value: String)? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            return (String(line[..<colon]), value)
        }
        let length = headers.first { $0.name.lowercased() == "content-length" }.flatMap { Int($0.value) } ?? 0
        var body = Array(bytes[(end + 4)...])
        while body.count < length {
            guard let more = read(connection) else { return nil }
            body += more
        }
        return Request(method: String(words[0]), path: String(words[1]), headers: headers, body: body)
    }

    private static func read(_ connection: Int32) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = recv(connection, &buffer, buffer.count, 0)
            if count < 0 && errno == EINTR { continue }
            return count > 0 ? Array(buffer[..<count]) : nil
        }
    }
}
