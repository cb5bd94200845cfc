import CLibAV

/// A piece of a video file that is decoded as one.
final class Packet {
    /// The libraries' own description; it lives as long as this.
    let packet: UnsafeMutablePointer<AVPacket>

    /// Takes the data over from a packet, which is empty then.
    init(taking source: UnsafeMutablePointer<AVPacket>) throws(MediaFailure) {
        guard let packet = av_packet_alloc() else {
            throw MediaFailure(.unreadable, "There is not enough memory to read a video.")
        }
        self.packet = packet
        av_packet_move_ref(packet, source)
    }

    deinit {
        var packet: UnsafeMutablePointer<AVPacket>? = packet
        av_packet_free(&packet)
    }

    /// Whether its picture needs no other.
    var isKey: Bool { packet.pointee.flags & AV_PKT_FLAG_KEY != 0 }
    /// How many bytes it has.
    var byteCount: Int { Int(packet.pointee.size) }
    /// When its picture is shown, in the stream's units; nil when that is not said.
    var time: Int64? { packet.pointee.pts == LibAV.noTime ? nil : packet.pointee.pts }
}

/// A key frame's packet and those that change its picture.
struct PacketGroup {
    private static let mostBytes = 32 << 20
    private static let mostPackets = 2048

    private(set) var packets: [Packet] = []
    private(set) var byteCount = 0

    init() {}

    init(_ first: Packet) { append(first) }

    mutating func append(_ packet: Packet) {
        packets.append(packet)
        byteCount += packet.byteCount
    }

    /// Whether more of it should not be kept.
    var isTooLarge: Bool { byteCount > Self.mostBytes || packets.count > Self.mostPackets }

    /// Whether it can be decoded by itself.
    var beginsWithKey: Bool { packets.first?.isKey == true }

    /// How many bytes a packet has at most in which a caret, a key or a digit changes.
    ///
    /// How many that are depends on the coding and the picture: it is told by what the whole picture takes.
    var mostQuietBytes: Int {
        guard let key = packets.first?.byteCount else { return 0 }
        return min(800, max(128, key / 600))
    }

    /// How many packets there are up to the last one in which more happens.
    var busyCount: Int {
        let most = mostQuietBytes
        return (packets.dropFirst().lastIndex { $0.byteCount > most } ?? 0) + 1
    }
}
