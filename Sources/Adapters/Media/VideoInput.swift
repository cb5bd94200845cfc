import CLibAV
import Desktop
import Glibc

/// An open video file: its packets, decoded in order from where it was sought.
final class VideoInput {
    /// What may be in a file; playlists, which name other files, are not.
    private static let formats = "matroska,webm,mov,mp4,avi,mpegts,mpeg,flv,ogg,asf,gif,apng,nut,ivf"

    /// More often than that no window changes its title in a recording.
    private static let mostTitles = 100_000

    private let context: UnsafeMutablePointer<AVFormatContext>
    private let stream: UnsafeMutablePointer<AVStream>
    private let codec: UnsafePointer<AVCodec>
    private let decoder: Decoder
    private let packet: UnsafeMutablePointer<AVPacket>
    private var isAtEnd = false

    /// Opens a local file.
    init(path: String) throws(MediaFailure) {
        try LibAV.prepare()
        try Self.checkFile(path)
        let context = try Self.open(path)
        var opened: UnsafeMutablePointer<AVFormatContext>? = context
        do throws(MediaFailure) {
            try LibAV.check(
                avformat_find_stream_info(context, nil), or: .unreadable, "The video \(path) cannot be read")
            var codec: UnsafePointer<AVCodec>?
            let index = av_find_best_stream(context, AVMEDIA_TYPE_VIDEO, -1, -1, &codec, 0)
            guard index >= 0, let codec, let stream = context.pointee.streams[Int(index)] else {
                throw MediaFailure(
                    .unreadable, "There is no video in \(path) that this system's libavcodec can decode.")
            }
            self.codec = codec
            decoder = try Decoder(
                codec, parameters: stream.pointee.codecpar, threadCount: Self.threads(0, for: stream))
            guard let packet = av_packet_alloc() else {
                throw MediaFailure(.unreadable, "There is not enough memory to read a video.")
            }
            self.packet = packet
            self.stream = stream
            self.context = context
        } catch {
            avformat_close_input(&opened)
            throw error
        }
        // The other streams are not even parsed.
        for index in 0..<Int(context.pointee.nb_streams) where context.pointee.streams[index] != stream {
            context.pointee.streams[index]?.pointee.discard = AVDISCARD_ALL
        }
    }

    deinit {
        var packet: UnsafeMutablePointer<AVPacket>? = packet
        av_packet_free(&packet)
        var context: UnsafeMutablePointer<AVFormatContext>? = context
        avformat_close_input(&context)
    }

    /// How many seconds the file says it lasts; nil when it does not say, as a file that was never finished.
    var statedDuration: Double? {
        guard context.pointee.duration > 0, context.pointee.duration != LibAV.noTime,
            context.pointee.duration_estimation_method != AVFMT_DURATION_FROM_BITRATE
        else { return nil }
        return Double(context.pointee.duration) / Double(AV_TIME_BASE)
    }

    /// Seconds for the stream's own units.
    func seconds(_ units: Int64) -> Double {
        Double(units) * Double(stream.pointee.time_base.num) / Double(stream.pointee.time_base.den)
    }

    /// The time, in the stream's units, of the picture that is wanted; nil wants every picture.
    ///
    /// Of those that are over long before it, the ones that nothing refers to are left out.
    var goal: Int64?

    /// Decodes the next picture; nil at the end.
    ///
    /// Damaged parts are passed over.
    func next() throws(MediaFailure) -> Picture? {
        let picture = try Picture()
        // At the end each picture that is still held back may be damaged; there are fewer than this.
        var failuresLeft = 64
        while true {
            do {
                if try decoder.receive(into: picture) { return picture }
                if isAtEnd { return nil }
            } catch {
                failuresLeft -= isAtEnd ? 1 : 0
                guard failuresLeft > 0 else { return nil }
            }
            if !isAtEnd { feed() }
        }
    }

    /// Gives the decoder a packet, or tells it that there are no more: a cut file ends where its bytes do.
    private func feed() {
        guard av_read_frame(context, packet) >= 0 else {
            isAtEnd = true
            _ = try? decoder.send(nil)
            return
        }
        defer { av_packet_unref(packet) }
        guard packet.pointee.stream_index == stream.pointee.index else { return }
        decoder.context.pointee.skip_frame = isPassed(packet.pointee) ? AVDISCARD_NONREF : AVDISCARD_DEFAULT
        _ = try? decoder.send(packet)
    }

    /// Whether a packet's picture is over a second before the goal; what a file says of durations is not exact.
    private func isPassed(_ packet: AVPacket) -> Bool {
        guard let goal, packet.pts != LibAV.noTime, packet.duration > 0 else { return false }
        return seconds(goal) - seconds(packet.pts) - seconds(packet.duration) > 1
    }

    /// Whether a seek from one time to a later one, in the stream's units, leads to a key frame behind the first; nil when
    /// the file's index does not tell.
    func hasKey(after start: Int64, notAfter end: Int64) -> Bool? {
        let index = av_index_search_timestamp(stream, end, AVSEEK_FLAG_BACKWARD)
        guard index >= 0, let entry = avformat_index_get_entry(stream, index) else { return nil }
        return entry.pointee.timestamp > start
    }

    /// A decoder for the packets, of its own; nought threads are as many as there are processors.
    func makeDecoder(threadCount: Int32) throws(MediaFailure) -> Decoder {
        try Decoder(
            codec, parameters: stream.pointee.codecpar, threadCount: Self.threads(threadCount, for: stream))
    }

