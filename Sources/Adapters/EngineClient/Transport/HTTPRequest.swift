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

/// What a server says before the body: its status and its headers.
public struct HTTPHead: Sendable {
    /// The status, as 200.
    public var status: Int
    /// The headers, in the order in which they came.
    public var headers: [HTTPRequest.Header]

    /// Makes a head.
    public init(status: Int, headers: [HTTPRequest.Header] = []) {
        self.status = status
        self.headers = headers
    }

    /// The first value of a header, whose name may be written in any case.
    public subscript(name: String) -> String? {
        let wanted = name.lowercased()
        return headers.first { $0.name.lowercased() == wanted }?.value
    }
}

/// A whole reply.
public struct HTTPReply: Sendable {
    /// Its status and headers.
    public var head: HTTPHead
    /// Its body.
    public var body: [UInt8]

    /// Its status, as 200.
    public var status: Int { head.status }
}
