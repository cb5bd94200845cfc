import CLibAV
import Desktop
import Glibc

/// Lends the brightness of decoded pictures; converts only those that do not have it as a plane of bytes.
final class LumaReader {
    private var converted: (picture: Picture, converter: PixelConverter, format: AVPixelFormat)?

    /// Lends the brightness for the time of a call.
    func withLuma(of decoded: UnsafeMutablePointer<AVFrame>, _ body: (LumaView) throws -> Void) throws {
        let width = Int(decoded.pointee.width)
        let height = Int(decoded.pointee.height)
        guard width > 0, height > 0, width <= LibAV.maximumPixels / height else {
            throw MediaFailure(.tooLarge, "A picture of \(width)×\(height) pixels is too large to show.")
        }
        let format = AVPixelFormat(rawValue: decoded.pointee.format)
        var planes = Planes(decoded)
        if !Self.hasLumaPlane(format) || Int(planes.strides[0]) < width {
            planes = try convert(planes, width: width, height: height, format: format)
        }
        let stride = Int(planes.strides[0])
        let bytes = UnsafeRawBufferPointer(start: planes.starts[0], count: stride * (height - 1) + width)
        try body(LumaView(bytes: bytes, width: width, height: height, stride: stride))
    }

    /// Whether two decoded pictures have the same brightness everywhere; false where telling is not worth the time.
    static func areEqual(_ one: UnsafeMutablePointer<AVFrame>, _ other: UnsafeMutablePointer<AVFrame>) -> Bool {
        let (width, height) = (Int(one.pointee.width), Int(one.pointee.height))
        guard one.pointee.format == other.pointee.format, Int(other.pointee.width) == width,
            Int(other.pointee.height) == height, hasLumaPlane(AVPixelFormat(rawValue: one.pointee.format))
        else { return false }
        let (mine, theirs) = (Planes(one), Planes(other))
        guard let start = mine.starts[0], let otherStart = theirs.starts[0] else { return false }
        return (0..<height).allSatisfy { row in
            memcmp(start + row * Int(mine.strides[0]), otherStart + row * Int(theirs.strides[0]), width) == 0
        }
    }

    private func convert(
        _ source: Planes, width: Int, height: Int, format: AVPixelFormat
    ) throws(MediaFailure) -> Planes {
        if let converted, converted.format == format, converted.picture.width == width,
            converted.picture.height == height
        {
            converted.converter.convert(source, into: converted.picture.planes)
            return converted.picture.planes
        }
        let picture = try Picture(width: width, height: height, format: AV_PIX_FMT_GRAY8)
        let converter = try PixelConverter(
            from: (width, height, format), to: (width, height, AV_PIX_FMT_GRAY8), method: .nearest)
        converted = (picture, converter, format)
        converter.convert(source, into: picture.planes)
        return picture.planes
    }

    /// Whether the first plane is brightness, a byte a pixel.
    private static func hasLumaPlane(_ format: AVPixelFormat) -> Bool {
        guard let description = av_pix_fmt_desc_get(format)?.pointee else { return false }
        let others = AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_BITSTREAM | AV_PIX_FMT_FLAG_HWACCEL
        let first = description.comp.0
        return description.flags & UInt64(others) == 0 && first.plane == 0 && first.step == 1 && first.depth == 8
    }
}
