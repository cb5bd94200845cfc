import CCurl

extension TransportFailure {
    /// What a code of libcurl's means; nil for success.
    init?(_ code: CURLcode, _ easy: CurlEasy) {
        let (detail, hasHead) = (easy.errorDetail, easy.hasHead)
        if code != CURLE_OK, let proxy = easy.proxy, let reason = Self.proxyReason(code, easy) {
            self.init(.proxy, "\(EngineAddress(proxy).origin): \(reason)")
            return
        }
        switch code {
        case CURLE_OK:
            return nil
        case CURLE_URL_MALFORMAT:
            self.init(.badAddress, detail)
        case CURLE_UNSUPPORTED_PROTOCOL:
            // The same code stands for "gopher://" and for a reply without a status line.
            self.init(detail.contains("HTTP/0.9") ? .notHTTP : .badAddress, detail)
        case CURLE_COULDNT_RESOLVE_HOST:
            self.init(.unknownHost, detail)
        case CURLE_COULDNT_CONNECT:
            self.init(.refused, detail)
        case CURLE_OPERATION_TIMEDOUT:
            self.init(.connectTimedOut, detail)
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR:
            self.init(.untrusted, detail)
        case CURLE_SSL_CACERT_BADFILE:
            self.init(.noCertificates, easy.certificates ?? detail)
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_ENGINE_NOTFOUND:
            self.init(.insecure, detail)
        case CURLE_WEIRD_SERVER_REPLY:
            self.init(.notHTTP, detail)
        case CURLE_GOT_NOTHING, CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_PARTIAL_FILE, CURLE_HTTP2,
            CURLE_HTTP2_STREAM:
            self.init(.brokenOff, detail)
        case CURLE_WRITE_ERROR, CURLE_BAD_CONTENT_ENCODING:
            // The reply's framing makes no sense; before the head it was no HTTP at all.
            self.init(hasHead ? .brokenOff : .notHTTP, detail)
        default:
            self.init(.other, detail.isEmpty ? "libcurl's error \(code.rawValue)" : detail)
        }
    }

    /// What a proxy has to do with a failure; nil when it has nothing to do with it.
    private static func proxyReason(_ code: CURLcode, _ easy: CurlEasy) -> String? {
        switch code {
        case CURLE_COULDNT_RESOLVE_PROXY: return "there is no host of that name"
        case CURLE_COULDNT_CONNECT: return "nothing answers there"
        case CURLE_UNSUPPORTED_PROTOCOL where easy.errorDetail.contains("proxy"): return "that is no proxy's address"
        default:
            let status = ccurl_connect_status(easy.handle)
            return status >= 300 ? "HTTP \(status)" : nil
        }
    }
}
