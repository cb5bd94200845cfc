import CLibAV
import Desktop

/// Reads a video once, and decodes what has to be seen of it.
///
/// The file goes by in groups, each a key frame and what was coded as its changes. A group in which no packet has more
/// bytes than a caret or a clock needs is passed over when the next key frame shows nothing else either; of the others
/// the end is, where it is as quiet. Of what is decoded, quiet pictures that nothing refers to are left out, and of equal
/// ones the first is looked at. So a recording costs what happens in it, not how long it is. Memory is bounded: a group too
/// large to be kept is decoded as it comes.
final class VideoSkimmer {
    /// Pictures that follow each other faster than this, in seconds, are not all looked at.
    private static let interval = 0.045
    /// Fewer pictures a second than this are all decoded.
    private static let slowRate = 8.0
    /// Fewer packets than this at the end of a group are decoded rather than passed over.
    private static let fewestPassed = 4
    /// The same where all are key frames, each of which costs as much as a picture.
    private static let keyInterval = 0.095

    /// Takes a picture with its time; times go up, and each picture is on the screen until the next.
    typealias Look = (LumaView, Double) -> Void
    /// Says whether what is between the last picture and this one, in which next to nothing changed by the size of the
    /// data, may be passed over unseen.
    typealias MayPass = (LumaView, Double) -> Bool

    private let input: VideoInput
    private let origin: Int64
    private let look: Look
    private let mayPass: MayPass
    /// Decodes key frames one at a time; the other one whatever is between, on all processors.
    private let keyDecoder: Decoder
    private let decoder: Decoder
    private let luma = LumaReader()
    private var group = PacketGroup()
    /// Whether the key frame of the group has been looked at.
    private var isKeySeen = true
    /// Whether the group is being decoded as it comes.
    private var isStreaming = false
    /// The picture that is looked at unless another follows at once.
    private var pending: (picture: Picture, time: Double)?
    /// When the picture was that was looked at last.
    private var lastTime = -1.0
    /// How many bytes a packet has at most in which next to nothing happens.
    private var mostQuietBytes = 0
    /// The picture that was looked at last.
    private var seen: Picture?
    /// Whether many pictures a second follow each other: of those that nothing refers to others are as near in time.
    private let isFast: Bool
    private let isSlow: Bool

    /// Begins at the beginning of a file just opened.
    init(
        _ input: VideoInput, origin: Int64, look: @escaping Look, mayPass: @escaping MayPass
    ) throws(MediaFailure) {
        self.input = input
        self.origin = origin
        self.look = look
        self.mayPass = mayPass
        keyDecoder = try input.makeDecoder(threadCount: 1)
        decoder = try input.makeDecoder(threadCount: 0)
        isFast = input.framesPerSecond >= 20
        isSlow = input.framesPerSecond < Self.slowRate
    }

    /// Reads to the end, and tells between groups how many seconds have gone by.
    func run(progress: (Double) throws -> Void) throws {
        while let packet = try input.takePacket() {
            if packet.isKey {
                try begin(packet)
                try progress(max(0, lastTime))
            } else {
                try add(packet)
            }
        }
        if isStreaming {
            try drain()
        } else {
            try seeKey()
            if group.packets.count > 1 { try finish(group, next: nil) }
        }
        seen = nil
        try lookAtPending()
    }

    // MARK: - Groups

    /// A key frame ends the group before it, and begins one.
    private func begin(_ packet: Packet) throws {
        let before = group
        let time = seconds(packet.time)
        if isStreaming {
            try drain()
            isStreaming = false
        } else if !isKeySeen, let time, time < lastTime + Self.keyInterval {
            isKeySeen = true  // another follows at once
        } else {
            try seeKey()
        }
        group = PacketGroup(packet)
        isKeySeen = false
        guard before.packets.count != 1 else { return }
        // Nothing but the key frame itself tells whether the group can be passed over.
        let key = keyPicture(packet)
        if before.packets.count > 1 { try finish(before, next: key) }
        isKeySeen = true
        guard let key else {
            isStreaming = true
            return try send(packet)
        }
        try take(key, at: time ?? lastTime + 0.001)
        try lookAtPending()
    }

