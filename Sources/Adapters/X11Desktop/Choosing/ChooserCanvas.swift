import CX11
import Desktop

/// What a person sees while choosing: the frozen screen, dimmed, with what is chosen at full light.
///
/// It is a window over everything that no window manager sees. Each painting is made in a pixmap first and shown at once.
final class ChooserCanvas {
    /// The pointer's shape.
    let crosshair: Cursor
    /// Whether everything has to be shown again.
    var isStale = true

    private let connection: X11Connection
    private let frozen: FrozenScreen
    private let monitors: [Region]
    private let window: XID
    private let dim: Pixmap
    private let canvas: Pixmap
    private let pen: GC
    private let text: ChooserText
    private let magnifier: Magnifier
    /// Pixels for a line: more on dense screens.
    private let unit: Int
    private var drawn: [Region] = []
    private var raises = 0

    private var display: OpaquePointer { connection.display }

    init(_ connection: X11Connection, _ frozen: FrozenScreen, monitors: [Desktop.Display]) throws(X11Fault) {
        self.connection = connection
        self.frozen = frozen
        self.monitors = monitors.map(\.region)
        unit = max(1, Int((monitors.map(\.scale).max() ?? 1).rounded()))
        let bounds = frozen.bounds
        let (display, root) = (connection.display, connection.root)
        let depth = UInt32(XDefaultDepth(display, connection.screen))
        var values = XGCValues()
        values.graphics_exposures = 0
        guard let pen = XCreateGC(display, root, UInt(GCGraphicsExposures), &values) else {
            throw .refused(code: UInt8(BadAlloc))
        }
        self.pen = pen
        dim = XCreatePixmap(display, root, UInt32(bounds.width), UInt32(bounds.height), depth)
        canvas = XCreatePixmap(display, root, UInt32(bounds.width), UInt32(bounds.height), depth)
        crosshair = XCreateFontCursor(display, UInt32(XC_crosshair))
        text = ChooserText(connection, size: unit + 1)
        magnifier = try Magnifier(frozen, connection, zoom: 8 * unit)
        magnifier.dim(into: dim, pen)
        XCopyArea(display, dim, canvas, pen, 0, 0, UInt32(bounds.width), UInt32(bounds.height), 0, 0)
        var attributes = XSetWindowAttributes()
        attributes.override_redirect = 1
        attributes.background_pixmap = dim
        attributes.cursor = crosshair
        attributes.event_mask = VisibilityChangeMask | ExposureMask
        window = XCreateWindow(
            display, root, 0, 0, UInt32(bounds.width), UInt32(bounds.height), 0, Int32(depth), UInt32(InputOutput),
            nil, UInt(CWOverrideRedirect | CWBackPixmap | CWCursor | CWEventMask), &attributes)
        XStoreName(display, window, "Scry: choose a region")
        try connection.checked {}
    }

    deinit {
        connection.release {
            XDestroyWindow(display, window)
            for pixmap in [dim, canvas] { XFreePixmap(display, pixmap) }
            XFreeCursor(display, crosshair)
            XFreeGC(display, pen)
        }
    }

    /// Shows the window over everything else.
    func map() { XMapRaised(display, window) }

    /// Puts the window on top again: notifications like to be there as well, but not for ever.
    func raise() {
        guard raises < 100 else { return }
        raises += 1
        XRaiseWindow(display, window)
    }

    // MARK: - Painting

    /// Draws what is chosen, its size, and what is below the pointer, enlarged.
    func paint(_ selection: RegionSelection) throws(X11Fault) {
        for area in drawn { copy(area, from: dim, to: canvas) }
        let before = drawn
        drawn = []
        if let region = selection.region {
            outline(region)
            label("\(region.width) × \(region.height)  +\(region.x) +\(region.y)", beside: region)
        } else {
            hint(at: selection.pointer)
        }
        enlarge(at: selection.pointer)
        if isStale {
            isStale = false
            copy(frozen.bounds, from: canvas, to: window)
        } else {
            for area in before + drawn { copy(area, from: canvas, to: window) }
        }
        XFlush(display)
        try connection.throwIfLost()
    }

