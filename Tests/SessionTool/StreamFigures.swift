import Conversation
import Glibc

/// What a stream cost, and how late its tokens were.
struct StreamFigures: Encodable {
    /// Tokens that came as the answer's deltas; several may come in one.
    private(set) var deltas = 0
    /// CPU seconds of this process from the request to the end.
    private(set) var cpu = 0.0
    /// CPU seconds of each tenth of the deltas, in order.
    private(set) var tenths: [Double] = []
    /// Milliseconds from the engine's byte to the delta, for each token that is a stamp, in order of arrival.
    private(set) var late: [Double] = []
    /// Bytes of the answer in the session at the end.
    var answerBytes = 0

    private var begun = 0.0
    /// CPU seconds after each delta.
    private var marks: [Double] = []

    private enum CodingKeys: CodingKey { case deltas, cpu, tenths, late, answerBytes }

    mutating func begin() { begun = Clock.cpu }

    mutating func note(_ delta: ReplyDelta) {
        guard case .answer(let text) = delta else { return }
        let now = Clock.monotonic
        deltas += 1
        marks.append(Clock.cpu)
        for stamp in text.split(separator: "@") {
            guard let sent = Double(stamp.prefix { $0.isNumber }), sent > 1e6 else { continue }
            late.append(now * 1000 - sent / 1e6)
        }
    }

    mutating func end() {
        cpu = Clock.cpu - begun
        let size = marks.count / 10
        guard size > 0 else { return }
        tenths = (0..<10).map { marks[($0 + 1) * size - 1] - ($0 == 0 ? begun : marks[$0 * size - 1]) }
    }
}

/// The clocks that are read.
enum Clock {
    /// Seconds of the monotonic clock.
    static var monotonic: Double { read(CLOCK_MONOTONIC) }
    /// CPU seconds of this process, all threads.
    static var cpu: Double { read(CLOCK_PROCESS_CPUTIME_ID) }

    private static func read(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
