import CLibAV

/// What all uses of the libraries share.
enum LibAV {
    /// The code at the end of a file or stream.
    static let end = clibav_error_end()
    /// The code when more input is needed.
    static let again = clibav_error_again()
    /// The time of what has none.
    static let noTime = clibav_no_time()
    /// The most pixels that a picture may have.
    static let maximumPixels = 100_000_000

    /// The name of the stream of windows' titles in our recordings.
    static let titlesName = "Window titles"

    /// Loads the libraries, and keeps them off standard error; nothing of theirs may be called before.
    ///
    /// Only the first call takes time. Where they are missing, the next call looks for them again.
    static func prepare() throws(MediaFailure) {
        var reason = [CChar](repeating: 0, count: 512)
        guard clibav_load(&reason, reason.count) != 0 else { return }
        throw MediaFailure(
            .unavailable,
            """
            Pictures and videos need libav, and it cannot be loaded: \(text(in: reason)). \
            Install \(String(cString: clibav_packages())) and try again.
            """)
    }

    /// What an error code means.
    static func text(of code: Int32) -> String {
        var buffer = [CChar](repeating: 0, count: 128)
        av_strerror(code, &buffer, buffer.count)
        return text(in: buffer)
    }

    private static func text(in buffer: [CChar]) -> String {
        String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Returns a result, or throws what a failure code means.
    @discardableResult
    static func check(
        _ code: Int32, or kind: MediaFailure.Kind, _ action: @autoclosure () -> String
    ) throws(MediaFailure) -> Int32 {
        guard code < 0 else { return code }
        if code == clibav_error_no_space() || code == clibav_error_too_large() {
            throw MediaFailure(.diskFull, "\(action()): there is no room left on the disk. Free some and try again.")
        }
        throw MediaFailure(kind, "\(action()): \(text(of: code)).")
    }
}
