import CX11
import Desktop

/// Which pixels of which drawable show a target.
struct X11View {
    /// Where it is on the desktop.
    var region: Region
    /// The root, or a window's pixmap.
    var drawable: XID
    /// How the drawable's pixels are.
    var kind: DrawableKind
    /// What of the drawable: as large as `region`, and within the drawable.
    var area: Region
}

/// A window's own pixels, whatever covers it, for as long as this lives.
///
/// What is redirected is the ancestor that the root holds: its pixmap moves with the frame, and a compositor has
/// redirected it already.
final class WindowPixels {
    /// The window meant.
    let client: XID
    /// Its ancestor just below the root, which is what the server redirects and watches.
    let top: XID
    private let connection: X11Connection
    private var pixmap: Pixmap = 0
    /// How wide the border of `top` is, which the pixmap has around it.
    private(set) var border = 0

    /// Redirects the window and names its pixmap.
    init(_ connection: X11Connection, of client: XID) throws(X11Fault) {
        self.client = client
        self.connection = connection
        let top = try connection.topLevel(of: client)
        self.top = top
        try connection.checked { XCompositeRedirectWindow(connection.display, top, Int32(CompositeRedirectAutomatic)) }
        try rename()
    }

    deinit {
        connection.release {
            if pixmap != 0 { XFreePixmap(connection.display, pixmap) }
            XCompositeUnredirectWindow(connection.display, top, Int32(CompositeRedirectAutomatic))
        }
    }

    /// Asks for the pixmap again: a window gets another one when it is resized or shown again.
    func rename() throws(X11Fault) {
        let renamed = try connection.checked { XCompositeNameWindowPixmap(connection.display, top) }
        if pixmap != 0 { XFreePixmap(connection.display, pixmap) }
        pixmap = renamed
    }

    /// Where the window's contents are now, on the desktop and in the pixmap.
    func view() throws(X11Fault) -> X11View {
        guard let attributes = connection.attributes(of: top) else { throw .refused(code: UInt8(BadWindow)) }
        let contents = try connection.contents(of: client)
        let (x, y) = try connection.place(of: top, on: connection.root)
        border = Int(attributes.border_width)
        let bounds = try connection.geometry(of: pixmap)
        let wanted = Region(
            x: contents.x - x + border, y: contents.y - y + border, width: contents.width, height: contents.height)
        let area = wanted.intersection(Region(x: 0, y: 0, width: bounds.width, height: bounds.height))
        guard !area.isEmpty else { throw .refused(code: UInt8(BadMatch)) }
        return X11View(
            region: Region(
                x: contents.x + area.x - wanted.x, y: contents.y + area.y - wanted.y, width: area.width,
                height: area.height),
            drawable: pixmap,
            kind: DrawableKind(
                visual: attributes.visual, depth: attributes.depth, colormap: attributes.colormap,
                isTransparent: attributes.depth == 32 && connection.hasCompositor),
            area: area)
    }
}
