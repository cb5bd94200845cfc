/// Why bytes did not get through.
public struct TransportFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// What went wrong.
    public enum Code: Sendable, Equatable {
        /// The address is not one.
        case badAddress
        /// No host has the name.
        case unknownHost
        /// Nothing listens there.
        case refused
        /// The connection was not made in time.
        case connectTimedOut
        /// The connection was made, and then nothing moved for too long.
        case silent
        /// There is no secure connection to be had.
        case insecure
        /// Nobody who is trusted vouches for the server's certificate.
        case untrusted
        /// The file of the trusted authorities cannot be read; the detail is its path.
        case noCertificates
        /// The proxy does not let it through; the detail says which one, and why.
        case proxy
        /// The connection ended before the reply did.
        case brokenOff
        /// What came is not HTTP.
        case notHTTP
        /// The reply is larger than the caller takes.
        case tooLarge
        /// The caller stopped it.
        case cancelled
        /// Something else; the detail has libcurl's words.
        case other
    }

    /// What went wrong.
    public var code: Code
    /// The transport's own words, which never hold a header or a body.
    public var detail: String

    /// Makes a failure.
    public init(_ code: Code, _ detail: String = "") {
        self.code = code
        self.detail = detail
    }

    /// The sentence for a log.
    public var description: String {
        let sentence =
            switch code {
            case .badAddress: "The address is malformed"
            case .unknownHost: "There is no host of that name"
            case .refused: "Nothing answers there"
            case .connectTimedOut: "The connection was not made in time"
            case .silent: "Nothing came for too long"
            case .insecure: "The secure connection failed"
            case .untrusted: "The certificate is not trusted"
            case .noCertificates: "The trusted certificates cannot be read"
            case .proxy: "The proxy does not let it through"
            case .brokenOff: "The connection broke off"
            case .notHTTP: "What came is not HTTP"
            case .tooLarge: "The reply is too large"
            case .cancelled: "It was stopped"
            case .other: "The transfer failed"
            }
        return detail.isEmpty ? sentence + "." : "\(sentence): \(detail)."
    }
}
