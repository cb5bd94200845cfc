/// The parts of an engine's address that decide how it is spoken with and how it is shown.
///
/// Besides `http://` and `https://` there are unix sockets: `unix:/run/llama.sock`, and `http+unix://%2Frun%2Fllama.sock/v1`
/// where the interface has a path of its own.
public struct EngineAddress: Sendable, Equatable {
    /// "http" or "https".
    let scheme: String
    /// The host in lower case, without brackets.
    let host: String
    /// The port, where one is named or the scheme has one.
    let port: Int?
    /// Everything up to the path, without a user's name or a password: safe to show.
    let origin: String
    /// The path with what follows, without a slash at the end; empty for none.
    let path: String
    /// The unix socket to connect through; nil for the network.
    public let socket: String?

    /// Takes an address apart; never fails, since the connection tells best what is wrong with one.
    public init(_ url: String) {
        let trimmed = url.trimmed
        if let socket = Self.plainSocket(trimmed) {
            self.init(scheme: "http", rest: "localhost", socket: socket)
            return
        }
        let halves = trimmed.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
        let scheme = halves.count == 2 ? halves[0].lowercased() : "http"
        let rest = halves.count == 2 ? halves[1] : Substring(trimmed)
        guard scheme == "http+unix" else {
            self.init(scheme: scheme, rest: rest, socket: nil)
            return
        }
        let place = rest.prefix { $0 != "/" }
        let path = rest.dropFirst(place.count)
        self.init(scheme: "http", rest: "localhost\(path)", socket: Self.decoded(place))
    }

    private init(scheme: String, rest: Substring, socket: String?) {
        self.scheme = scheme
        self.socket = socket
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let place = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? authority
        let afterHost: Substring
        if place.hasPrefix("[") {
            host = place.dropFirst().prefix { $0 != "]" }.lowercased()
            afterHost = place.drop { $0 != "]" }.dropFirst()
        } else {
            host = place.prefix { $0 != ":" }.lowercased()
            afterHost = place.drop { $0 != ":" }
        }
        port = Int(afterHost.dropFirst()) ?? ["http": 80, "https": 443][scheme]
        origin = "\(scheme)://\(place)"
        var path = rest.dropFirst(authority.count).prefix { $0 != "?" && $0 != "#" }
        while path.hasSuffix("/") { path.removeLast() }
        self.path = String(path)
    }

    /// Where the OpenAI-compatible interface is: with "/v1" when the URL named a host only.
    public var base: String { origin + (path.isEmpty ? "/v1" : path) }

    /// Where the engine's own endpoints are.
    var root: String { origin + (path.hasSuffix("/v1") ? String(path.dropLast(3)) : path) }

    /// Whether it is on this machine.
    var isLoopback: Bool {
        // "127.example.com" is a name, and somebody else's.
        host == "localhost" || host == "::1" || (host.hasPrefix("127.") && host.allSatisfy { $0.isNumber || $0 == "." })
    }

    // MARK: - Sockets

    /// The path in "unix:/path" and "unix:///path"; nil for anything else.
    private static func plainSocket(_ url: String) -> String? {
        guard url.lowercased().hasPrefix("unix:") else { return nil }
        var path = url.dropFirst("unix:".count)
        if path.hasPrefix("//") { path.removeFirst(2) }
        return path.hasPrefix("/") ? String(path) : nil
    }

    /// Undoes percent encoding.
    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2)
            if byte == UInt8(ascii: "%"), digits.count == 2,
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
