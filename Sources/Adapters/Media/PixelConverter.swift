import CLibAV
import Desktop

/// Converts and scales pixels from one size and layout to another, as often as needed.
final class PixelConverter {
    /// How pixels are chosen when sizes differ.
    enum Method {
        /// The mean of what a pixel covers.
        case area
        /// Sharp, for text that is made smaller.
        case lanczos
        /// The nearest, for conversions that keep the size.
        case nearest

        fileprivate var flags: Int32 {
            switch self {
            case .area: SWS_AREA
            case .lanczos: SWS_LANCZOS
            case .nearest: SWS_POINT
            }
        }
    }

    private let context: OpaquePointer
    private let sourceHeight: Int

    init(
        from source: (width: Int, height: Int, format: AVPixelFormat),
        to target: (width: Int, height: Int, format: AVPixelFormat), method: Method
    ) throws(MediaFailure) {
        try LibAV.prepare()
        guard
            let context = sws_getContext(
                Int32(source.width), Int32(source.height), source.format, Int32(target.width), Int32(target.height),
                target.format, method.flags, nil, nil, nil)
        else {
            throw MediaFailure(
                .notEncoded,
                "A picture of \(source.width)×\(source.height) cannot be made \(target.width)×\(target.height).")
        }
        self.context = context
        sourceHeight = source.height
    }

    deinit { sws_freeContext(context) }

    /// Says by which standard brightness and colour are mixed and whether they use the full range.
    func setColors(matrix: Int32, sourceIsFullRange: Bool, targetIsFullRange: Bool) {
        let coefficients = sws_getCoefficients(matrix)
        let one: Int32 = 1 << 16
        // A refusal means that neither side has brightness and colour apart: nothing is to be said then.
        _ = sws_setColorspaceDetails(
            context, coefficients, sourceIsFullRange ? 1 : 0, coefficients, targetIsFullRange ? 1 : 0, 0, one, one)
    }

    /// Converts all rows.
    func convert(_ source: Planes, into target: Planes) {
        let starts = source.starts.map { $0.map { UnsafePointer($0) } }
        sws_scale(context, starts, source.strides, 0, Int32(sourceHeight), target.starts, target.strides)
    }
}

extension Frame {
    /// Lends the pixels from a place on to a conversion, which does not write to them.
    func withPlanes<Result>(x: Int = 0, y: Int = 0, _ body: (Planes) throws -> Result) rethrows -> Result {
        try pixels.withBytes { bytes in
            let start = UnsafeMutableRawPointer(mutating: bytes.baseAddress)
            return try body(
                Planes(start: start.map { $0 + y * stride + x * format.bytesPerPixel }, stride: stride))
        }
    }
}
