import CLibAV
import Synchronization

/// The video encoders that a recording can use.
public enum VideoEncoders {
    /// Takes the first that works, of hardware before those of software.
    public static let automatic = "auto"

    /// Those that may be named, in the order in which they are tried.
    public static var names: [String] { choices.map(\.name) }

    /// Finds out by trying which encoder recordings will have here.
    ///
    /// - Parameter name: `automatic`, or the only one to try.
    /// - Throws: `MediaFailure` when none works.
    public static func working(_ name: String = automatic) throws(MediaFailure) -> String {
        try open(width: 640, height: 480, only: name).name
    }

    /// Milliseconds: what Matroska counts in.
    static let timeBase = AVRational(num: 1, den: 1000)

    /// One way to encode.
    struct Choice: Sendable {
        var name: String
        var options: [(String, String)]
        /// Instead of those of the same name, for pictures that one core cannot encode in a thirtieth of a second.
        var optionsOfLarge: [(String, String)] = []
        /// Whether a piece of hardware does it, which may be missing, taken, or half working.
        var isHardware = false
        /// Whether pictures have to be brought into the memory of the hardware first.
        var needsUpload = false
    }

    static let choices = [
        // Constant quantisers and no delay, as below. None of the hardware may hold frames back: what was seen must be in
        // the file at once.
        Choice(
            name: "h264_nvenc",
            options: [
                ("preset", "p4"), ("tune", "ull"), ("rc", "constqp"), ("qp", "22"), ("delay", "0"),
                ("zerolatency", "1"),
                ("forced-idr", "1"),
            ], isHardware: true),
        Choice(
            name: "h264_vaapi",
            options: [("rc_mode", "CQP"), ("qp", "22"), ("async_depth", "1"), ("idr_interval", "0")],
            isHardware: true, needsUpload: true),
        // A constant quantiser instead of a rate: no look-ahead, no small copy of each picture for it, and a screen's text
        // stays as sharp when much moves. One slice: slices cost, and 1080p does not need two cores. A key frame of 4K
        // would take one of them so long that the frames after it are lost.
        Choice(
            name: "libx264",
            options: [
                ("preset", "ultrafast"), ("tune", "zerolatency"), ("qp", "22"), ("forced-idr", "1"),
                ("x264-params", "sliced-threads=0:no-scenecut=1"),
            ],
            optionsOfLarge: [("x264-params", "threads=2:sliced-threads=1:no-scenecut=1")]),
        Choice(name: "libopenh264", options: [("rc_mode", "quality"), ("allow_skip_frames", "0")]),
        Choice(name: "mpeg4", options: []),
    ]

    /// More pixels than these are many.
    private static let pixelsOfLarge = 2560 * 1440

    /// Which hardware works for pictures of a size, as far as it was tried: trying takes time, which recordings have not.
    private static let known = Mutex<[String: Bool]>([:])

    /// Opens the best encoder that there is.
    ///
    /// - Parameters:
    ///   - name: The only one to use; `automatic` for hardware first; nil for the best of software.
    ///   - try: Opens one; it throws where that one does not work.
    static func open(
        width: Int, height: Int, only name: String? = nil, among choices: [Choice] = choices,
        try attempt: (Choice) throws(MediaFailure) -> Encoder? = { _ throws(MediaFailure) in nil }
    ) throws(MediaFailure) -> (name: String, encoder: Encoder) {
        try LibAV.prepare()
        var failure = MediaFailure(
            .notEncoded, "This system's libavcodec has no video encoder that can be used. Install one with libx264.")
        for choice in choices {
            let isNamed = name == choice.name
            guard isNamed || name == automatic || name == nil && !choice.isHardware else { continue }
            let key = "\(choice.name) \(width)x\(height)"
            let isKnown = choice.isHardware ? known.withLock { $0[key] } : true
            if isKnown == false, !isNamed { continue }
            do {
                if let encoder = try attempt(choice) { return (choice.name, encoder) }
                if isKnown != true { try prove(choice, width: width, height: height) }
                let encoder = try make(choice, width: width, height: height)
                if isKnown == nil { known.withLock { $0[key] = true } }
                return (choice.name, encoder)
            } catch {
                failure = error
                known.withLock { $0[key] = false }
            }
        }
        if let name, name != automatic, !choices.contains(where: { $0.name == name }) {
            throw MediaFailure(.notEncoded, "There is no encoder \(name); there are \(names.joined(separator: ", ")).")
        }
        throw failure
    }

    private static func make(_ choice: Choice, width: Int, height: Int) throws(MediaFailure) -> Encoder {
        guard let codec = avcodec_find_encoder_by_name(choice.name) else {
            throw MediaFailure(.notEncoded, "This system's libavcodec has no encoder \(choice.name).")
        }
        let upload = choice.needsUpload ? try HardwareUpload(width: width, height: height) : nil
        let isLarge = width * height > pixelsOfLarge
        return try Encoder(
            codec, options: choice.options + (isLarge ? choice.optionsOfLarge : []), upload: upload
        ) {
            configure(&$0, width: width, height: height)
        }
    }

    /// Encodes two pictures: drivers open what they then cannot do, and some hold pictures back.
    private static func prove(_ choice: Choice, width: Int, height: Int) throws(MediaFailure) {
        let encoder = try make(choice, width: width, height: height)
        let picture = try Picture(width: width, height: height, format: AV_PIX_FMT_YUV420P)
        for index in 0..<3 {
            picture.planes.starts[index]?.update(
                repeating: 128, count: (index == 0 ? height : height / 2) * Int(picture.planes.strides[index]))
        }
        for number in 0..<2 {
            var packets = 0
            picture.frame.pointee.pts = Int64(number * 40)
            picture.frame.pointee.pict_type = number == 0 ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE
            try encoder.encode(picture) { _ throws(MediaFailure) in packets += 1 }
            guard packets > 0 else {
                throw MediaFailure(.notEncoded, "The encoder \(choice.name) holds pictures back.")
            }
        }
    }

    private static func configure(_ context: inout AVCodecContext, width: Int, height: Int) {
        context.width = Int32(width)
        context.height = Int32(height)
        context.pix_fmt = AV_PIX_FMT_YUV420P
        context.time_base = timeBase
        context.framerate = AVRational(num: 30, den: 1)
        context.sample_aspect_ratio = AVRational(num: 1, den: 1)
        // Key frames are asked for one by one; this is for encoders that do not hear it.
        context.gop_size = 300
        context.max_b_frames = 0
        context.thread_count = 1
        context.color_range = AVCOL_RANGE_MPEG
        context.colorspace = AVCOL_SPC_BT709
        context.color_primaries = AVCOL_PRI_BT709
        context.color_trc = AVCOL_TRC_BT709
        // A fallback's quality where it has no quantiser of its own.
        context.flags |= AV_CODEC_FLAG_GLOBAL_HEADER | AV_CODEC_FLAG_QSCALE
        context.global_quality = 3 * FF_QP2LAMBDA
        context.bit_rate = 8_000_000
    }
}
