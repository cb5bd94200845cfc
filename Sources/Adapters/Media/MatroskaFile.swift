import CLibAV
import Glibc

/// A Matroska file that can be played whenever writing it is cut off: one video stream, and one of windows' titles.
final class MatroskaFile {
    private let context: UnsafeMutablePointer<AVFormatContext>
    private let stream: UnsafeMutablePointer<AVStream>
    /// The windows' titles, as subtitles; nil in a file without them.
    private let titles: UnsafeMutablePointer<AVStream>?
    private let path: String
    /// The first failure: nothing is written after it.
    private var failure: MediaFailure?

    private let framesPerSecond: Int?

    /// Creates the file, readable by its owner only, with the stream that an encoder makes.
    ///
    /// - Parameters:
    ///   - framesPerSecond: What the file says of its rate; nil for frames at any time.
    ///   - hasTitles: Whether there is a stream for windows' titles.
    init(path: String, encoder: Encoder, framesPerSecond: Int?, hasTitles: Bool) throws(MediaFailure) {
        self.path = path
        self.framesPerSecond = framesPerSecond
        try LibAV.prepare()
        try Self.create(path)
        var context: UnsafeMutablePointer<AVFormatContext>?
        try LibAV.check(
            avformat_alloc_output_context2(&context, nil, "matroska", nil), or: .notWritten,
            "This system's libavformat cannot write Matroska")
        guard let context, let stream = avformat_new_stream(context, nil) else {
            avformat_free_context(context)
            throw MediaFailure(.notWritten, "There is not enough memory for a recording.")
        }
        self.context = context
        self.stream = stream
        titles = hasTitles ? avformat_new_stream(context, nil) : nil
        try open(encoder)
    }

    deinit {
        avio_closep(&context.pointee.pb)
        avformat_free_context(context)
    }

    /// How many bytes the file has.
    var byteCount: Int { context.pointee.pb == nil ? 0 : Int(max(0, avio_tell(context.pointee.pb))) }

    /// Writes a packet, all the way to the system.
    ///
    /// Each is a cluster of its own: thirty bytes more, and a process that is killed takes nothing with it, however long
    /// the screen has been still since.
    func write(_ packet: UnsafeMutablePointer<AVPacket>) throws(MediaFailure) {
        if let failure { throw failure }
        packet.pointee.stream_index = stream.pointee.index
        av_packet_rescale_ts(packet, VideoEncoders.timeBase, stream.pointee.time_base)
        try note(av_write_frame(context, packet))
        try note(av_write_frame(context, nil))
    }

    /// Notes the title of the window that is seen from a time on, in the encoder's units.
    func write(title: String, at time: Int64) throws(MediaFailure) {
        if let failure { throw failure }
        guard let titles, let packet = av_packet_alloc() else { return }
        var toFree: UnsafeMutablePointer<AVPacket>? = packet
        defer { av_packet_free(&toFree) }
        // A packet of nothing is no packet.
        let bytes = Array((title.isEmpty ? " " : title).utf8)
        try note(av_new_packet(packet, Int32(clamping: bytes.count)))
        packet.pointee.data.update(from: bytes, count: bytes.count)
        (packet.pointee.pts, packet.pointee.dts, packet.pointee.duration) = (time, time, 1)
        packet.pointee.stream_index = titles.pointee.index
        av_packet_rescale_ts(packet, VideoEncoders.timeBase, titles.pointee.time_base)
        try note(av_write_frame(context, packet))
        try note(av_write_frame(context, nil))
    }

    /// Writes the index and the duration.
    func finish() throws(MediaFailure) {
        if let failure { throw failure }
        try note(av_write_trailer(context))
        try note(avio_closep(&context.pointee.pb))
    }

    // MARK: - Opening and failing

    private func open(_ encoder: Encoder) throws(MediaFailure) {
        try note(avcodec_parameters_from_context(stream.pointee.codecpar, encoder.context))
        stream.pointee.time_base = VideoEncoders.timeBase
        // Readers that count frames by rate and duration, as OpenCV does, find a thousand a second where none is stated.
        stream.pointee.avg_frame_rate = AVRational(num: Int32(clamping: framesPerSecond ?? 0), den: 1)
        if let titles {
            titles.pointee.codecpar.pointee.codec_type = AVMEDIA_TYPE_SUBTITLE
            titles.pointee.codecpar.pointee.codec_id = AV_CODEC_ID_TEXT
            titles.pointee.time_base = VideoEncoders.timeBase
            av_dict_set(&titles.pointee.metadata, "title", LibAV.titlesName, 0)
        }
        context.pointee.flags |= AVFMT_FLAG_FLUSH_PACKETS
        try note(avio_open2(&context.pointee.pb, "file:" + path, AVIO_FLAG_WRITE, nil, nil))
        try note(avformat_write_header(context, nil))
        avio_flush(context.pointee.pb)
        try note(context.pointee.pb.pointee.error)
    }

    private func note(_ code: Int32) throws(MediaFailure) {
        let code = code < 0 ? code : min(0, context.pointee.pb?.pointee.error ?? 0)
        do {
            try LibAV.check(code, or: .notWritten, "The recording \(path) could not be written")
        } catch {
            failure = error
            throw error
        }
    }

    private static func create(_ path: String) throws(MediaFailure) {
        let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            let reason = String(cString: strerror(errno))
            throw MediaFailure(.notWritten, "The recording \(path) could not be created: \(reason).")
        }
        defer { close(descriptor) }
        var status = stat()
        // A file that was there before keeps its mode unless it is changed.
        if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG { fchmod(descriptor, 0o600) }
    }
}
