import CX11
import Desktop

/// A connection to an X server.
///
/// A display belongs to one thread at a time and so does this: `X11ScreenSource` keeps one on its own queue, and every
/// running recording has one on its own thread, which it closes at the end: that frees all it had on the server.
final class X11Connection {
    /// Xlib's handle.
    let display: OpaquePointer
    /// The root window.
    let root: XID
    /// The number of the screen that the root belongs to.
    let screen: Int32
    /// Whether pictures can come through shared memory (they still cannot when the server is on another machine).
    let hasSharedMemory: Bool
    /// Whether windows can be captured though others cover them.
    let hasComposite: Bool
    /// Whether the pointer's picture can be read.
    let hasFixes: Bool
    /// Whether monitors have names.
    let hasMonitors: Bool
    /// The number of the first XDamage event; nil when the server cannot say what changed.
    let damageEvents: Int32?
    /// The number of the first XFixes event.
    let fixesEvents: Int32
    private var atoms: [String: Atom] = [:]

    /// Connects.
    ///
    /// - Parameter place: where to connect to and what the environment says about the desktop.
    init(_ place: X11Place) throws(CaptureFailure) {
        if let refusal = place.refusal { throw refusal }
        X11Complaints.install()
        guard let display = XOpenDisplay(place.displayName) else { throw place.unreachable }
        X11Complaints.forget(display)
        X11Complaints.survive(display)
        self.display = display
        screen = XDefaultScreen(display)
        root = XRootWindow(display, screen)

        var major: Int32 = 0
        var minor: Int32 = 0
        var first: Int32 = 0
        var ignored: Int32 = 0
        hasSharedMemory = XShmQueryExtension(display) != 0
        hasFixes =
            XFixesQueryExtension(display, &first, &ignored) != 0 && XFixesQueryVersion(display, &major, &minor) != 0
        fixesEvents = first
        // NameWindowPixmap came with 0.2.
        hasComposite =
            XCompositeQueryExtension(display, &first, &ignored) != 0
            && XCompositeQueryVersion(display, &major, &minor) != 0 && (major, minor) >= (0, 2)
        hasMonitors =
            XRRQueryExtension(display, &first, &ignored) != 0 && XRRQueryVersion(display, &major, &minor) != 0
            && (major, minor) >= (1, 5)
        // Damage is read as regions of XFixes 2.
        let hasDamage =
            hasFixes && XDamageQueryExtension(display, &first, &ignored) != 0
            && XDamageQueryVersion(display, &major, &minor) != 0
        damageEvents = hasDamage ? first : nil

        if let refusal = place.xwaylandRefusal, isXwayland { throw refusal }
    }

    /// Whether the server is a guest of a Wayland compositor, whose screen it does not see.
    private var isXwayland: Bool {
        var (major, event, error): (Int32, Int32, Int32) = (0, 0, 0)
        if XQueryExtension(display, "XWAYLAND", &major, &event, &error) != 0 { return true }
        // Before 23.1 it had no such extension, but its outputs are named after it.
        return (try? monitors())?.contains { $0.name.hasPrefix("XWAYLAND") } ?? false
    }

    deinit {
        _ = BrokenPipe.tolerated { XCloseDisplay(display) }
        X11Complaints.forget(display)
    }

    /// The descriptor that becomes readable when the server has something to say.
    var descriptor: Int32 { XConnectionNumber(display) }

    /// Whether the server is gone.
    var isLost: Bool {
        if X11Complaints.take(display) == .disconnected { return true }
        return false
    }

    /// Does requests and waits until the server has seen them.
    ///
    /// - Throws: what the server had against them.
    func checked<Result>(_ body: () -> Result) throws(X11Fault) -> Result {
        try throwIfLost()
        let result = body()
        XSync(display, 0)
        if let fault = X11Complaints.take(display) { throw fault }
        return result
    }

    /// Does a request that says itself whether it worked, as those with a reply do.
    func answered<Result>(_ body: () -> Result?) throws(X11Fault) -> Result {
        try throwIfLost()
        let result = body()
        let fault = X11Complaints.take(display)
        guard let result, fault == nil else { throw fault ?? .refused(code: UInt8(BadMatch)) }
        return result
    }

    /// Gives back what belongs to the server, unless that is gone.
    func release(_ body: () -> Void) {
        guard !isLost else { return }
        BrokenPipe.tolerated {
            body()
            XSync(display, 0)
        }
        _ = X11Complaints.take(display)
    }

    /// Does a request whose failure means nothing; the complaint is dropped.
    func tolerated<Result>(_ body: () -> Result) -> Result {
        let result = body()
        _ = X11Complaints.take(display)
        return result
    }

    /// Forgets older complaints, about requests that nobody waited for.
    func throwIfLost() throws(X11Fault) {
        if X11Complaints.take(display) == .disconnected { throw .disconnected }
    }

    /// The server's number for a name.
    func atom(_ name: String) -> Atom {
        if let atom = atoms[name] { return atom }
        let atom = XInternAtom(display, name, 0)
        atoms[name] = atom
        return atom
    }

    /// Where the root is: at 0, 0, and as large as the desktop is now.
    func rootRegion() throws(X11Fault) -> Region {
        let geometry = try geometry(of: root)
        return Region(x: 0, y: 0, width: geometry.width, height: geometry.height)
    }

    /// A drawable's place in its parent and its size, without the border.
    func geometry(of drawable: XID) throws(X11Fault) -> Region {
        try answered {
            var root: XID = 0
            var (x, y): (Int32, Int32) = (0, 0)
            var (width, height, border, depth): (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
            guard XGetGeometry(display, drawable, &root, &x, &y, &width, &height, &border, &depth) != 0 else {
                return nil
            }
            return Region(x: Int(x), y: Int(y), width: Int(width), height: Int(height))
        }
    }

    /// Where the pointer is on the root, and the child of the root below it; nil when it is on another screen.
    func pointer() throws(X11Fault) -> (x: Int, y: Int, child: XID)? {
        var (root, child): (XID, XID) = (0, 0)
        var (x, y, windowX, windowY): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
        var buttons: UInt32 = 0
        let isHere = XQueryPointer(display, self.root, &root, &child, &x, &y, &windowX, &windowY, &buttons) != 0
        try throwIfLost()
        return isHere ? (Int(x), Int(y), child) : nil
    }

    /// The pointer's picture; nil when it is hidden, or when the one who made it has gone.
    func cursorShape() throws(X11Fault) -> CursorShape? {
        guard hasFixes else { return nil }
        let image = tolerated { XFixesGetCursorImage(display) }
        try throwIfLost()
        guard let image else { return nil }
        defer { XFree(image) }
        let count = Int(image.pointee.width) * Int(image.pointee.height)
        guard count > 0, let pixels = image.pointee.pixels else { return nil }
        return CursorShape(
            serial: image.pointee.cursor_serial, hotX: Int(image.pointee.xhot), hotY: Int(image.pointee.yhot),
            width: Int(image.pointee.width), height: Int(image.pointee.height),
            // One `unsigned long` a pixel: its upper half means nothing.
            pixels: (0..<count).map { UInt32(truncatingIfNeeded: pixels[$0]) })
    }
}
