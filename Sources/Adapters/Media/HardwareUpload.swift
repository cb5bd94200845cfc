import CLibAV
import Glibc

/// Brings pictures into the memory of a graphics card, for the encoders of VA-API.
final class HardwareUpload {
    private var device: UnsafeMutablePointer<AVBufferRef>?
    private(set) var frames: UnsafeMutablePointer<AVBufferRef>?
    /// The picture as these encoders want it: brightness, and both colours in turn.
    private let staged: Picture

    /// Opens the first graphics card.
    ///
    /// - Throws: `MediaFailure` when there is none, or it has no driver.
    init(width: Int, height: Int) throws(MediaFailure) {
        staged = try Picture(width: width, height: height, format: AV_PIX_FMT_NV12)
        // Named: without a name the X server would be asked as well, by a library that complains on standard error.
        let cards = (128..<136).map { "/dev/dri/renderD\($0)" }
        guard let card = cards.first(where: { access($0, R_OK | W_OK) == 0 }) else {
            throw MediaFailure(.notEncoded, "There is no graphics card that this program may use.")
        }
        try LibAV.check(
            av_hwdevice_ctx_create(&device, AV_HWDEVICE_TYPE_VAAPI, card, nil, 0), or: .notEncoded,
            "The graphics card \(card) cannot be used")
        frames = av_hwframe_ctx_alloc(device)
        guard let frames else { throw MediaFailure(.notEncoded, "There is not enough memory for an encoder.") }
        frames.pointee.data.withMemoryRebound(to: AVHWFramesContext.self, capacity: 1) { context in
            context.pointee.format = AV_PIX_FMT_VAAPI
            context.pointee.sw_format = AV_PIX_FMT_NV12
            context.pointee.width = Int32(width)
            context.pointee.height = Int32(height)
            context.pointee.initial_pool_size = 4
        }
        try LibAV.check(
            av_hwframe_ctx_init(frames), or: .notEncoded, "The graphics card has no memory for pictures of this size")
    }

    deinit {
        av_buffer_unref(&frames)
        av_buffer_unref(&device)
    }

    /// A copy of a picture in the card's memory.
    func upload(_ picture: Picture) throws(MediaFailure) -> Picture {
        try staged.makeWritable()
        interleave(picture.planes)
        let uploaded = try Picture()
        try LibAV.check(
            av_hwframe_get_buffer(frames, uploaded.frame, 0), or: .notEncoded, "The graphics card has no memory left")
        try LibAV.check(
            av_hwframe_transfer_data(uploaded.frame, staged.frame, 0), or: .notEncoded,
            "A picture did not reach the graphics card")
        uploaded.frame.pointee.pts = picture.frame.pointee.pts
        uploaded.frame.pointee.pict_type = picture.frame.pointee.pict_type
        uploaded.frame.pointee.color_range = picture.frame.pointee.color_range
        uploaded.frame.pointee.colorspace = picture.frame.pointee.colorspace
        return uploaded
    }

    private func interleave(_ source: Planes) {
        let target = staged.planes
        guard let light = source.starts[0], let blue = source.starts[1], let red = source.starts[2],
            let stagedLight = target.starts[0], let stagedColors = target.starts[1]
        else { return }
        for row in 0..<staged.height {
            (stagedLight + row * Int(target.strides[0])).update(
                from: light + row * Int(source.strides[0]), count: staged.width)
        }
        for row in 0..<staged.height / 2 {
            let line = stagedColors + row * Int(target.strides[1])
            let (blue, red) = (blue + row * Int(source.strides[1]), red + row * Int(source.strides[2]))
            for column in 0..<staged.width / 2 {
                line[2 * column] = blue[column]
                line[2 * column + 1] = red[column]
            }
        }
    }
}
