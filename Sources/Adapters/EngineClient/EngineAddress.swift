/// The parts of an engine's URL that decide how it is spoken with and how it is shown.
struct EngineAddress: Equatable {
    /// "http" or "https".
    let scheme: String
    /// The host in lower case, without brackets.
    let host: String
    /// Everything up to the path, without a user's name or a password: safe to show.
    let origin: String
    /// The path with what follows, without a slash at the end; empty for none.
    let path: String

    init(_ url: String) {
        let trimmed = url.trimmed
        let halves = trimmed.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
        scheme = halves.count == 2 ? halves[0].lowercased() : "http"
        let rest = halves.count == 2 ? halves[1] : Substring(trimmed)
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let place = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? authority
        host =
            place.hasPrefix("[")
            ? place.dropFirst().prefix { $0 != "]" }.lowercased() : place.prefix { $0 != ":" }.lowercased()
        origin = "\(scheme)://\(place)"
        var path = rest.dropFirst(authority.count).prefix { $0 != "?" && $0 != "#" }
        while path.hasSuffix("/") { path.removeLast() }
        self.path = String(path)
    }

    /// Where the OpenAI-compatible interface is: with "/v1" when the URL named a host only.
    var base: String { origin + (path.isEmpty ? "/v1" : path) }

    /// Where the engine's own endpoints are.
    var root: String { origin + (path.hasSuffix("/v1") ? String(path.dropLast(3)) : path) }

    /// Whether it is on this machine.
    var isLoopback: Bool {
        // "127.example.com" is a name, and somebody else's.
        host == "localhost" || host == "::1" || (host.hasPrefix("127.") && host.allSatisfy { $0.isNumber || $0 == "." })
    }
}
