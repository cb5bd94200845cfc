import CCurl

/// What the loop's thread waits on.
///
/// @unchecked because only `wake`, which libcurl allows on any thread, is called outside that thread, and `free` after its end.
struct CurlHandles: @unchecked Sendable {
    /// All transfers.
    let multi: UnsafeMutableRawPointer
    /// A handle without transfers, on which the thread waits while it gathers.
    let pause: UnsafeMutableRawPointer

    private static let isSetUp = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    /// Loads the library, unless that was done, and makes the handles.
    static func make() -> Result<CurlHandles, TransportFailure> {
        var reason = [CChar](repeating: 0, count: 512)
        guard ccurl_load(&reason, reason.count) == 0 else {
            let text = String(decoding: reason.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            return .failure(TransportFailure(.other, "libcurl cannot be loaded: \(text). Install libcurl4."))
        }
        guard isSetUp, let multi = curl_multi_init() else {
            return .failure(TransportFailure(.other, "libcurl could not be set up"))
        }
        guard let pause = curl_multi_init() else {
            curl_multi_cleanup(multi)
            return .failure(TransportFailure(.other, "libcurl could not be set up"))
        }
        return .success(CurlHandles(multi: multi, pause: pause))
    }

    /// Has the thread look around.
    func wake() {
        curl_multi_wakeup(multi)
        curl_multi_wakeup(pause)
    }

    func free() {
        curl_multi_cleanup(multi)
        curl_multi_cleanup(pause)
    }
}