    /// Decodes of a group what may show something.
    private func finish(_ group: PacketGroup, next key: Picture?) throws {
        mostQuietBytes = group.mostQuietBytes
        // Pictures come out behind their packets, and a few more show what came to rest.
        let busy = group.busyCount
        let seen = busy > 1 ? busy + 1 + decoder.heldBack : 0
        guard let key, group.packets.count - seen >= Self.fewestPassed else { return try decode(group.packets[...]) }
        for packet in group.packets.prefix(seen) { try send(packet) }
        try lookAtPending()
        let end = seconds(self.group.packets.first?.time) ?? lastTime
        var mayPass = false
        try luma.withLuma(of: key.frame) { mayPass = self.mayPass($0, end) }
        if mayPass { return decoder.flush() }
        try decode(group.packets.dropFirst(seen))
    }

    private func add(_ packet: Packet) throws {
        if isStreaming { return try send(packet) }
        try seeKey()
        group.append(packet)
        guard group.isTooLarge || !group.beginsWithKey else { return }
        isStreaming = true
        mostQuietBytes = group.mostQuietBytes
        for packet in group.packets { try send(packet) }
        group = PacketGroup()
    }

    private func seeKey() throws {
        guard !isKeySeen, let packet = group.packets.first else { return }
        isKeySeen = true
        guard let key = keyPicture(packet) else { return }
        try take(key, at: seconds(packet.time) ?? lastTime + 0.001)
        try lookAtPending()
    }

    // MARK: - Decoding

    /// The picture of a key frame; nil when it is damaged, or needs others.
    private func keyPicture(_ packet: Packet) -> Picture? {
        keyDecoder.flush()
        guard let picture = try? Picture(), (try? keyDecoder.send(packet.packet)) == true else { return nil }
        if (try? keyDecoder.receive(into: picture)) == true { return picture }
        _ = try? keyDecoder.send(nil)
        return (try? keyDecoder.receive(into: picture)) == true ? picture : nil
    }

    private func decode(_ packets: ArraySlice<Packet>) throws {
        for packet in packets { try send(packet) }
        try drain()
    }

    private func send(_ packet: Packet) throws {
        let mayMiss = isFast || !isSlow && packet.byteCount <= mostQuietBytes
        decoder.context.pointee.skip_frame = mayMiss ? AVDISCARD_NONREF : AVDISCARD_DEFAULT
        while (try? decoder.send(packet.packet)) == false {
            if try !receive() { break }
        }
        while try receive() {}
    }

    private func drain() throws {
        _ = try? decoder.send(nil)
        while try receive() {}
        decoder.flush()
    }

    /// Takes a picture out of the decoder; damaged ones are passed over.
    private func receive() throws -> Bool {
        let picture = try Picture()
        // More pictures than a decoder holds back cannot be damaged at a time.
        for _ in 0..<64 {
            do {
                guard try decoder.receive(into: picture) else { return false }
                try take(picture, at: seconds(picture.time) ?? lastTime + 0.001)
                return true
            } catch is MediaFailure {
                continue
            }
        }
        return false
    }

    /// Takes a picture in; the one before is looked at unless this one follows at once.
    private func take(_ picture: Picture, at time: Double) throws {
        guard time > lastTime + 0.0005 else { return }
        if let pending {
            guard time > pending.time else { return }
            if time >= lastTime + Self.interval { try lookAtPending() }
        }
        pending = (picture, time)
    }

    private func lookAtPending() throws {
        guard let (picture, time) = pending else { return }
        pending = nil
        lastTime = time
        if let seen, luma.areEqual(seen.frame, picture.frame) { return }
        seen = picture
        try luma.withLuma(of: picture.frame) { look($0, time) }
    }

    private func seconds(_ units: Int64?) -> Double? {
        units.map { max(0, input.seconds($0) - input.seconds(origin)) }
    }
}
