import CLibAV
public import Desktop

/// Writes frames as PNG or JPEG.
///
/// Calls are independent of each other and may run at the same time.
public struct StillEncoder: Sendable {
    /// Makes an encoder.
    public init() {}

    /// Encodes a frame, made smaller when a size is given that is smaller; no side is ever enlarged.
    ///
    /// What is transparent is laid over white, or over black where what is seen is nearly white itself.
    public func encode(
        _ frame: Frame, as format: StillFormat = .png, size: (width: Int, height: Int)? = nil
    ) throws(MediaFailure) -> EncodedPicture {
        let width = max(1, min(frame.width, size?.width ?? frame.width))
        let height = max(1, min(frame.height, size?.height ?? frame.height))
        guard frame.width > 0, frame.height > 0, frame.width * frame.height <= LibAV.maximumPixels else {
            throw MediaFailure(.tooLarge, "A picture of \(frame.width)×\(frame.height) pixels cannot be encoded.")
        }
        let opaque = frame.flattened()
        let bytes: [UInt8]
        if format == .png, (width, height) == (frame.width, frame.height) {
            bytes = try Self.png(opaque)
        } else {
            let picture = try PictureScaler.rgb(opaque, width: width, height: height)
            bytes =
                switch format {
                case .png: try Self.png(picture)
                case .jpeg(let quality): try Self.jpeg(picture, quality: quality)
                }
        }
        return EncodedPicture(bytes: bytes, mediaType: format.mediaType, width: width, height: height)
    }

    private static func png(_ frame: Frame) throws(MediaFailure) -> [UInt8] {
        let result = frame.pixels.withBytes { bytes in
            bytes.baseAddress.map { start in
                Result { () throws(MediaFailure) in
                    try PNGWriter.bytes(
                        of: PNGRows(
                            width: frame.width, height: frame.height, start: start, stride: frame.stride,
                            format: frame.format))
                }
            }
        }
        guard let result else { throw MediaFailure(.notEncoded, "A picture without pixels cannot be encoded.") }
        return try result.get()
    }

    private static func png(_ picture: Picture) throws(MediaFailure) -> [UInt8] {
        guard let start = picture.planes.starts[0] else {
            throw MediaFailure(.notEncoded, "A picture without pixels cannot be encoded.")
        }
        return try PNGWriter.bytes(
            of: PNGRows(
                width: picture.width, height: picture.height, start: start, stride: Int(picture.planes.strides[0]),
                format: .rgb))
    }

    private static func jpeg(_ picture: Picture, quality: Int) throws(MediaFailure) -> [UInt8] {
        guard let codec = avcodec_find_encoder(AV_CODEC_ID_MJPEG) else {
            throw MediaFailure(.notEncoded, "This system's libavcodec has no JPEG encoder.")
        }
        let planar = try Picture(width: picture.width, height: picture.height, format: AV_PIX_FMT_YUVJ444P)
        let converter = try PixelConverter(
            from: (picture.width, picture.height, AV_PIX_FMT_RGB24),
            to: (picture.width, picture.height, AV_PIX_FMT_YUVJ444P), method: .nearest)
        converter.setColors(matrix: SWS_CS_ITU601, sourceIsFullRange: true, targetIsFullRange: true)
        converter.convert(picture.planes, into: planar.planes)
        let scale = quantizer(quality)
        planar.frame.pointee.quality = scale
        let encoder = try Encoder(codec, options: []) { context in
            context.width = Int32(picture.width)
            context.height = Int32(picture.height)
            context.pix_fmt = AV_PIX_FMT_YUVJ444P
            context.color_range = AVCOL_RANGE_JPEG
            context.time_base = AVRational(num: 1, den: 1)
            context.flags |= AV_CODEC_FLAG_QSCALE
            context.global_quality = scale
            context.qmin = 1
            context.thread_count = 1
        }
        return try bytes(of: planar, by: encoder)
    }

    /// The library's quantiser for a quality as other JPEG encoders count it: 50 is their table as it stands.
    private static func quantizer(_ quality: Int) -> Int32 {
        let quality = max(1, min(100, quality))
        let percent = quality < 50 ? 5000 / quality : 200 - 2 * quality
        return Int32(max(1, min(31, (8 * percent + 50) / 100))) * FF_QP2LAMBDA
    }

    private static func bytes(of picture: Picture, by encoder: Encoder) throws(MediaFailure) -> [UInt8] {
        var bytes: [UInt8] = []
        picture.frame.pointee.pts = 0
        for input in [picture, nil] {
            try encoder.encode(input) { packet throws(MediaFailure) in
                bytes.append(
                    contentsOf: UnsafeBufferPointer(start: packet.pointee.data, count: Int(packet.pointee.size)))
            }
        }
        guard !bytes.isEmpty else { throw MediaFailure(.notEncoded, "A picture could not be encoded.") }
        return bytes
    }
}
