import CX11
import Desktop

/// The frozen screen's pixels on this side: enlarges some of them, and makes the dimmed picture of all.
final class Magnifier {
    /// The edge of the enlarged square, in pixels.
    let edge: Int
    private let image: UnsafeMutablePointer<XImage>
    private let connection: X11Connection
    private let bounds: Region
    private let kind: DrawableKind
    private let zoom: Int
    private var colors: [UInt32: UInt] = [:]

    /// How many pixels are enlarged, across: an odd number, so that one is in the middle.
    private static let count = 15

    /// - Parameter zoom: screen pixels for a pixel.
    init(_ frozen: FrozenScreen, _ connection: X11Connection, zoom: Int) throws(X11Fault) {
        self.connection = connection
        self.zoom = zoom
        bounds = frozen.bounds
        edge = Self.count * zoom
        kind = PixelReader(connection).rootKind
        image = try connection.answered {
            XGetImage(
                connection.display, frozen.pixmap, 0, 0, UInt32(frozen.bounds.width), UInt32(frozen.bounds.height),
                cx11_all_planes(), ZPixmap)
        }
    }

    deinit { cx11_destroy_image(image) }

    // MARK: - Enlarging

    /// Draws the pixels around a point; the one in the middle is framed.
    func draw(
        around point: (x: Int, y: Int), on target: XID, _ pen: GC, x: Int, y: Int, unit: Int, color: (UInt32) -> Void
    ) {
        let half = Self.count / 2
        for row in 0..<Self.count {
            for column in 0..<Self.count {
                let (atX, atY) = (point.x - half + column, point.y - half + row)
                if bounds.contains(x: atX, y: atY) {
                    XSetForeground(connection.display, pen, cx11_pixel(image, Int32(atX), Int32(atY)))
                } else {
                    color(0x000000)
                }
                XFillRectangle(
                    connection.display, target, pen, Int32(x + column * zoom), Int32(y + row * zoom), UInt32(zoom),
                    UInt32(zoom))
            }
        }
        let corner = (x: x + half * zoom, y: y + half * zoom)
        // Black around white is seen on every ground.
        for (inset, shade) in [(0, UInt32(0x000000)), (unit, 0xFFFFFF)] {
            color(shade)
            for line in 0..<unit {
                let place = inset + line
                XDrawRectangle(
                    connection.display, target, pen, Int32(corner.x - 1 + place), Int32(corner.y - 1 + place),
                    UInt32(zoom + 1 - 2 * place), UInt32(zoom + 1 - 2 * place))
            }
        }
    }

    // MARK: - Dimming

    /// Fills a pixmap with the screen at half its light.
    func dim(into target: Pixmap, _ pen: GC) {
        let (width, height) = (UInt32(bounds.width), UInt32(bounds.height))
        guard let half = halfLight else {
            // Without colours in the pixels themselves: every other pixel black.
            XPutImage(connection.display, target, pen, image, 0, 0, 0, 0, width, height)
            return stipple(target, pen)
        }
        guard let copy = cx11_copy_image(image) else {
            XPutImage(connection.display, target, pen, image, 0, 0, 0, 0, width, height)
            return stipple(target, pen)
        }
        defer { cx11_destroy_image(copy) }
        let byteCount = Int(copy.pointee.bytes_per_line) * Int(copy.pointee.height)
        if let data = copy.pointee.data {
            if copy.pointee.bits_per_pixel == 32 {
                data.withMemoryRebound(to: UInt32.self, capacity: byteCount / 4) { words in
                    for index in 0..<byteCount / 4 { words[index] = words[index] >> 1 & half }
                }
            } else {
                data.withMemoryRebound(to: UInt16.self, capacity: byteCount / 2) { words in
                    for index in 0..<byteCount / 2 {
                        words[index] = words[index] >> 1 & UInt16(truncatingIfNeeded: half)
                    }
                }
            }
        }
        XPutImage(connection.display, target, pen, copy, 0, 0, 0, 0, width, height)
    }

    /// What is left of a pixel's bits when each colour is halved by a shift; nil when shifting means nothing.
    private var halfLight: UInt32? {
        guard let visual = kind.visual?.pointee, visual.class == TrueColor,
            [16, 32].contains(image.pointee.bits_per_pixel), image.pointee.byte_order == LSBFirst
        else { return nil }
        return [visual.red_mask, visual.green_mask, visual.blue_mask]
            .map { UInt32(truncatingIfNeeded: $0) }
            .reduce(0) { $0 | ($1 >> 1 & $1) }
    }

    private func stipple(_ target: Pixmap, _ pen: GC) {
        let display = connection.display
        var bits: [CChar] = [0b01, 0b10]
        let pattern = XCreateBitmapFromData(display, target, &bits, 2, 2)
        XSetForeground(display, pen, XBlackPixel(display, connection.screen))
        XSetStipple(display, pen, pattern)
        XSetFillStyle(display, pen, FillStippled)
        XFillRectangle(display, target, pen, 0, 0, UInt32(bounds.width), UInt32(bounds.height))
        XSetFillStyle(display, pen, FillSolid)
        XFreePixmap(display, pattern)
    }

    // MARK: - Colours

    /// The server's pixel for 0xRRGGBB.
    func pixel(_ color: UInt32) -> UInt {
        if let known = colors[color] { return known }
        var wanted = XColor()
        wanted.red = UInt16(color >> 16 & 0xFF) * 257
        wanted.green = UInt16(color >> 8 & 0xFF) * 257
        wanted.blue = UInt16(color & 0xFF) * 257
        let isThere = XAllocColor(connection.display, kind.colormap, &wanted) != 0
        let pixel =
            isThere
            ? wanted.pixel
            : color > 0x808080
                ? XWhitePixel(connection.display, connection.screen)
                : XBlackPixel(connection.display, connection.screen)
        colors[color] = pixel
        return pixel
    }
}
