import CX11

/// Small words on the screen, in the font that every server has, enlarged.
final class ChooserText {
    private let connection: X11Connection
    private let size: Int
    private let font: UnsafeMutablePointer<XFontStruct>?
    private var glyphs: [UInt8: [XRectangle]] = [:]

    /// - Parameter size: screen pixels for a pixel of the font.
    init(_ connection: X11Connection, size: Int) {
        self.connection = connection
        self.size = size
        font = connection.tolerated { XLoadQueryFont(connection.display, "fixed") }
    }

    deinit {
        guard let font else { return }
        connection.release { XFreeFont(connection.display, font) }
    }

    /// Whether anything can be written.
    var isReadable: Bool { font != nil }

    /// What some words take, in pixels.
    func size(of words: String) -> (width: Int, height: Int) {
        (bytes(words).count * advance, (ascent + descent) * size)
    }

    /// Writes with the pen's colour; x and y are the upper left corner.
    func draw(_ words: String, on target: XID, _ pen: GC, x: Int, y: Int) {
        for (index, byte) in bytes(words).enumerated() {
            var dots = glyph(byte).map { dot in
                XRectangle(
                    x: Int16(clamping: x + index * advance + Int(dot.x)), y: Int16(clamping: y + Int(dot.y)),
                    width: dot.width, height: dot.height)
            }
            XFillRectangles(connection.display, target, pen, &dots, Int32(dots.count))
        }
    }

    // MARK: - Glyphs

    private var ascent: Int { Int(font?.pointee.ascent ?? 0) }
    private var descent: Int { Int(font?.pointee.descent ?? 0) }
    private var advance: Int { Int(font?.pointee.max_bounds.width ?? 0) * size }

    /// The font knows Latin-1.
    private func bytes(_ words: String) -> [UInt8] { words.unicodeScalars.map { UInt8(exactly: $0.value) ?? 63 } }

    private func glyph(_ byte: UInt8) -> [XRectangle] {
        if let known = glyphs[byte] { return known }
        let dots = rasterized(byte)
        glyphs[byte] = dots
        return dots
    }

    /// Has the server draw a letter and looks where the dots are.
    private func rasterized(_ byte: UInt8) -> [XRectangle] {
        guard let font else { return [] }
        let display = connection.display
        let width = UInt32(max(1, font.pointee.max_bounds.width))
        let height = UInt32(max(1, ascent + descent))
        let letter = XCreatePixmap(display, connection.root, width, height, 1)
        let pen = XCreateGC(display, letter, 0, nil)
        defer {
            XFreeGC(display, pen)
            XFreePixmap(display, letter)
        }
        XSetForeground(display, pen, 0)
        XFillRectangle(display, letter, pen, 0, 0, width, height)
        XSetForeground(display, pen, 1)
        XSetFont(display, pen, font.pointee.fid)
        var text = CChar(bitPattern: byte)
        XDrawString(display, letter, pen, 0, Int32(ascent), &text, 1)
        guard
            let image = connection.tolerated({ XGetImage(display, letter, 0, 0, width, height, 1, ZPixmap) })
        else { return [] }
        defer { cx11_destroy_image(image) }
        var dots: [XRectangle] = []
        for y in 0..<Int32(height) {
            for x in 0..<Int32(width) where cx11_pixel(image, x, y) != 0 {
                dots.append(
                    XRectangle(
                        x: Int16(Int(x) * size), y: Int16(Int(y) * size), width: UInt16(size), height: UInt16(size)))
            }
        }
        return dots
    }
}
