/// A request over HTTP or HTTPS.
///
/// It describes itself without its headers and its body, which hold keys and pictures.
public struct HTTPRequest: Sendable, CustomStringConvertible, CustomReflectable {
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
    /// How far apart pieces of a reply that flows are handed on at most; what comes after a pause is handed on at once.
    public var pace: Duration = Trickle.pace

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

    /// The method, the address without a name and a password, and the size.
    public var description: String {
        let address = EngineAddress(url)
        return "\(body == nil ? "GET" : "POST") \(address.origin)\(address.path) (\(body?.count ?? 0) bytes)"
    }

    /// Nothing but the description, so that no dump shows a key.
    public var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}
