import CX11
import Desktop

/// The screen as it was at one time: kept on the server, with the pointer beside it.
final class FrozenScreen {
    /// All of it.
    let bounds: Region
    /// The pixels, on the server.
    let pixmap: Pixmap
    /// Where the pointer was; nil when it was on another screen.
    let pointer: (x: Int, y: Int)?
    private let connection: X11Connection
    private let reader: PixelReader
    private let shape: CursorShape?
    private let time: UInt64

    /// Freezes the screen as it is now.
    init(_ connection: X11Connection) throws(X11Fault) {
        self.connection = connection
        let (display, root) = (connection.display, connection.root)
        let bounds = try connection.rootRegion()
        self.bounds = bounds
        reader = PixelReader(connection)
        let depth = UInt32(reader.rootKind.depth)
        pixmap = try connection.checked {
            let pixmap = XCreatePixmap(display, root, UInt32(bounds.width), UInt32(bounds.height), depth)
            // Not cut at the windows in it: what is seen is wanted.
            var values = XGCValues()
            values.subwindow_mode = IncludeInferiors
            values.graphics_exposures = 0
            let pen = XCreateGC(display, root, UInt(GCSubwindowMode | GCGraphicsExposures), &values)
            XCopyArea(display, root, pixmap, pen, 0, 0, UInt32(bounds.width), UInt32(bounds.height), 0, 0)
            XFreeGC(display, pen)
            return pixmap
        }
        time = MonotonicClock.now()
        shape = try connection.cursorShape()
        pointer = try connection.pointer().map { ($0.x, $0.y) }
    }

    deinit {
        connection.release { XFreePixmap(connection.display, pixmap) }
    }

    /// Shows a picture of the whole screen instead, where the screen's pixels are as those of pictures.
    func show(_ frame: Frame) {
        guard frame.width == bounds.width, frame.height == bounds.height, frame.format == .bgrx,
            (try? reader.read(Region(x: 0, y: 0, width: 1, height: 1), of: pixmap, reader.rootKind) {
                $0.converter.isNative
            })
                == true
        else { return }
        frame.pixels.withBytes { bytes in
            // Xlib only reads it, whatever the type says.
            let data = UnsafeMutableRawPointer(mutating: bytes.baseAddress)?.assumingMemoryBound(to: CChar.self)
            guard
                let image = XCreateImage(
                    connection.display, reader.rootKind.visual, UInt32(reader.rootKind.depth), ZPixmap, 0, data,
                    UInt32(frame.width), UInt32(frame.height), 32, Int32(frame.stride))
            else { return }
            let pen = XCreateGC(connection.display, pixmap, 0, nil)
            XPutImage(
                connection.display, pixmap, pen, image, 0, 0, 0, 0, UInt32(frame.width), UInt32(frame.height))
            XFreeGC(connection.display, pen)
            // The pixels are the frame's.
            image.pointee.data = nil
            cx11_destroy_image(image)
        }
    }

    /// Cuts a part out, as a picture.
    func picture(of region: Region, withCursor: Bool) throws(X11Fault) -> CapturedPicture {
        let area = region.intersection(bounds)
        let (width, height) = (area.width, area.height)
        let pixels = try reader.read(area, of: pixmap, reader.rootKind) { rows in
            PixelBuffer(byteCount: width * height * 4) { memory in
                guard let picture = memory.baseAddress else { return }
                for row in 0..<height {
                    rows.converter.convert(
                        rows.start + row * rows.stride, count: width, into: picture + row * width * 4)
                }
                guard withCursor, let shape, let pointer else { return }
                shape.blend(
                    into: picture, width: width, height: height, stride: width * 4, atX: pointer.x - area.x,
                    y: pointer.y - area.y)
            }
        }
        let frame = Frame(width: width, height: height, stride: width * 4, format: .bgrx, pixels: pixels, time: time)
        return CapturedPicture(frame: frame, label: area.description, region: area)
    }
}
