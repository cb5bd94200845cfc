import CLibAV
import Desktop

/// Turns decoded pictures into frames; keeps the conversion for pictures alike.
final class FrameReader {
    private struct Key: Equatable {
        var width: Int
        var height: Int
        var format: Int32
        var hasAlpha: Bool
        var colors: Colors
    }

    /// How a decoded picture mixes brightness and colour.
    private struct Colors: Equatable {
        var matrix: Int32
        var isFullRange: Bool
    }

    private var converter: (key: Key, converter: PixelConverter)?
    private var mapper: LightMapper?

    /// The pixels of a decoded picture.
    func frame(from decoded: UnsafeMutablePointer<AVFrame>, time: UInt64) throws(MediaFailure) -> Frame {
        let width = Int(decoded.pointee.width)
        let height = Int(decoded.pointee.height)
        guard width > 0, height > 0, width <= LibAV.maximumPixels / height else {
            throw MediaFailure(.tooLarge, "A picture of \(width)×\(height) pixels is too large to show.")
        }
        let format = AVPixelFormat(rawValue: decoded.pointee.format)
        let hasAlpha = Self.hasAlpha(format)
        if let curve = LightMapper.Curve(decoded.pointee.color_trc) {
            return try mapped(decoded, curve, width: width, height: height, time: time)
        }
        let key = Key(
            width: width, height: height, format: format.rawValue, hasAlpha: hasAlpha,
            colors: Self.colors(decoded, format: format))
        let converter = try converter(for: key)
        // The converter writes whole vectors: rows are padded and there is room after the last one.
        let stride = (width * 4 + 63) & ~63
        let pixels = PixelBuffer(byteCount: stride * height + 64) { bytes in
            converter.convert(Planes(decoded), into: Planes(start: bytes.baseAddress, stride: stride))
        }
        return Frame(
            width: width, height: height, stride: stride, format: hasAlpha ? .bgra : .bgrx, pixels: pixels, time: time)
    }

    /// The pixels of a picture that was made for very bright screens.
    private func mapped(
        _ decoded: UnsafeMutablePointer<AVFrame>, _ curve: LightMapper.Curve, width: Int, height: Int, time: UInt64
    ) throws(MediaFailure) -> Frame {
        let format = AVPixelFormat(rawValue: decoded.pointee.format)
        let primaries = decoded.pointee.color_primaries
        if mapper?.curve != curve || mapper?.primaries != primaries {
            mapper = LightMapper(curve: curve, primaries: primaries)
        }
        let deep = try PixelConverter(
            from: (width, height, format), to: (width, height, AV_PIX_FMT_RGBA64LE), method: .area)
        let colors = Self.colors(decoded, format: format)
        deep.setColors(matrix: colors.matrix, sourceIsFullRange: colors.isFullRange, targetIsFullRange: true)
        let stride = (width * 8 + 63) & ~63
        let numbers = PixelBuffer(byteCount: stride * height + 64) { bytes in
            deep.convert(Planes(decoded), into: Planes(start: bytes.baseAddress, stride: stride))
        }
        guard let mapper else { throw MediaFailure(.unreadable, "A picture for bright screens cannot be shown.") }
        return numbers.withBytes {
            mapper.frame(
                $0, stride: stride, width: width, height: height, hasAlpha: Self.hasAlpha(format), time: time)
        }
    }

    private func converter(for key: Key) throws(MediaFailure) -> PixelConverter {
        if let converter, converter.key == key { return converter.converter }
        let made = try PixelConverter(
            from: (key.width, key.height, AVPixelFormat(rawValue: key.format)),
            to: (key.width, key.height, key.hasAlpha ? AV_PIX_FMT_BGRA : AV_PIX_FMT_BGR0), method: .area)
        made.setColors(
            matrix: key.colors.matrix, sourceIsFullRange: key.colors.isFullRange, targetIsFullRange: true)
        converter = (key, made)
        return made
    }

    private static func hasAlpha(_ format: AVPixelFormat) -> Bool {
        guard let description = av_pix_fmt_desc_get(format) else { return false }
        return description.pointee.flags & UInt64(AV_PIX_FMT_FLAG_ALPHA | AV_PIX_FMT_FLAG_PAL) != 0
    }

    private static func colors(_ decoded: UnsafeMutablePointer<AVFrame>, format: AVPixelFormat) -> Colors {
        let matrix =
            switch decoded.pointee.colorspace {
            case AVCOL_SPC_BT709: SWS_CS_ITU709
            case AVCOL_SPC_BT2020_NCL, AVCOL_SPC_BT2020_CL: SWS_CS_BT2020
            case AVCOL_SPC_UNSPECIFIED where decoded.pointee.height >= 720: SWS_CS_ITU709
            default: SWS_CS_ITU601
            }
        let oldFullRange = [AV_PIX_FMT_YUVJ420P, AV_PIX_FMT_YUVJ422P, AV_PIX_FMT_YUVJ444P, AV_PIX_FMT_YUVJ440P]
        let isFullRange = decoded.pointee.color_range == AVCOL_RANGE_JPEG || oldFullRange.contains(format)
        return Colors(matrix: matrix, isFullRange: isFullRange)
    }
}
