import CX11
import Desktop

/// What is needed to read a drawable's pixels.
struct DrawableKind {
    /// The visual, whose masks say what a pixel means.
    var visual: UnsafeMutablePointer<Visual>?
    /// Bits that count in a pixel.
    var depth: Int32
    /// The colours of a visual with a palette.
    var colormap: Colormap
    /// Whether a compositor lets shine through what is behind it.
    var isTransparent = false
}

/// Rows of pixels that stay valid during one call.
struct PixelRows {
    /// The first row.
    var start: UnsafeRawPointer
    /// Bytes from a row to the next.
    var stride: Int
    /// What a pixel means.
    var converter: PixelConverter
}

/// Reads pixels of drawables: through a reused shared segment, or over the socket where that is not possible.
final class PixelReader {
    private let connection: X11Connection
    private var segment: SharedSegment?
    private let spare = SpareSegments()
    private var canShare: Bool
    private let ways: [SharedSegment.Way]
    private var layouts: [LayoutKey: PixelLayout] = [:]

    private struct LayoutKey: Hashable {
        var visual: VisualID
        var isTransparent: Bool
    }

    /// Makes a reader; `ways` is how it may share memory with the server.
    init(_ connection: X11Connection, sharing ways: [SharedSegment.Way] = SharedSegment.Way.allCases) {
        self.connection = connection
        self.ways = ways
        canShare = connection.hasSharedMemory
    }

    /// How the root's pixels are.
    var rootKind: DrawableKind {
        DrawableKind(
            visual: XDefaultVisual(connection.display, connection.screen),
            depth: XDefaultDepth(connection.display, connection.screen),
            colormap: XDefaultColormap(connection.display, connection.screen))
    }

    /// Reads an area that lies within the drawable, and lends the rows.
    func read<Result>(
        _ area: Region, of drawable: XID, _ kind: DrawableKind, _ body: (PixelRows) -> Result
    ) throws(X11Fault) -> Result {
        let image = try fetch(area, of: drawable, kind)
        defer { cx11_destroy_image(image) }
        guard let data = image.pointee.data else { throw .refused(code: UInt8(BadAlloc)) }
        let layout = layout(of: image, kind)
        guard layout.isReadable else { throw .strangePixels(layout.bitsPerPixel) }
        return body(
            PixelRows(
                start: UnsafeRawPointer(data), stride: Int(image.pointee.bytes_per_line),
                converter: PixelConverter(layout)))
    }

    /// Reads an area that lies within the drawable into memory that nobody else has, four bytes a pixel without gaps.
    ///
    /// Where the server's pixels are as frames have them, that is the segment itself: a picture is not copied.
    ///
    /// - Parameter finish: paints on the pixels before they are shared.
    /// - Returns: the pixels, and when they were read.
    func pixels(
        of area: Region, of drawable: XID, _ kind: DrawableKind, finish: (UnsafeMutableRawPointer) -> Void
    ) throws(X11Fault) -> (PixelBuffer, time: UInt64) {
        let byteCount = area.width * area.height * 4
        var time: UInt64 = 0
        let copy = try read(area, of: drawable, kind) { rows -> PixelBuffer? in
            time = MonotonicClock.now()
            let isShared = segment.map { UnsafeRawPointer($0.memory) == rows.start } ?? false
            guard !isShared || !rows.converter.isNative else { return nil }
            return PixelBuffer(byteCount: byteCount) { memory in
                guard let picture = memory.baseAddress else { return }
                for row in 0..<area.height {
                    rows.converter.convert(
                        rows.start + row * rows.stride, count: area.width, into: picture + row * area.width * 4)
                }
                finish(picture)
            }
        }
        if let copy { return (copy, time) }
        guard let segment else { throw .refused(code: UInt8(BadAlloc)) }
        self.segment = nil
        segment.populate(byteCount)
        finish(segment.memory)
        let spare = spare
        return (PixelBuffer(lending: segment.memory, byteCount: byteCount) { _ in spare.put(segment) }, time)
    }

    // MARK: - Fetching

    private func fetch(
        _ area: Region, of drawable: XID, _ kind: DrawableKind
    ) throws(X11Fault) -> UnsafeMutablePointer<XImage> {
        // Four bytes is the widest pixel there is, and rows are padded to four bytes. Whoever reads a frame may read a vector
        // past its end.
        if let segment = sharedSegment(for: area.width * area.height * 4 + 64),
            let image = cx11_shared_image(
                connection.display, kind.visual, UInt32(kind.depth), segment.info, UInt32(area.width),
                UInt32(area.height))
        {
            do throws(X11Fault) {
                return try connection.answered {
                    let isRead = XShmGetImage(
                        connection.display, drawable, image, Int32(area.x), Int32(area.y), cx11_all_planes())
                    return isRead != 0 ? image : nil
                }
            } catch {
                cx11_destroy_image(image)
                throw error
            }
        }
        return try connection.answered {
            XGetImage(
                connection.display, drawable, Int32(area.x), Int32(area.y), UInt32(area.width), UInt32(area.height),
                cx11_all_planes(), ZPixmap)
        }
    }

    private func sharedSegment(for byteCount: Int) -> SharedSegment? {
        if let segment, segment.byteCount >= byteCount { return segment }
        guard canShare else { return nil }
        segment = nil
        segment = spare.take(byteCount) ?? SharedSegment(connection, byteCount: byteCount, by: ways)
        canShare = segment != nil
        return segment
    }

    // MARK: - What pixels mean

    private func layout(of image: UnsafeMutablePointer<XImage>, _ kind: DrawableKind) -> PixelLayout {
        let key = LayoutKey(visual: kind.visual?.pointee.visualid ?? 0, isTransparent: kind.isTransparent)
        if let layout = layouts[key] { return layout }
        var layout = PixelLayout(
            bitsPerPixel: Int(image.pointee.bits_per_pixel), isBigEndian: image.pointee.byte_order == MSBFirst,
            redMask: UInt32(truncatingIfNeeded: kind.visual?.pointee.red_mask ?? 0),
            greenMask: UInt32(truncatingIfNeeded: kind.visual?.pointee.green_mask ?? 0),
            blueMask: UInt32(truncatingIfNeeded: kind.visual?.pointee.blue_mask ?? 0), palette: nil)
        layout.isTransparent = kind.isTransparent && layout.isNative
        if let visual = kind.visual, ![TrueColor, DirectColor].contains(visual.pointee.class) {
            // Not remembered: applications change the colours behind the indices.
            layout.palette = palette(of: kind.colormap, count: Int(visual.pointee.map_entries))
            return layout
        }
        layouts[key] = layout
        return layout
    }

    private func palette(of colormap: Colormap, count: Int) -> [UInt32] {
        var colours = (0..<min(count, 256)).map { index in
            var colour = XColor()
            colour.pixel = UInt(index)
            return colour
        }
        _ = connection.tolerated { XQueryColors(connection.display, colormap, &colours, Int32(colours.count)) }
        return colours.map { UInt32($0.red >> 8) << 16 | UInt32($0.green >> 8) << 8 | UInt32($0.blue >> 8) }
    }
}
