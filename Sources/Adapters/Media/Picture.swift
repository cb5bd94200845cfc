import CLibAV
import Desktop

/// Pixels that belong to the libraries.
final class Picture {
    /// The libraries' own description; it lives as long as the picture.
    let frame: UnsafeMutablePointer<AVFrame>

    /// Makes an empty picture for a decoder to fill.
    init() throws(MediaFailure) {
        try LibAV.prepare()
        guard let frame = av_frame_alloc() else { throw MediaFailure(.notEncoded, "There is not enough memory.") }
        self.frame = frame
    }

    /// Makes a picture with memory; it is not cleared.
    convenience init(width: Int, height: Int, format: AVPixelFormat) throws(MediaFailure) {
        try self.init()
        frame.pointee.width = Int32(width)
        frame.pointee.height = Int32(height)
        frame.pointee.format = format.rawValue
        try LibAV.check(av_frame_get_buffer(frame, 0), or: .notEncoded, "There is not enough memory for a picture")
    }

    deinit {
        var frame: UnsafeMutablePointer<AVFrame>? = frame
        av_frame_free(&frame)
    }

    var width: Int { Int(frame.pointee.width) }
    var height: Int { Int(frame.pointee.height) }
    var format: AVPixelFormat { AVPixelFormat(rawValue: frame.pointee.format) }

    /// Where the planes begin, and how far their rows are apart.
    var planes: Planes { Planes(frame) }

    /// Makes sure that nobody else reads the pixels while they are written.
    func makeWritable() throws(MediaFailure) {
        try LibAV.check(av_frame_make_writable(frame), or: .notEncoded, "There is not enough memory for a picture")
    }
}

/// Up to four planes of pixels, lent by whoever owns them.
struct Planes {
    var starts: [UnsafeMutablePointer<UInt8>?]
    var strides: [Int32]

    init(_ frame: UnsafeMutablePointer<AVFrame>) {
        let data = frame.pointee.data
        let sizes = frame.pointee.linesize
        starts = [data.0, data.1, data.2, data.3]
        strides = [sizes.0, sizes.1, sizes.2, sizes.3]
    }

    init(start: UnsafeMutableRawPointer?, stride: Int) {
        starts = [start?.assumingMemoryBound(to: UInt8.self), nil, nil, nil]
        strides = [Int32(stride), 0, 0, 0]
    }

    /// One of the planes alone.
    func plane(_ index: Int) -> Planes {
        Planes(start: starts[index], stride: Int(strides[index]))
    }

    /// The planes of a part that begins at an even place of a 4:2:0 picture.
    func part(x: Int, y: Int) -> Planes {
        var part = self
        for index in 0..<3 {
            let shift = index == 0 ? 0 : 1
            part.starts[index] = starts[index].map { $0 + (y >> shift) * Int(strides[index]) + (x >> shift) }
        }
        return part
    }
}

extension PixelFormat {
    /// The libraries' name for the layout, alpha left out.
    var withoutAlpha: AVPixelFormat {
        switch self {
        case .bgrx, .bgra: AV_PIX_FMT_BGR0
        case .rgbx: AV_PIX_FMT_RGB0
        case .rgb: AV_PIX_FMT_RGB24
        }
    }
}
