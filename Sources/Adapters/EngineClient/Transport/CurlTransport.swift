/// Sends requests over HTTP and streams the replies, all on one thread of its own.
///
/// The thread starts with the first request and ends with the transport. Redirects are not followed, and no compression is
/// asked for: what engines stream is small, and a few bytes cannot swell to gigabytes.
///
///     let exchange = try await transport.open(HTTPRequest(url: "http://127.0.0.1:8000/v1/models"))
///     while let bytes = try await exchange.next() { … }
public final class CurlTransport: Sendable {
    private let loop = CurlLoop()
    private let settings: TransportSettings

    /// Makes a transport.
    public init(settings: TransportSettings = TransportSettings()) { self.settings = settings }

    deinit { loop.stop() }

    /// Runs tasks on the thread that moves the bytes: for those that pass on what comes, and never wait for anything else.
    ///
    /// It works for as long as there is the transport; after that, tasks run elsewhere.
    public var executor: any TaskExecutor { loop }

    /// Sends a request and waits for the status and the headers of the reply.
    ///
    /// Cancelling the task closes the connection.
    public func open(_ request: HTTPRequest) async throws(TransportFailure) -> HTTPExchange {
        let transfer = CurlTransfer(request: request, settings: settings, loop: loop)
        if Task.isCancelled { throw TransportFailure(.cancelled) }
        loop.add(transfer)
        return HTTPExchange(head: try await transfer.head(), transfer: transfer, transport: self)
    }

    /// Sends a request and waits for the whole reply.
    ///
    /// - Parameter limit: The longest body that is taken, in bytes; `.tooLarge` is thrown for a longer one.
    public func fetch(
        _ request: HTTPRequest, limit: Int = 4 * 1024 * 1024
    ) async throws(TransportFailure) -> HTTPReply {
        let exchange = try await open(request)
        return HTTPReply(head: exchange.head, body: try await exchange.rest(limit: limit))
    }

    /// Gets what is at an address.
    public func get(
        _ url: String, socket: String? = nil, headers: [HTTPRequest.Header] = [], timeout: Duration = .seconds(10)
    ) async throws(TransportFailure) -> HTTPReply {
        try await fetch(
            HTTPRequest(url: url, socket: socket, headers: headers, connectTimeout: timeout, totalTimeout: timeout))
    }
}
