import CLibAV
import Desktop

/// Decodes packets in order, leaves out what nobody has to see, and passes on what is to be looked at.
final class SkimDecoder {
    /// Takes a picture that is to be looked at.
    typealias Look = (LumaView, Double) -> Void

    /// Fewer pictures a second than this are all decoded.
    private static let slowRate = 8.0
    /// From so many on, those that nothing refers to have others as near in time.
    private static let fastRate = 20.0

    /// How many bytes a packet has at most in which next to nothing happens.
    var mostQuietBytes = 0

    private let decoder: Decoder
    private let clock: VideoClock
    private let isFast: Bool
    private let isSlow: Bool
    private let luma = LumaReader()

    init(_ decoder: Decoder, clock: VideoClock, framesPerSecond: Double) {
        self.decoder = decoder
        self.clock = clock
        isFast = framesPerSecond >= Self.fastRate
        isSlow = framesPerSecond < Self.slowRate
    }

    /// How many packets must be sent for the picture of one to have come out.
    var heldBack: Int { decoder.heldBack }

    /// The picture of a key frame; nil when it is damaged, or needs others.
    func keyPicture(_ packet: Packet) -> Picture? {
        decoder.flush()
        defer { decoder.flush() }
        decoder.context.pointee.skip_frame = AVDISCARD_DEFAULT
        guard let picture = try? Picture(), (try? decoder.send(packet.packet)) == true else { return nil }
        if (try? decoder.receive(into: picture)) == true { return picture }
        _ = try? decoder.send(nil)
        return (try? decoder.receive(into: picture)) == true ? picture : nil
    }

    /// Decodes a packet.
    func send(_ packet: Packet, through sieve: inout PictureSieve, look: Look) throws {
        let mayMiss = isFast || !isSlow && packet.byteCount <= mostQuietBytes
        decoder.context.pointee.skip_frame = mayMiss ? AVDISCARD_NONREF : AVDISCARD_DEFAULT
        while (try? decoder.send(packet.packet)) == false {
            if try !receive(through: &sieve, look: look) { break }
        }
        while try receive(through: &sieve, look: look) {}
    }

    /// Takes out what is still inside.
    func drain(through sieve: inout PictureSieve, look: Look) throws {
        _ = try? decoder.send(nil)
        while try receive(through: &sieve, look: look) {}
        decoder.flush()
    }

    /// Forgets what is still inside.
    func flush() { decoder.flush() }

    /// Looks at a picture.
    func show(_ sight: PictureSieve.Sight?, to look: Look) throws {
        guard let sight else { return }
        try luma.withLuma(of: sight.picture.frame) { look($0, sight.time) }
    }

    /// Takes a picture out of the decoder; damaged ones are passed over.
    private func receive(through sieve: inout PictureSieve, look: Look) throws -> Bool {
        let picture = try Picture()
        // More pictures than a decoder holds back cannot be damaged at a time.
        for _ in 0..<64 {
            do {
                guard try decoder.receive(into: picture) else { return false }
                let time = picture.time.map(clock.seconds) ?? sieve.lastTime + 0.001
                try show(sieve.take(picture, at: time), to: look)
                return true
            } catch is MediaFailure {
                continue
            }
        }
        return false
    }
}