    private func outline(_ region: Region) {
        let frame = region.expanded(by: 2 * unit)
        drawn.append(frame)
        fill(frame, 0x000000)
        fill(region.expanded(by: unit), 0xFFFFFF)
        copy(region, from: frozen.pixmap, to: canvas)
    }

    private func label(_ words: String, beside region: Region) {
        let size = text.size(of: words)
        let home = monitor(at: (region.x, region.y))
        let box = Region(x: 0, y: 0, width: size.width + 8 * unit, height: size.height + 6 * unit)
        // Above the region, else below it, else inside of it.
        var y = region.y - box.height - 4 * unit
        if y < home.y { y = region.y + region.height + 4 * unit }
        if y + box.height > home.y + home.height { y = region.y + 4 * unit }
        write(words, in: Region(x: region.x, y: y, width: box.width, height: box.height).moved(into: home))
    }

    private func hint(at pointer: (x: Int, y: Int)) {
        let words = "drag to choose   arrows move   Shift+arrows resize   Enter takes   Esc cancels"
        let home = monitor(at: pointer)
        let size = text.size(of: words)
        let box = Region(
            x: home.x + (home.width - size.width) / 2 - 4 * unit, y: home.y + 12 * unit, width: size.width + 8 * unit,
            height: size.height + 6 * unit)
        write(words, in: box.moved(into: home))
    }

    private func write(_ words: String, in box: Region) {
        guard text.isReadable else { return }
        drawn.append(box)
        fill(box, 0x101010)
        set(0xFFFFFF)
        text.draw(words, on: canvas, pen, x: box.x + 4 * unit, y: box.y + 3 * unit)
    }

    private func enlarge(at pointer: (x: Int, y: Int)) {
        let home = monitor(at: pointer)
        let edge = magnifier.edge
        let caption = "\(pointer.x), \(pointer.y)"
        let line = text.isReadable ? text.size(of: caption).height + 4 * unit : 0
        let gap = 24 * unit
        let isRight = pointer.x + gap + edge + 2 * unit <= home.x + home.width
        let isBelow = pointer.y + gap + edge + line + 2 * unit <= home.y + home.height
        let box = Region(
            x: isRight ? pointer.x + gap : pointer.x - gap - edge - 2 * unit,
            y: isBelow ? pointer.y + gap : pointer.y - gap - edge - line - 2 * unit, width: edge + 2 * unit,
            height: edge + line + 2 * unit
        ).moved(into: home)
        drawn.append(box)
        fill(box, 0x101010)
        magnifier.draw(
            around: pointer, on: canvas, pen, x: box.x + unit, y: box.y + unit, unit: unit, color: set(_:))
        guard line > 0 else { return }
        set(0xFFFFFF)
        text.draw(caption, on: canvas, pen, x: box.x + 4 * unit, y: box.y + edge + 3 * unit)
    }

    private func monitor(at point: (x: Int, y: Int)) -> Region {
        monitors.first { $0.contains(x: point.x, y: point.y) } ?? frozen.bounds
    }

    // MARK: - Server

    private func copy(_ area: Region, from source: XID, to target: XID) {
        let area = area.intersection(frozen.bounds)
        guard !area.isEmpty else { return }
        XCopyArea(
            display, source, target, pen, Int32(area.x), Int32(area.y), UInt32(area.width), UInt32(area.height),
            Int32(area.x), Int32(area.y))
    }

    private func fill(_ area: Region, _ color: UInt32) {
        set(color)
        XFillRectangle(
            display, canvas, pen, Int32(area.x), Int32(area.y), UInt32(area.width), UInt32(area.height))
    }

    private func set(_ color: UInt32) { XSetForeground(display, pen, magnifier.pixel(color)) }
}

extension Region {
    /// The region with a margin around it.
    fileprivate func expanded(by margin: Int) -> Region {
        Region(x: x - margin, y: y - margin, width: width + 2 * margin, height: height + 2 * margin)
    }

    /// The region, moved as far as it takes to lie within another one; its upper left corner always does.
    fileprivate func moved(into other: Region) -> Region {
        Region(
            x: max(other.x, min(x, other.x + other.width - width)),
            y: max(other.y, min(y, other.y + other.height - height)), width: width, height: height)
    }
}
