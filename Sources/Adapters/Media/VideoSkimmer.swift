import CLibAV
import Desktop

/// Reads a video once, and decodes what has to be seen of it.
///
/// The file goes by in groups, each a key frame and what was coded as its changes, which threads decode side by side. A
/// group in which no packet has more bytes than a caret or a clock needs is passed over when the next key frame shows
/// nothing else either; of the others the end is, where it is as quiet. Of what is decoded, quiet pictures that nothing
/// refers to are left out, and of equal ones the first is looked at. So a recording costs what happens in it, not how long
/// it is. Memory is bounded: few groups are under way at a time, and one too large to be kept is decoded as it comes.
final class VideoSkimmer<Likeness: Sendable> {
    /// Key frames that follow each other faster than this, in seconds, are not all decoded where there are no others.
    private static var keyInterval: Double { 0.095 }
    /// Bytes of packets that are under way at a time.
    private static var mostBytes: Int { 48 << 20 }

    /// What is done with the pictures.
    struct Watcher {
        /// Makes of a picture what tells it from others; on any thread.
        var measure: @Sendable (LumaView) -> Likeness
        /// Takes a picture with its time; times go up, and each picture is on the screen until the next.
        var look: (Likeness, Double) -> Void
        /// Says whether what is between the last picture and this one, in which next to nothing changed by the size of
        /// the data, may be passed over unseen.
        var mayPass: (Likeness, Double) -> Bool
    }

    private let input: VideoInput
    private let clock: VideoClock
    private let watcher: Watcher
    private let threads: GroupThreads<Likeness>
    /// Groups that the threads have, in order.
    private var underWay: [GroupReading<Likeness>] = []
    /// The group before, while it is not decided whether its end may be passed over.
    private var undecided: GroupReading<Likeness>?
    private var sieve = PictureSieve()
    private var group = PacketGroup()
    /// Up to which time the groups reach that were handed over.
    private var plannedTime = -1.0
    /// Decodes, on all processors, what comes in no group.
    private var streamDecoder: SkimDecoder?
    private var isStreaming = false

    /// Begins at the beginning of a file just opened.
    init(_ input: VideoInput, origin: Int64, watcher: Watcher) throws(MediaFailure) {
        self.input = input
        self.watcher = watcher
        let clock = input.clock(origin: origin)
        self.clock = clock
        var decoders: [SkimDecoder] = []
        for _ in 0..<GroupThreads<Likeness>.count(width: input.width, height: input.height) {
            decoders.append(try Self.decoder(for: input, clock: clock, threadCount: 1))
        }
        threads = GroupThreads(decoders: decoders, measure: watcher.measure)
    }

    /// Reads to the end, and tells between groups how many seconds have gone by; to be called once.
    func run(progress: (Double) throws -> Void) throws {
        defer { stop() }
        while let packet = try input.takePacket() {
            if packet.isKey {
                try begin(packet, progress: progress)
            } else {
                try add(packet)
            }
        }
        if isStreaming { try endStream() }
        try handOver(isLast: true)
        try takeAll(progress: progress)
        sieve.forgetSeen()
        try show(sieve.takePending())
    }

    private func stop() {
        threads.interrupt()
        for reading in underWay { reading.decide(mayPass: true) }
        undecided?.decide(mayPass: true)
        threads.stop()
    }

    private static func decoder(
        for input: VideoInput, clock: VideoClock, threadCount: Int32
    ) throws(MediaFailure) -> SkimDecoder {
        SkimDecoder(
            try input.makeDecoder(threadCount: threadCount), clock: clock, framesPerSecond: input.framesPerSecond)
    }

    // MARK: - Groups

    /// A key frame ends the group before it, and begins one.
    private func begin(_ packet: Packet, progress: (Double) throws -> Void) throws {
        if isStreaming { try endStream() }
        try handOver(isLast: false)
        group = PacketGroup(packet)
        while let first = underWay.first, underWay.count >= threads.count || bytesUnderWay > Self.mostBytes {
            try take(first)
            try progress(max(0, sieve.lastTime))
        }
    }

