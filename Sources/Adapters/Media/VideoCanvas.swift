import CLibAV
import Desktop

/// The picture that a recording shows now, as the video encoder wants it: brightness and halved colours, even sizes.
///
/// It is kept from frame to frame, so that only what changed has to be converted.
final class VideoCanvas {
    /// Where a frame of some size lies on the canvas.
    private struct Placement: Equatable {
        /// The frame's own size.
        var frameWidth: Int
        var frameHeight: Int
        /// The part of the canvas that it fills; all four are even.
        var region: Region

        var isScaled: Bool { region.width > frameWidth || region.width < frameWidth & ~1 }
    }

    /// The rows that are converted at a time.
    private static let stripHeight = 16
    /// Parts begin and end at multiples of this where they can, so that few conversions of different width are kept.
    private static let columnStep = 64
    private static let maximumConverters = 80

    /// The picture to encode.
    let picture: Picture
    private var placement: Placement?
    private var converters: [Region: PixelConverter] = [:]
    private var convertersFormat: PixelFormat?

    /// Makes a canvas for frames of a size; an odd last row or column is left out.
    init(width: Int, height: Int) throws(MediaFailure) {
        picture = try Picture(width: max(2, width & ~1), height: max(2, height & ~1), format: AV_PIX_FMT_YUV420P)
        picture.frame.pointee.color_range = AVCOL_RANGE_MPEG
        picture.frame.pointee.colorspace = AVCOL_SPC_BT709
    }

    /// Draws what changed; a frame of another size is centred, and made smaller when it is larger.
    func draw(_ captured: CapturedFrame) throws(MediaFailure) {
        let frame = captured.frame
        // An encoder may still hold the picture before: then the memory is copied.
        try picture.makeWritable()
        if convertersFormat != frame.format {
            converters = [:]
            convertersFormat = frame.format
        }
        let place = place(frame)
        let isMoved = place != placement
        if isMoved {
            if place.region.width < picture.width || place.region.height < picture.height { clear() }
            placement = place
        }
        if place.isScaled { return try scale(frame, into: place.region) }
        let whole = Region(x: 0, y: 0, width: place.region.width, height: place.region.height)
        for part in parts(of: isMoved ? nil : captured.changes, in: whole) {
            try convert(part, of: frame, in: whole, at: place.region)
        }
    }

    // MARK: - Parts

    /// The rectangles to convert, on even pixels.
    private func parts(of changes: [Region]?, in whole: Region) -> [Region] {
        guard let changes else { return [whole] }
        let aligned = changes.compactMap { change -> Region? in
            let left = max(0, change.x) / Self.columnStep * Self.columnStep
            let top = max(0, change.y) & ~1
            let right = (change.x + change.width + Self.columnStep - 1) / Self.columnStep * Self.columnStep
            let bottom = (change.y + change.height + 1) & ~1
            let part = Region(x: left, y: top, width: right - left, height: bottom - top).intersection(whole)
            return part.isEmpty || change.isEmpty ? nil : part
        }
        // Many or overlapping rectangles cost more than everything once.
        guard aligned.reduce(0, { $0 + $1.area }) < whole.area * 3 / 4 else { return [whole] }
        return aligned
    }

    private func convert(_ part: Region, of frame: Frame, in whole: Region, at place: Region) throws(MediaFailure) {
        let height = min(Self.stripHeight, whole.height)
        let converter = try converter(width: part.width, height: height, format: frame.format)
        let target = picture.planes
        var y = part.y
        while y < part.y + part.height {
            // The last strip begins higher rather than be lower: the rows above are as right as before.
            let top = min(y, whole.height - height)
            frame.withPlanes(x: part.x, y: top) {
                converter.convert($0, into: target.part(x: place.x + part.x, y: place.y + top))
            }
            y += height
        }
    }

    private func converter(width: Int, height: Int, format: PixelFormat) throws(MediaFailure) -> PixelConverter {
        let key = Region(x: 0, y: 0, width: width, height: height)
        if let converter = converters[key] { return converter }
        let made = try PixelConverter(
            from: (width, height, format.withoutAlpha), to: (width, height, AV_PIX_FMT_YUV420P), method: .area)
        made.setColors(matrix: SWS_CS_ITU709, sourceIsFullRange: true, targetIsFullRange: false)
        if converters.count >= Self.maximumConverters { converters = [:] }
        converters[key] = made
        return made
    }

    // MARK: - Other sizes

    private func place(_ frame: Frame) -> Placement {
        if let placement, placement.frameWidth == frame.width, placement.frameHeight == frame.height {
            return placement
        }
        let scale = min(
            1, Double(picture.width) / Double(max(1, frame.width & ~1)),
            Double(picture.height) / Double(max(1, frame.height & ~1)))
        let width = max(2, min(picture.width, Int(Double(frame.width) * scale + 0.01) & ~1))
        let height = max(2, min(picture.height, Int(Double(frame.height) * scale + 0.01) & ~1))
        return Placement(
            frameWidth: frame.width, frameHeight: frame.height,
            region: Region(
                x: (picture.width - width) / 2 & ~1, y: (picture.height - height) / 2 & ~1, width: width,
                height: height))
    }

    private func scale(_ frame: Frame, into region: Region) throws(MediaFailure) {
        let converter = try PixelConverter(
            from: (frame.width, frame.height, frame.format.withoutAlpha),
            to: (region.width, region.height, AV_PIX_FMT_YUV420P), method: .area)
        converter.setColors(matrix: SWS_CS_ITU709, sourceIsFullRange: true, targetIsFullRange: false)
        frame.withPlanes { converter.convert($0, into: picture.planes.part(x: region.x, y: region.y)) }
    }

    /// Makes everything black.
    private func clear() {
        let planes = picture.planes
        for index in 0..<3 {
            let rows = index == 0 ? picture.height : picture.height / 2
            planes.starts[index]?.update(repeating: index == 0 ? 16 : 128, count: rows * Int(planes.strides[index]))
        }
    }
}
