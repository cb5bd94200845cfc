import CCurl

/// A libcurl handle for one transfer; it lives and dies on the loop's thread.
final class CurlEasy {
    let handle: UnsafeMutableRawPointer
    let transfer: CurlTransfer
    /// When bytes last moved; read and written by the loop.
    var lastActivity = ContinuousClock.now
    /// When it was begun.
    let begun = ContinuousClock.now
    /// Bytes of the request that had been sent when the silence was last looked at.
    var bytesSent: curl_off_t = 0

    /// The proxy that is asked; nil for none.
    let proxy: String?
    /// The file of the authorities that are trusted; nil for the system's.
    let certificates: String?

    /// Bytes of the body that the last look brought.
    private var receivedCount = 0
    private var trickle: Trickle
    private var headerLines: UnsafeMutablePointer<curl_slist>?
    private let errorText: UnsafeMutablePointer<CChar>
    private var head = HTTPHead(status: 0)
    private var headByteCount = 0
    private static let longestHead = 256 * 1024

    /// Makes a handle that is ready to be added to a multi handle; nil when libcurl has no memory or refuses the address.
    init?(_ transfer: CurlTransfer) {
        guard let handle = curl_easy_init() else { return nil }
        self.handle = handle
        self.transfer = transfer
        let address = EngineAddress(transfer.request.url)
        proxy = transfer.request.socket == nil ? transfer.settings.proxy(for: address) : nil
        certificates = transfer.settings.certificates(for: address)
        trickle = Trickle(pace: transfer.request.pace)
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        guard configure() else { return nil }
    }

    deinit {
        curl_easy_cleanup(handle)
        curl_slist_free_all(headerLines)
        errorText.deallocate()
    }

    /// What libcurl says about a failure, never with the request's headers in it.
    var errorDetail: String {
        let bytes = UnsafeBufferPointer(start: errorText, count: Int(CURL_ERROR_SIZE)).prefix { $0 != 0 }
        return String(decoding: bytes.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Whether the status and all headers of the reply have come.
    private(set) var hasHead = false

    // MARK: - Setting up

    private func configure() -> Bool {
        let request = transfer.request
        let context = Unmanaged.passUnretained(self).toOpaque()
        ccurl_set_pointer(handle, CURLOPT_PRIVATE, context)
        ccurl_set_pointer(handle, CURLOPT_ERRORBUFFER, errorText)
        ccurl_set_long(handle, CURLOPT_NOSIGNAL, 1)
        ccurl_set_long(handle, CURLOPT_TCP_KEEPALIVE, 1)
        ccurl_set_long(handle, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        ccurl_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, Int(request.connectTimeout.milliseconds))
        ccurl_set_string(handle, CURLOPT_USERAGENT, "scry")
        // Redirects are not followed: neither the key nor a picture goes to a host that nobody named.
        ccurl_set_long(handle, CURLOPT_FOLLOWLOCATION, 0)
        guard ccurl_set_string(handle, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK,
            ccurl_set_string(handle, CURLOPT_URL, request.url) == CURLE_OK
        else { return false }
        if let socket = request.socket { ccurl_set_string(handle, CURLOPT_UNIX_SOCKET_PATH, socket) }
        // libcurl's own look at the environment would miss HTTP_PROXY, and would take proxies for this machine, too.
        ccurl_set_string(handle, CURLOPT_PROXY, proxy ?? "")
        ccurl_set_string(handle, CURLOPT_NOPROXY, "")
        if let certificates { ccurl_set_string(handle, CURLOPT_CAINFO, certificates) }
        if let body = request.body {
            ccurl_set_long(handle, CURLOPT_POST, 1)
            ccurl_set_size(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
            let code = body.withUnsafeBytes { ccurl_set_pointer(handle, CURLOPT_COPYPOSTFIELDS, $0.baseAddress) }
            guard code == CURLE_OK else { return false }
        }
        // Without this a large body waits a second for a "100 Continue" that engines do not send.
        headerLines = curl_slist_append(headerLines, "Expect:")
        for header in request.headers {
            headerLines = curl_slist_append(headerLines, "\(header.name): \(header.value)")
        }
        ccurl_set_pointer(handle, CURLOPT_HTTPHEADER, headerLines)
        ccurl_set_data_function(handle, CURLOPT_HEADERFUNCTION, receiveHeader)
        ccurl_set_pointer(handle, CURLOPT_HEADERDATA, context)
        ccurl_set_data_function(handle, CURLOPT_WRITEFUNCTION, receiveBody)
        ccurl_set_pointer(handle, CURLOPT_WRITEDATA, context)
        return true
    }

    // MARK: - Receiving

    fileprivate func receive(header bytes: UnsafeRawBufferPointer) -> Int {
        lastActivity = .now
        headByteCount += bytes.count
        guard headByteCount <= Self.longestHead else { return 0 }
        let line = String(decoding: bytes, as: UTF8.self).trimmed
        if line.hasPrefix("HTTP/") {
            let status = line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
            head = HTTPHead(status: status)
        } else if line.isEmpty {
            // What comes before the real reply, as "100 Continue", is no reply.
            guard head.status >= 200 else { return bytes.count }
            hasHead = true
            transfer.receive(head)
        } else if let colon = line.firstIndex(of: ":") {
            head.headers.append((String(line[..<colon]), String(line[line.index(after: colon)...]).trimmed))
        }
        return bytes.count
    }

    /// How long after a look at the sockets the next one is; nil where it is as soon as something comes.
    func pause(after look: ContinuousClock.Instant) -> Duration? {
        defer { receivedCount = 0 }
        return trickle.pause(byteCount: receivedCount, at: look)
    }

    fileprivate func receive(body bytes: UnsafeRawBufferPointer) -> Int {
        lastActivity = .now
        receivedCount += bytes.count
        return switch transfer.receive(bytes) {
        case .taken: bytes.count
        case .full: ccurl_pause()
        case .unwanted: 0
        }
    }
}

// Functions of the file, not closures: libcurl calls them on its thread, where an inherited isolation would trap.

private func receiveHeader(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let context else { return 0 }
    let easy = Unmanaged<CurlEasy>.fromOpaque(context).takeUnretainedValue()
    return easy.receive(header: UnsafeRawBufferPointer(start: bytes, count: size * count))
}

private func receiveBody(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
    guard let context else { return 0 }
    let easy = Unmanaged<CurlEasy>.fromOpaque(context).takeUnretainedValue()
    return easy.receive(body: UnsafeRawBufferPointer(start: bytes, count: size * count))
}
