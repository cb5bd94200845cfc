import Foundation

/// The processor time that the calling thread has used, in seconds: what a piece of work costs, however busy the machine is.
public enum ThreadTime {
    /// The processor time so far.
    public static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// What the cheapest of some runs costs: what comes between the others does not count.
    public static func least(of runs: Int, _ work: () -> Void) -> Double {
        (0..<runs).map { _ in
            let start = now
            work()
            return now - start
        }.min() ?? 0
    }
}