    private var bytesUnderWay: Int { underWay.reduce(0) { $0 + $1.byteCount } }

    private func add(_ packet: Packet) throws {
        if isStreaming { return try stream(packet) }
        group.append(packet)
        if group.isTooLarge || !group.beginsWithKey { try beginStream() }
    }

    private func handOver(isLast: Bool) throws {
        guard let first = group.packets.first else { return }
        let time = first.time.map(clock.seconds)
        let isSingle = group.packets.count == 1
        // Another key frame follows at once.
        if isSingle, !isLast, let time, time < plannedTime + Self.keyInterval { return }
        let reading = GroupReading<Likeness>(group, time: time ?? plannedTime + 0.001, isLast: isLast)
        plannedTime = group.packets.reduce(reading.time) { max($0, $1.time.map(clock.seconds) ?? $0) }
        group = PacketGroup()
        underWay.append(reading)
        threads.add(reading)
    }

    private func takeAll(progress: (Double) throws -> Void) throws {
        while let first = underWay.first {
            try take(first)
            try progress(max(0, sieve.lastTime))
        }
    }

    /// Takes the group that was handed over first.
    private func take(_ reading: GroupReading<Likeness>) throws {
        let looks = try reading.takeLooks()
        // Only its key frame tells whether the group before it can be passed over.
        try decide(by: reading.key?.likeness, at: reading.time)
        if let (picture, likeness) = reading.key { try takeKey(picture, likeness, at: reading.time) }
        adopt(looks, of: reading)
        underWay.removeFirst()
        if !reading.isWhole { undecided = reading }
    }

    private func decide(by key: Likeness?, at time: Double) throws {
        guard let reading = undecided else { return }
        let mayPass = key.map { watcher.mayPass($0, time) } ?? false
        reading.decide(mayPass: mayPass)
        if !mayPass { adopt(try reading.takeLooks(), of: reading) }
        undecided = nil
    }

    private func takeKey(_ picture: Picture, _ likeness: Likeness, at time: Double) throws {
        try show(sieve.take(picture, at: time))
        guard let sight = sieve.takePending() else { return }
        if sight.picture === picture { return watcher.look(likeness, sight.time) }
        try show(sight)
    }

    /// Looks at what a thread has seen, and goes on where it ended.
    private func adopt(_ looks: [(likeness: Likeness, time: Double)], of reading: GroupReading<Likeness>) {
        for look in looks where sieve.isNew(look.time) { watcher.look(look.likeness, look.time) }
        if reading.sieve.lastTime >= sieve.lastTime { sieve = reading.sieve }
    }

    // MARK: - What comes in no group

    private func beginStream() throws {
        try takeAll { _ in }
        let decoder = try streamDecoder ?? Self.decoder(for: input, clock: clock, threadCount: 0)
        streamDecoder = decoder
        isStreaming = true
        if let first = group.packets.first, first.isKey {
            let time = first.time.map(clock.seconds) ?? sieve.lastTime + 0.001
            let picture = decoder.keyPicture(first)
            var likeness: Likeness?
            try picture.map { try decoder.show(($0, time)) { luma, _ in likeness = watcher.measure(luma) } }
            try decide(by: likeness, at: time)
            if let picture, let likeness { try takeKey(picture, likeness, at: time) }
        } else {
            try decide(by: nil, at: sieve.lastTime)
        }
        decoder.mostQuietBytes = group.mostQuietBytes
        for packet in group.packets { try stream(packet) }
        group = PacketGroup()
    }

    private func stream(_ packet: Packet) throws {
        try streamDecoder?.send(packet, through: &sieve) { watcher.look(watcher.measure($0), $1) }
        if let time = packet.time.map(clock.seconds) { plannedTime = max(plannedTime, time) }
    }

    private func endStream() throws {
        try streamDecoder?.drain(through: &sieve) { watcher.look(watcher.measure($0), $1) }
        isStreaming = false
    }

    private let luma = LumaReader()

    private func show(_ sight: PictureSieve.Sight?) throws {
        guard let sight else { return }
        try luma.withLuma(of: sight.picture.frame) { watcher.look(watcher.measure($0), sight.time) }
    }
}
