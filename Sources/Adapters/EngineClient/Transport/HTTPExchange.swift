/// A reply that is being received.
///
/// One task reads it. The connection is closed when the exchange is let go of before its end, or when the task that waits
/// in `next()` is cancelled.
public final class HTTPExchange: Sendable {
    /// Its status and headers.
    public let head: HTTPHead
    private let transfer: CurlTransfer
    // Keeps the thread running while somebody reads.
    private let transport: CurlTransport

    init(head: HTTPHead, transfer: CurlTransfer, transport: CurlTransport) {
        self.head = head
        self.transfer = transfer
        self.transport = transport
    }

    deinit { transfer.cancel() }

    /// Waits for the next bytes of the body; nil at its end.
    public func next() async throws(TransportFailure) -> [UInt8]? { try await transfer.next() }

    /// Reads the body to its end.
    public func rest(limit: Int) async throws(TransportFailure) -> [UInt8] {
        var body: [UInt8] = []
        while let bytes = try await next() {
            guard body.count + bytes.count <= limit else {
                throw TransportFailure(.tooLarge, "more than \(limit) bytes")
            }
            body += bytes
        }
        return body
    }

    /// Sets how long nothing may come from now on.
    func setPatience(_ patience: Patience) { transfer.setPatience(patience) }

    /// Closes the connection, unless the reply is already complete.
    public func cancel() { transfer.cancel() }
}