    /// Each thread holds a picture and what it is made from: of very large ones that is more than the time is worth.
    private static func threads(_ count: Int32, for stream: UnsafeMutablePointer<AVStream>) -> Int32 {
        let size = stream.pointee.codecpar.pointee
        return Int(size.width) * Int(size.height) > 16_000_000 ? 1 : count
    }

    /// The width that the file states.
    var width: Int { Int(stream.pointee.codecpar.pointee.width) }
    /// The height that the file states.
    var height: Int { Int(stream.pointee.codecpar.pointee.height) }

    /// Turns units into seconds since a time.
    func clock(origin: Int64) -> VideoClock {
        VideoClock(numerator: stream.pointee.time_base.num, denominator: stream.pointee.time_base.den, origin: origin)
    }

    /// Pictures a second, as far as the file tells; 0 when it does not.
    var framesPerSecond: Double {
        let rate = stream.pointee.avg_frame_rate
        return rate.den > 0 ? Double(rate.num) / Double(rate.den) : 0
    }

    /// How often pictures have to be turned by a right angle, clockwise, to be shown: 0…3.
    var quarterTurns: Int {
        guard let matrix = clibav_display_matrix(stream) else { return 0 }
        // Of (a b u, c d v, …), as the format has them: where the first axis goes.
        let (a, b) = (matrix[0], matrix[1])
        if abs(Int(a)) >= abs(Int(b)) { return a < 0 ? 2 : 0 }
        return b > 0 ? 1 : 3
    }

    /// The next packet of the video, not decoded; nil at the end.
    func takePacket() throws(MediaFailure) -> Packet? {
        while av_read_frame(context, packet) >= 0 {
            if packet.pointee.stream_index == stream.pointee.index { return try Packet(taking: packet) }
            av_packet_unref(packet)
        }
        isAtEnd = true
        return nil
    }

    /// Reads the windows' titles from here to the end, with their times in seconds; none where the file has none of ours.
    func takeTitles() -> [TimedTitle] {
        let streams = (0..<Int(context.pointee.nb_streams)).compactMap { context.pointee.streams[$0] }
        guard let titles = streams.first(where: Self.hasTitles) else { return [] }
        stream.pointee.discard = AVDISCARD_ALL
        titles.pointee.discard = AVDISCARD_DEFAULT
        let unit = Double(titles.pointee.time_base.num) / Double(max(1, titles.pointee.time_base.den))
        var found: [TimedTitle] = []
        while found.count < Self.mostTitles, av_read_frame(context, packet) >= 0 {
            defer { av_packet_unref(packet) }
            guard packet.pointee.stream_index == titles.pointee.index, packet.pointee.pts != LibAV.noTime else {
                continue
            }
            let bytes = UnsafeRawBufferPointer(start: packet.pointee.data, count: Int(max(0, packet.pointee.size)))
            let title = String(decoding: bytes.prefix(2000), as: UTF8.self)
            found.append(TimedTitle(time: Double(packet.pointee.pts) * unit, title: title == " " ? "" : title))
        }
        isAtEnd = true
        return found.sorted { $0.time < $1.time }
    }

    /// A foreign film's subtitles are none.
    private static func hasTitles(_ stream: UnsafeMutablePointer<AVStream>) -> Bool {
        guard stream.pointee.codecpar.pointee.codec_type == AVMEDIA_TYPE_SUBTITLE,
            let name = av_dict_get(stream.pointee.metadata, "title", nil, 0)?.pointee.value
        else { return false }
        return strcmp(name, LibAV.titlesName) == 0
    }

    /// Goes to the key frame before a time in the stream's units; false when the file cannot do so.
    func seek(to units: Int64) -> Bool {
        guard av_seek_frame(context, stream.pointee.index, units, AVSEEK_FLAG_BACKWARD) >= 0 else { return false }
        decoder.flush()
        isAtEnd = false
        return true
    }

    /// Stream units for seconds.
    func units(_ seconds: Double) -> Int64 {
        let units = seconds * Double(stream.pointee.time_base.den) / Double(max(1, stream.pointee.time_base.num))
        return Int64(max(-9e15, min(9e15, units.rounded(.down))))
    }

    /// Reads on to the end, without decoding, and tells where the last frame ends in the stream's units.
    func readToEnd() -> Int64? {
        var end: Int64?
        while av_read_frame(context, packet) >= 0 {
            defer { av_packet_unref(packet) }
            guard packet.pointee.stream_index == stream.pointee.index, packet.pointee.pts != LibAV.noTime else {
                continue
            }
            let (stop, isTooLarge) = packet.pointee.pts.addingReportingOverflow(max(0, packet.pointee.duration))
            if !isTooLarge { end = max(end ?? stop, stop) }
        }
        isAtEnd = true
        return end
    }

    // MARK: - Opening

    private static func checkFile(_ path: String) throws(MediaFailure) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw MediaFailure(.notFound, "The video \(path) cannot be read: \(String(cString: strerror(errno))).")
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw MediaFailure(.notFound, "\(path) is no file. Give the path of a video.")
        }
    }

    private static func open(_ path: String) throws(MediaFailure) -> UnsafeMutablePointer<AVFormatContext> {
        var options: OpaquePointer?
        defer { av_dict_free(&options) }
        av_dict_set(&options, "protocol_whitelist", "file", 0)
        av_dict_set(&options, "format_whitelist", formats, 0)
        var context: UnsafeMutablePointer<AVFormatContext>?
        let code = avformat_open_input(&context, "file:" + path, nil, &options)
        try LibAV.check(code, or: .unreadable, "The video \(path) cannot be read")
        guard let context else { throw MediaFailure(.unreadable, "The video \(path) cannot be read.") }
        return context
    }
}
