import CLibAV
import Desktop

/// Makes a frame smaller, into packed red, green and blue.
///
/// The three colours are scaled apart as if each were grey: the library's own way for coloured pixels takes twice as long
/// and halves the resolution of colour, which smears coloured text.
enum PictureScaler {
    /// A frame's pixels as packed red, green and blue in a size; the same size is a plain conversion.
    static func rgb(_ frame: Frame, width: Int, height: Int) throws(MediaFailure) -> Picture {
        guard (width, height) != (frame.width, frame.height) else {
            return try convert(frame, to: AV_PIX_FMT_RGB24)
        }
        let source = try convert(frame, to: AV_PIX_FMT_GBRP)
        let scaled = try Picture(width: width, height: height, format: AV_PIX_FMT_GBRP)
        let scaler = try PixelConverter(
            from: (frame.width, frame.height, AV_PIX_FMT_GRAY8), to: (width, height, AV_PIX_FMT_GRAY8),
            method: .lanczos)
        for color in 0..<3 { scaler.convert(source.planes.plane(color), into: scaled.planes.plane(color)) }
        let packed = try Picture(width: width, height: height, format: AV_PIX_FMT_RGB24)
        let packer = try PixelConverter(
            from: (width, height, AV_PIX_FMT_GBRP), to: (width, height, AV_PIX_FMT_RGB24), method: .nearest)
        packer.convert(scaled.planes, into: packed.planes)
        return packed
    }

    private static func convert(_ frame: Frame, to format: AVPixelFormat) throws(MediaFailure) -> Picture {
        let picture = try Picture(width: frame.width, height: frame.height, format: format)
        let converter = try PixelConverter(
            from: (frame.width, frame.height, frame.format.withoutAlpha), to: (frame.width, frame.height, format),
            method: .nearest)
        frame.withPlanes { converter.convert($0, into: picture.planes) }
        return picture
    }
}
