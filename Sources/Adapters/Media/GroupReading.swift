import Desktop
import Dispatch

/// A group of packets on its way through a thread that decodes it, in one go or in two.
///
/// The first go decodes the key frame and all that may show something. Where nothing but quiet packets is left then, the
/// thread waits to be told whether they may be passed over.
// Unchecked: between the two sides everything is handed over by semaphores, and never used by both at a time.
final class GroupReading<Likeness: Sendable>: @unchecked Sendable {
    /// Fewer packets than this at the end of a group are decoded rather than passed over.
    private static var fewestPassed: Int { 4 }

    /// When the key frame is shown, in seconds.
    let time: Double
    /// How many bytes the packets have.
    let byteCount: Int
    /// The key frame's picture; nil when it cannot be decoded.
    private(set) var key: (picture: Picture, likeness: Likeness)?
    /// Whether the first go decodes all of it.
    private(set) var isWhole: Bool
    /// What was looked at last.
    private(set) var sieve = PictureSieve()

    private var packets: [Packet]
    private let busyCount: Int
    private let mostQuietBytes: Int
    private var looks: [(likeness: Likeness, time: Double)] = []
    private var failure: (any Error)?
    private var mayPass = false
    private let isRead = DispatchSemaphore(value: 0)
    private let isDecided = DispatchSemaphore(value: 0)

    /// Takes a group; of the last one of a file nothing can be passed over.
    init(_ group: PacketGroup, time: Double, isLast: Bool) {
        self.time = time
        byteCount = group.byteCount
        packets = group.packets
        busyCount = group.busyCount
        mostQuietBytes = group.mostQuietBytes
        isWhole = isLast || group.packets.count < 2
    }

    // MARK: - For the one who reads the file

    /// Waits until a go is over, and returns what was looked at in it.
    func takeLooks() throws -> [(likeness: Likeness, time: Double)] {
        isRead.wait()
        if let failure { throw failure }
        defer { looks = [] }
        return looks
    }

    /// Tells whether what is left may be passed over; if not, a second go follows.
    func decide(mayPass: Bool) {
        self.mayPass = mayPass
        isDecided.signal()
    }

    // MARK: - For the thread that decodes

    /// Decodes the group; what is told by `isStopped` between two packets ends it.
    func decode(
        with decoder: SkimDecoder, measure: (LumaView) -> Likeness, isStopped: () -> Bool
    ) {
        let rest = attempt { try decodeFirst(with: decoder, measure: measure, isStopped: isStopped) } ?? 0
        let isWhole = isWhole
        isRead.signal()
        guard !isWhole else { return }
        isDecided.wait()
        if mayPass || isStopped() {
            decoder.flush()
        } else {
            attempt { try decode(packets[rest...], with: decoder, measure: measure, isStopped: isStopped) }
            isRead.signal()
        }
        packets = []
    }

    /// Returns how many packets it took.
    private func decodeFirst(
        with decoder: SkimDecoder, measure: (LumaView) -> Likeness, isStopped: () -> Bool
    ) throws -> Int {
        sieve = PictureSieve(lastTime: time - 0.001)
        if let picture = packets.first.flatMap({ decoder.keyPicture($0) }) {
            sieve = PictureSieve(lastTime: time, seen: picture)
            try decoder.show((picture, time)) { luma, _ in key = (picture, measure(luma)) }
            if packets.count == 1 { return 1 }
        }
        decoder.mostQuietBytes = mostQuietBytes
        // Pictures come out behind their packets, and a few more show what came to rest.
        let seen = busyCount > 1 ? busyCount + 1 + decoder.heldBack : 0
        if packets.count - seen < Self.fewestPassed { isWhole = true }
        guard !isWhole else {
            try decode(packets[...], with: decoder, measure: measure, isStopped: isStopped)
            packets = []
            return 0
        }
        for packet in packets.prefix(seen) where !isStopped() {
            try decoder.send(packet, through: &sieve) { looks.append((measure($0), $1)) }
        }
        try decoder.show(sieve.takePending()) { looks.append((measure($0), $1)) }
        return seen
    }

    private func decode(
        _ packets: ArraySlice<Packet>, with decoder: SkimDecoder, measure: (LumaView) -> Likeness, isStopped: () -> Bool
    ) throws {
        for packet in packets where !isStopped() {
            try decoder.send(packet, through: &sieve) { looks.append((measure($0), $1)) }
        }
        try decoder.drain(through: &sieve) { looks.append((measure($0), $1)) }
    }

    /// Keeps an error for the other side.
    @discardableResult
    private func attempt<Result>(_ body: () throws -> Result) -> Result? {
        do {
            return try body()
        } catch {
            failure = error
            isWhole = true
            return nil
        }
    }
}
