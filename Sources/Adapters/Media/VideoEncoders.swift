import CLibAV

/// The video encoders that a recording can use, best first.
enum VideoEncoders {
    /// Milliseconds: what Matroska counts in.
    static let timeBase = AVRational(num: 1, den: 1000)

    private struct Choice {
        var name: String
        var options: [(String, String)]
    }

    private static let choices = [
        // A constant quantiser instead of a rate: no look-ahead, no small copy of each picture for it, and a screen's text
        // stays as sharp when much moves. One slice: slices cost and a screen rarely needs two cores.
        Choice(
            name: "libx264",
            options: [
                ("preset", "ultrafast"), ("tune", "zerolatency"), ("qp", "22"), ("forced-idr", "1"),
                ("x264-params", "sliced-threads=0:no-scenecut=1"),
            ]),
        Choice(name: "libopenh264", options: [("rc_mode", "quality"), ("allow_skip_frames", "0")]),
        Choice(name: "mpeg4", options: []),
    ]

    /// Opens the best encoder that there is; `only` names the one to use.
    static func open(width: Int, height: Int, only: String? = nil) throws(MediaFailure) -> Encoder {
        try LibAV.prepare()
        var failure = MediaFailure(
            .notEncoded, "This system's libavcodec has no video encoder that can be used. Install one with libx264.")
        for choice in choices where only == nil || only == choice.name {
            guard let codec = avcodec_find_encoder_by_name(choice.name) else { continue }
            do {
                return try Encoder(codec, options: choice.options) { configure(&$0, width: width, height: height) }
            } catch {
                failure = error
            }
        }
        throw failure
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
