/// How a transport reaches engines: through which proxies, and trusting whose certificates.
public struct TransportSettings: Sendable {
    private let proxies: Proxies
    private let certificates: String?
    private let ownCertificates: [String: String]

    /// Takes proxies and certificates from the environment: `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`,
    /// `CURL_CA_BUNDLE` and `SSL_CERT_FILE`.
    ///
    /// - Parameter certificateFiles: The file of the authorities (PEM) that is trusted for an engine, by the engine's URL;
    ///   it takes the place of the system's and holds for that scheme, host and port alone.
    public init(environment: [String: String] = [:], certificateFiles: [String: String] = [:]) {
        proxies = Proxies(environment: environment)
        certificates = ["CURL_CA_BUNDLE", "SSL_CERT_FILE"].lazy.compactMap { environment[$0]?.trimmed }
            .first { !$0.isEmpty }
        ownCertificates = Dictionary(
            certificateFiles.map { (EngineAddress($0.key).origin.lowercased(), $0.value) }, uniquingKeysWith: { $1 })
    }

    /// The proxy for an address; nil for none.
    func proxy(for address: EngineAddress) -> String? { proxies.proxy(for: address) }

    /// The file of the authorities that vouch for an address; nil for the system's.
    func certificates(for address: EngineAddress) -> String? {
        ownCertificates[address.origin.lowercased()] ?? certificates
    }
}
