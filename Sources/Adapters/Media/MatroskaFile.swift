import CLibAV
import Glibc

/// A Matroska file with one video stream that can be played whenever writing it is cut off.
final class MatroskaFile {
    private let context: UnsafeMutablePointer<AVFormatContext>
    private let stream: UnsafeMutablePointer<AVStream>
    private let path: String
    /// The first failure: nothing is written after it.
    private var failure: MediaFailure?

    private let framesPerSecond: Int?

    /// Creates the file, readable by its owner only, with the stream that an encoder makes.
    ///
    /// - Parameter framesPerSecond: What the file says of its rate; nil for frames at any time.
    init(path: String, encoder: Encoder, framesPerSecond: Int?) throws(MediaFailure) {
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
