import CLibAV

/// An encoder of the libraries: pictures go in, packets come out.
final class Encoder {
    /// The libraries' own description; it lives as long as the encoder.
    let context: UnsafeMutablePointer<AVCodecContext>
    private let packet: UnsafeMutablePointer<AVPacket>
    private let upload: HardwareUpload?

    /// Opens an encoder; `configure` sets the fields of the context, `options` what the encoder itself understands.
    ///
    /// - Parameter upload: Brings pictures to where the encoder wants them; nil for main memory.
    init(
        _ codec: UnsafePointer<AVCodec>, options: [(String, String)], upload: HardwareUpload? = nil,
        configure: (inout AVCodecContext) -> Void
    ) throws(MediaFailure) {
        try LibAV.prepare()
        guard let context = avcodec_alloc_context3(codec) else {
            throw MediaFailure(.notEncoded, "There is not enough memory for an encoder.")
        }
        guard let packet = av_packet_alloc() else {
            var context: UnsafeMutablePointer<AVCodecContext>? = context
            avcodec_free_context(&context)
            throw MediaFailure(.notEncoded, "There is not enough memory for an encoder.")
        }
        self.context = context
        self.packet = packet
        self.upload = upload
        configure(&context.pointee)
        if let upload {
            context.pointee.pix_fmt = AV_PIX_FMT_VAAPI
            context.pointee.hw_frames_ctx = av_buffer_ref(upload.frames)
        }
        // An encoder that does not know an option does without it.
        for (name, value) in options { av_opt_set(context.pointee.priv_data, name, value, 0) }
        let name = String(cString: codec.pointee.name)
        try LibAV.check(avcodec_open2(context, codec, nil), or: .notEncoded, "The encoder \(name) does not start")
    }

    deinit {
        var packet: UnsafeMutablePointer<AVPacket>? = packet
        av_packet_free(&packet)
        var context: UnsafeMutablePointer<AVCodecContext>? = context
        avcodec_free_context(&context)
    }

    /// Encodes a picture, or with nil what the encoder still holds back, and hands out the packets that are done.
    func encode(
        _ picture: Picture?, take: (UnsafeMutablePointer<AVPacket>) throws(MediaFailure) -> Void
    ) throws(MediaFailure) {
        var sent = picture
        if let picture, let upload { sent = try upload.upload(picture) }
        try LibAV.check(avcodec_send_frame(context, sent?.frame), or: .notEncoded, "A picture could not be encoded")
        while true {
            let code = avcodec_receive_packet(context, packet)
            if code == LibAV.again || code == LibAV.end { return }
            try LibAV.check(code, or: .notEncoded, "A picture could not be encoded")
            defer { av_packet_unref(packet) }
            try take(packet)
        }
    }
}
