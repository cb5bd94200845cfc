import Foundation
import Synchronization

/// A small real HTTP server that plays an engine: on a TCP port of this machine or on a unix socket.
///
///     let engine = try ScriptedEngine { request in .reply(answer: "Paris.") }
///     defer { engine.stop() }
///     … talk to engine.url … #expect(engine.requests.count == 1)
///
/// Every connection has a thread and serves one request. A response is a list of steps, so that it can dawdle, stall and break
/// off; when the client closes the connection before the last step, that is noticed at once and counted.
public final class ScriptedEngine: Sendable {
    /// What a client asked.
    public struct Request: Sendable {
        /// "GET" or "POST".
        public let method: String
        /// The path with its query, as "/v1/models".
        public let path: String
        /// The headers in their order, names as they came.
        public let headers: [(name: String, value: String)]
        /// The body.
        public let body: [UInt8]

        /// The body as text.
        public var text: String { String(decoding: body, as: UTF8.self) }

        /// The first value of a header, whose name may be written in any case.
        public subscript(header: String) -> String? {
            headers.first { $0.name.lowercased() == header.lowercased() }?.value
        }
    }

    /// A step of a response.
    public enum Step: Sendable {
        /// Sends bytes as they are.
        case send([UInt8])
        /// Waits.
        case pause(Duration)
        /// Waits until something is the case.
        case until(@Sendable () -> Bool)
        /// Says nothing more and keeps the connection open until the client closes it or the engine stops.
        case stall
        /// Closes the connection with a reset, as a process that dies does.
        case reset
    }

    /// What the engine answers: the bytes of HTTP, step by step.
    ///
    /// The connection is closed after the last one.
    public struct Response: Sendable {
        /// The steps in their order.
        public var steps: [Step]

        /// Makes a response of steps.
        public init(_ steps: [Step]) { self.steps = steps }
    }

    /// What a test sees of the engine's work.
    private struct Log {
        var requests: [Request] = []
        var abandonedCount = 0
        var sentByteCount = 0
        var connections: Set<Int32> = []
        var isStopped = false
    }

    /// The base URL of the interface, as "http://127.0.0.1:45123/v1"; with a unix socket the host means nothing.
    public let url: String
    /// The unix socket's path; nil for TCP.
    public let socket: String?
    private let listener: Int32
    private let handler: @Sendable (Request) -> Response
    private let log = Mutex(Log())
    private let threads = DispatchGroup()

    /// Starts an engine.
    ///
    /// - Parameters:
    ///   - socket: The path of a unix socket to listen on; nil takes a free TCP port.
    ///   - handler: Answers a request; called on the connection's thread.
    public init(socket: String? = nil, handler: @escaping @Sendable (Request) -> Response) throws {
        self.handler = handler
        self.socket = socket
        if let socket {
            listener = try Self.listen(path: socket)
            url = "http://localhost/v1"
        } else {
            let (descriptor, port) = try Self.listenOnFreePort()
            listener = descriptor
            url = "http://127.0.0.1:\(port)/v1"
        }
        threads.enter()
        Thread.detachNewThread { [self] in
            accept()
            threads.leave()
        }
    }

    /// What was asked so far.
    public var requests: [Request] { log.withLock(\.requests) }

    /// How many connections the client closed before the response's last step was done.
    public var abandonedCount: Int { log.withLock(\.abandonedCount) }

    /// How many bytes the clients' sockets have taken in all.
    public var sentByteCount: Int { log.withLock(\.sentByteCount) }

    /// Closes everything and waits for the threads.
    public func stop() {
        let wasRunning = log.withLock { log in
            defer { log.isStopped = true }
            if !log.isStopped { for connection in log.connections { shutdown(connection, Int32(SHUT_RDWR)) } }
            return !log.isStopped
        }
        guard wasRunning else { return }
        shutdown(listener, Int32(SHUT_RDWR))
        threads.wait()
        close(listener)
        if let socket { unlink(socket) }
    }

    private var isStopped: Bool { log.withLock(\.isStopped) }

    // MARK: - Connections

    private func accept() {
        while !isStopped {
            let connection = Glibc.accept(listener, nil, nil)
            guard connection >= 0 else {
                if errno == EINTR { continue }
                return
            }
            let isWelcome = log.withLock { log in
                if !log.isStopped { log.connections.insert(connection) }
                return !log.isStopped
            }
            guard isWelcome else {
                close(connection)
                return
            }
            threads.enter()
            Thread.detachNewThread { [self] in
                serve(connection)
                _ = log.withLock { $0.connections.remove(connection) }
                close(connection)
                threads.leave()
            }
        }
    }

    private func serve(_ connection: Int32) {
        guard let request = Self.readRequest(connection) else { return }
        log.withLock { $0.requests.append(request) }
        for step in handler(request).steps {
            if case .reset = step { return reset(connection) }
            guard perform(step, connection) else {
                if !isStopped { log.withLock { $0.abandonedCount += 1 } }
                return
            }
        }
        // The client reads everything before the close, however much of it is still on its way.
        shutdown(connection, Int32(SHUT_WR))
    }

    /// Does a step; false when the client has closed the connection.
    private func perform(_ step: Step, _ connection: Int32) -> Bool {
        switch step {
        case .send(let bytes):
            return send(bytes, connection)
        case .pause(let duration):
            return waits(connection, until: .now + duration) { false }
        case .until(let isSo):
            return waits(connection, until: nil, isSo)
        case .stall:
            return waits(connection, until: nil) { false }
        case .reset:
            return true
        }
    }

    /// Makes the close that follows throw away what the client has not read.
    private func reset(_ connection: Int32) {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(connection, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
    }

    /// Waits for a time or a condition; false as soon as the client is gone.
    private func waits(
        _ connection: Int32, until deadline: ContinuousClock.Instant?, _ isSo: () -> Bool
    ) -> Bool {
        while !isStopped {
            if isSo() { return true }
            if let deadline, ContinuousClock.now >= deadline { return true }
            var poll = pollfd(fd: connection, events: Int16(POLLIN), revents: 0)
            guard Glibc.poll(&poll, 1, 2) > 0 else { continue }
            var byte: UInt8 = 0
            let count = recv(connection, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
            if count == 0 || (count < 0 && errno != EAGAIN) { return false }
        }
        return false
    }

    private func send(_ bytes: [UInt8], _ connection: Int32) -> Bool {
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.send(
                    connection, buffer.baseAddress.map { $0 + offset }, buffer.count - offset, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            offset += count
            log.withLock { $0.sentByteCount += count }
        }
        return true
    }
}
