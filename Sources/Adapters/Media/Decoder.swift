import CLibAV
import Glibc

/// A decoder of the libraries: packets go in, pictures come out.
final class Decoder {
    /// The libraries' own description; it lives as long as the decoder.
    let context: UnsafeMutablePointer<AVCodecContext>

    /// Opens a decoder; a stream's parameters say what its packets mean, or what else a file says of its codec.
    init(
        _ codec: UnsafePointer<AVCodec>, parameters: UnsafePointer<AVCodecParameters>?, threadCount: Int32 = 1,
        configuration: ArraySlice<UInt8> = []
    ) throws(MediaFailure) {
        try LibAV.prepare()
        guard let context = avcodec_alloc_context3(codec) else {
            throw MediaFailure(.unreadable, "There is not enough memory for a decoder.")
        }
        self.context = context
        if let parameters {
            try LibAV.check(
                avcodec_parameters_to_context(context, parameters), or: .unreadable,
                "The video's description cannot be used")
        }
        if !configuration.isEmpty {
            // Cleared, with room behind: decoders read whole words.
            guard let extra = av_mallocz(configuration.count + Int(AV_INPUT_BUFFER_PADDING_SIZE)) else {
                throw MediaFailure(.unreadable, "There is not enough memory for a decoder.")
            }
            configuration.withUnsafeBytes { if let start = $0.baseAddress { memcpy(extra, start, $0.count) } }
            context.pointee.extradata = extra.assumingMemoryBound(to: UInt8.self)
            context.pointee.extradata_size = Int32(configuration.count)
        }
        context.pointee.max_pixels = Int64(LibAV.maximumPixels)
        context.pointee.thread_count = threadCount
        let name = String(cString: codec.pointee.name)
        try LibAV.check(avcodec_open2(context, codec, nil), or: .unreadable, "The decoder \(name) does not start")
    }

    deinit {
        var context: UnsafeMutablePointer<AVCodecContext>? = context
        avcodec_free_context(&context)
    }

    /// Gives the decoder a packet, or with nil the end; false when its pictures must be taken first.
    func send(_ packet: UnsafeMutablePointer<AVPacket>?) throws(MediaFailure) -> Bool {
        let code = avcodec_send_packet(context, packet)
        if code == LibAV.again { return false }
        if code == LibAV.end { return true }
        try LibAV.check(code, or: .unreadable, "the data is damaged")
        return true
    }

    /// Takes the next picture; nil when there is none yet, or no more.
    func receive(into picture: Picture) throws(MediaFailure) -> Bool {
        let code = avcodec_receive_frame(context, picture.frame)
        if code == LibAV.again || code == LibAV.end { return false }
        try LibAV.check(code, or: .unreadable, "the data is damaged")
        return true
    }

    /// How many pictures at most are still inside when as many packets as pictures went in and came out.
    var heldBack: Int { Int(max(0, context.pointee.has_b_frames) + max(1, context.pointee.thread_count)) }

    /// Forgets what was sent, before packets from another place follow.
    func flush() { avcodec_flush_buffers(context) }

    /// Decodes a file that is one packet.
    func decodeOnly(_ bytes: [UInt8]) throws(MediaFailure) -> Picture {
        var packet = av_packet_alloc()
        defer { av_packet_free(&packet) }
        guard let packet, av_new_packet(packet, Int32(bytes.count)) == 0 else {
            throw MediaFailure(.unreadable, "there is not enough memory")
        }
        bytes.withUnsafeBytes { source in
            if let start = source.baseAddress {
                packet.pointee.data.update(from: start.assumingMemoryBound(to: UInt8.self), count: source.count)
            }
        }
        packet.pointee.flags |= AV_PKT_FLAG_KEY
        let picture = try Picture()
        _ = try send(packet)
        if try receive(into: picture) { return picture }
        _ = try send(nil)
        guard try receive(into: picture) else {
            throw MediaFailure(.unreadable, "there is no picture in it.")
        }
        return picture
    }
}
