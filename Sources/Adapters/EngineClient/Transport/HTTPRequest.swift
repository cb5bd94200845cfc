/// A request over HTTP or HTTPS.
public struct HTTPRequest: Sendable {
    /// A header: its name and its value.
    public typealias Header = (name: String, value: String)

    /// Where it goes.
    public var url: String
    /// The unix socket to connect through, in place of the URL's host and port.
    public var socket: String?
    /// What is sent along, in this order.
    public var headers: [Header]
    /// What is posted; nil makes it a GET.
    public var body: [UInt8]?
    /// How long connecting may take.
    public var connectTimeout: Duration
    /// How long nothing may move in either direction; nil waits for ever.
    ///
    /// The time in which the reader does not keep up is no silence.
    public var silenceTimeout: Duration?
    /// How long all of it may take; nil sets no limit.
    public var totalTimeout: Duration?

    /// Makes a request.
    public init(
        url: String, socket: String? = nil, headers: [Header] = [], body: [UInt8]? = nil,
        connectTimeout: Duration = .seconds(10), silenceTimeout: Duration? = nil, totalTimeout: Duration? = nil
    ) {
        self.url = url
        self.socket = socket
        self.headers = headers
        self.body = body
        self.connectTimeout = connectTimeout
        self.silenceTimeout = silenceTimeout
        self.totalTimeout = totalTimeout
    }
}
