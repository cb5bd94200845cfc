import CLibAV
import Desktop

/// Reads a video once, and decodes what has to be seen of it.
///
/// The file goes by in groups, each a key frame and what was coded as its changes. A group in which no packet has more
/// bytes than a caret or a clock needs is passed over when the next key frame shows nothing else either; of the others
/// the end is, where it is as quiet. So a recording costs what happens in it, not how long it is. Memory is bounded: a
/// group too large to be kept is decoded as it comes.
final class VideoSkimmer {
    /// Pictures that follow each other faster than this, in seconds, are not all looked at.
    private static let interval = 0.045
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
        // Nothing refers to them, and others are as near in time.
        if input.framesPerSecond >= 20 { decoder.context.pointee.skip_frame = AVDISCARD_NONREF }
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
            if group.packets.count > 1 { try decode(group.packets[...]) }
        }
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
        let busy = group.busyCount
        guard let key, busy <= group.packets.count / 2 else { return try decode(group.packets[...]) }
        // A picture more shows what came to rest.
        if busy > 1 { try decode(group.packets.prefix(busy + 1)) }
        try lookAtPending()
        let end = seconds(self.group.packets.first?.time) ?? lastTime
        var mayPass = false
        try luma.withLuma(of: key.frame) { mayPass = self.mayPass($0, end) }
        if !mayPass { try decode(group.packets[...]) }
    }

    private func add(_ packet: Packet) throws {
        if isStreaming { return try send(packet) }
        try seeKey()
        group.append(packet)
        guard group.isTooLarge || !group.beginsWithKey else { return }
        isStreaming = true
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
        try luma.withLuma(of: picture.frame) { look($0, time) }
    }

    private func seconds(_ units: Int64?) -> Double? {
        units.map { max(0, input.seconds($0) - input.seconds(origin)) }
    }
}
