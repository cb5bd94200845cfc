/// The proxies that the environment names, as `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, in either case.
struct Proxies: Sendable, Equatable {
    private let secure: String?
    private let plain: String?
    private let exceptions: [String]

    init(environment: [String: String] = [:]) {
        func value(_ names: String...) -> String? {
            names.lazy.compactMap { environment[$0]?.trimmed }.first { !$0.isEmpty }
        }
        let all = value("all_proxy", "ALL_PROXY")
        secure = value("https_proxy", "HTTPS_PROXY") ?? all
        // A web server hands its visitors' "Proxy:" headers to its children as HTTP_PROXY.
        let upper = environment["REQUEST_METHOD"] == nil ? value("HTTP_PROXY") : nil
        plain = value("http_proxy") ?? upper ?? all
        exceptions = (value("no_proxy", "NO_PROXY") ?? "").lowercased()
            .split { $0 == "," || $0.isWhitespace }.map(String.init)
    }

    /// The proxy for an address; nil where it is asked directly, as everything on this machine is.
    func proxy(for address: EngineAddress) -> String? {
        guard address.socket == nil, !address.isLoopback else { return nil }
        guard let proxy = address.scheme == "https" ? secure : plain else { return nil }
        return exceptions.contains { Self.covers($0, address) } ? nil : proxy
    }

    /// Whether an entry of `NO_PROXY` means an address: "*", a host, a domain, a block of IPv4 addresses.
    private static func covers(_ entry: String, _ address: EngineAddress) -> Bool {
        if entry == "*" { return true }
        if let slash = entry.firstIndex(of: "/") {
            guard let bits = Int(entry[entry.index(after: slash)...]), (0...32).contains(bits),
                let block = ipv4(entry[..<slash]), let host = ipv4(address.host[...])
            else { return false }
            return bits == 0 || (block ^ host) >> (32 - UInt32(bits)) == 0
        }
        var name = entry[...]
        if name.hasPrefix("[") { return name.dropFirst().prefix { $0 != "]" } == address.host }
        if let colon = name.firstIndex(of: ":"), name[name.index(after: colon)...].allSatisfy(\.isNumber) {
            guard Int(name[name.index(after: colon)...]) == address.port else { return false }
            name = name[..<colon]
        }
        if name.hasPrefix("*.") { name.removeFirst(2) }
        if name.hasPrefix(".") { name.removeFirst() }
        return !name.isEmpty && (address.host == name || address.host.hasSuffix("." + name))
    }

    private static func ipv4(_ text: Substring) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        guard parts.count == 4 else { return nil }
        return parts.reduce(UInt32?(0)) { sum, part in
            guard let sum, let part else { return nil }
            return sum << 8 | UInt32(part)
        }
    }
}
