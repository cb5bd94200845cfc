import Desktop
import Dispatch
import Glibc
import Synchronization

/// Threads that decode groups of packets side by side.
///
/// Groups need nothing of each other: that keeps all processors busy, where threads that share the pictures of one group
/// wait for each other most of the time.
final class GroupThreads<Likeness: Sendable>: Sendable {
    private struct Inbox {
        var readings: [GroupReading<Likeness>] = []
        var isStopped = false
    }

    /// Pixels of pictures that the decoders together may be at, at a time.
    private static var mostPixels: Int { 26_000_000 }

    private let inbox = Mutex(Inbox())
    private let arrivals = DispatchSemaphore(value: 0)
    private let threads = DispatchGroup()
    private let measure: @Sendable (LumaView) -> Likeness
    /// How many there are.
    let count: Int

    /// How many threads a video of a size gets: one more than processors, since some wait; two at least, since a group
    /// may wait for the next one's key frame.
    static func count(width: Int, height: Int) -> Int {
        let processors = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        return max(2, min(processors + 1, 5, mostPixels / max(1, width * height)))
    }

    init(decoders: [SkimDecoder], measure: @escaping @Sendable (LumaView) -> Likeness) {
        self.measure = measure
        count = decoders.count
        for decoder in decoders {
            // Unsafe: from here on only the thread uses it.
            nonisolated(unsafe) let decoder = decoder
            DispatchQueue(label: "scry.skim").async(group: threads) { @Sendable in self.run(decoder) }
        }
    }

    /// Hands a group over to the next thread that is free.
    func add(_ reading: GroupReading<Likeness>) {
        inbox.withLock { $0.readings.append(reading) }
        arrivals.signal()
    }

    /// Ends the threads, and waits until they have ended; groups that wait to be decided on must be decided on before.
    func stop() {
        for _ in 0..<count { arrivals.signal() }
        threads.wait()
    }

    /// Lets nothing more be decoded.
    func interrupt() { inbox.withLock { $0.isStopped = true } }

    private func run(_ decoder: SkimDecoder) {
        while let reading = next() {
            reading.decode(
                with: decoder, measure: measure, isStopped: { inbox.withLock { $0.isStopped } })
        }
    }

    private func next() -> GroupReading<Likeness>? {
        arrivals.wait()
        return inbox.withLock { $0.readings.isEmpty ? nil : $0.readings.removeFirst() }
    }
}
