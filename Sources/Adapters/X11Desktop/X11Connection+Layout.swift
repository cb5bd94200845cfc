import CX11
import Desktop

extension X11Connection {
    /// Lists monitors and windows.
    func layout() throws(X11Fault) -> DesktopLayout {
        DesktopLayout(session: "x11", displays: try monitors(), windows: try windows())
    }

    // MARK: - Monitors

    /// The monitors, from left to right, then from top to bottom; a server that knows none has one, "screen".
    func monitors() throws(X11Fault) -> [Desktop.Display] {
        let root = try rootRegion()
        let scale = scale()
        var found: [Desktop.Display] = []
        var count: Int32 = 0
        if hasMonitors, let list = tolerated({ XRRGetMonitors(display, self.root, 1, &count) }) {
            defer { XRRFreeMonitors(list) }
            for monitor in UnsafeBufferPointer(start: list, count: Int(count)) {
                let region = Region(
                    x: Int(monitor.x), y: Int(monitor.y), width: Int(monitor.width), height: Int(monitor.height))
                found.append(
                    Desktop.Display(
                        name: name(of: monitor.name), region: region, scale: scale, isPrimary: monitor.primary != 0))
            }
        }
        try throwIfLost()
        if found.isEmpty { found = [Desktop.Display(name: "screen", region: root, scale: scale, isPrimary: true)] }
        return found.sorted { ($0.region.x, $0.region.y) < ($1.region.x, $1.region.y) }
    }

    private func name(of atom: Atom) -> String {
        guard let name = tolerated({ XGetAtomName(display, atom) }) else { return "monitor" }
        defer { XFree(name) }
        return String(cString: name).withoutControls
    }

    /// What toolkits multiply by: Xft.dpi over 96, which desktops set for large densities.
    private func scale() -> Double {
        let resources = text("RESOURCE_MANAGER", of: root) ?? ""
        for line in resources.split(separator: "\n") where line.hasPrefix("Xft.dpi:") {
            let value = line.dropFirst("Xft.dpi:".count).filter { !$0.isWhitespace }
            if let dpi = Double(value), dpi.isFinite, dpi > 0 { return dpi / 96 }
        }
        return 1
    }

    // MARK: - Windows

    /// The windows that a person would call so, topmost first.
    func windows() throws(X11Fault) -> [Desktop.Window] {
        let managed = numbers("_NET_CLIENT_LIST_STACKING", of: root)
        let clients = managed.isEmpty ? try children(of: root) : managed
        let active = try activeClient(among: clients)
        let windows = clients.reversed().compactMap { client in
            window(client, isActive: client == active, isManaged: !managed.isEmpty)
        }
        try throwIfLost()
        return windows
    }

    /// What there is to know of one window; nil when it has gone, or is no window that a person would name.
    func window(_ client: XID, isActive: Bool, isManaged: Bool) -> Desktop.Window? {
        var attributes = XWindowAttributes()
        guard tolerated({ XGetWindowAttributes(display, client, &attributes) }) != 0,
            attributes.class == InputOutput
        else { return nil }
        let isMinimised = isMinimised(client)
        let className = strings("WM_CLASS", of: client)
        let title = title(of: client)
        if isManaged {
            let kinds = Set(numbers("_NET_WM_WINDOW_TYPE", of: client))
            let ignored = ["DESKTOP", "DOCK", "MENU", "TOOLTIP", "NOTIFICATION", "SPLASH"]
            if ignored.contains(where: { kinds.contains(atom("_NET_WM_WINDOW_TYPE_\($0)")) }) { return nil }
        } else if attributes.override_redirect != 0 || attributes.map_state != IsViewable
            || (className.isEmpty && title.isEmpty)
        {
            return nil
        }
        guard let region = try? contents(of: client) else { return nil }
        return Desktop.Window(
            id: UInt64(client), title: title,
            application: (className.dropFirst().first ?? className.first ?? "").withoutControls, region: region,
            frame: frame(of: client, around: region), isActive: isActive, isMinimised: isMinimised)
    }

    /// The contents with what the window manager says that it draws around them.
    private func frame(of client: XID, around region: Region) -> Region {
        let extents = numbers("_NET_FRAME_EXTENTS", of: client).map { min(Int($0), 500) }
        guard extents.count == 4 else { return region }
        return Region(
            x: region.x - extents[0], y: region.y - extents[2], width: region.width + extents[0] + extents[1],
            height: region.height + extents[2] + extents[3])
    }

    /// The window that has the focus; 0 when none has.
    func activeClient() throws(X11Fault) -> XID {
        let managed = numbers("_NET_CLIENT_LIST_STACKING", of: root)
        return try activeClient(among: managed.isEmpty ? try children(of: root) : managed)
    }

    private func activeClient(among clients: [XID]) throws(X11Fault) -> XID {
        if let active = numbers("_NET_ACTIVE_WINDOW", of: root).first, active != 0 { return active }
        var focus: XID = 0
        var revert: Int32 = 0
        XGetInputFocus(display, &focus, &revert)
        try throwIfLost()
        // Without a window manager the focus usually follows the pointer.
        if focus == XID(PointerRoot) { focus = try pointer()?.child ?? 0 }
        let known = Set(clients)
        while focus != 0, focus != root, !known.contains(focus) {
            focus = (try? parent(of: focus)) ?? 0
        }
        return known.contains(focus) ? focus : 0
    }

    private func isMinimised(_ client: XID) -> Bool {
        numbers("WM_STATE", of: client).first == UInt(IconicState)
            || numbers("_NET_WM_STATE", of: client).contains(atom("_NET_WM_STATE_HIDDEN"))
    }

    /// The title as the application gave it, without control characters; empty when it gave none.
    func title(of client: XID) -> String {
        (text("_NET_WM_NAME", of: client) ?? text("WM_NAME", of: client) ?? "").withoutControls
    }

    /// Where a window's contents are on the root, without the frame and without shadows that it draws itself.
    func contents(of client: XID) throws(X11Fault) -> Region {
        let size = try geometry(of: client)
        let (x, y) = try place(of: client, on: root)
        var region = Region(x: x, y: y, width: size.width, height: size.height)
        let shadow = numbers("_GTK_FRAME_EXTENTS", of: client).map { Int($0) }
        if shadow.count == 4, shadow[0] + shadow[1] < region.width, shadow[2] + shadow[3] < region.height {
            region = Region(
                x: region.x + shadow[0], y: region.y + shadow[2], width: region.width - shadow[0] - shadow[1],
                height: region.height - shadow[2] - shadow[3])
        }
        return region
    }

    // MARK: - The tree of windows

    /// Where a window's inner top left corner is, seen from another window.
    func place(of window: XID, on other: XID) throws(X11Fault) -> (x: Int, y: Int) {
        try answered {
            var (x, y): (Int32, Int32) = (0, 0)
            var child: XID = 0
            return XTranslateCoordinates(display, window, other, 0, 0, &x, &y, &child) != 0 ? (Int(x), Int(y)) : nil
        }
    }

    /// The window that a window is in; 0 for the root.
    func parent(of window: XID) throws(X11Fault) -> XID { try tree(window).parent }

    /// The windows in a window, from the bottom to the top.
    func children(of window: XID) throws(X11Fault) -> [XID] { try tree(window).children }

    /// The ancestor that the root holds: the frame, or the window itself.
    func topLevel(of window: XID) throws(X11Fault) -> XID {
        var window = window
        while true {
            let parent = try parent(of: window)
            if parent == root || parent == 0 { return window }
            window = parent
        }
    }

    private func tree(_ window: XID) throws(X11Fault) -> (parent: XID, children: [XID]) {
        try answered {
            var (root, parent): (XID, XID) = (0, 0)
            var list: UnsafeMutablePointer<XID>?
            var count: UInt32 = 0
            guard XQueryTree(display, window, &root, &parent, &list, &count) != 0 else { return nil }
            defer { if let list { XFree(list) } }
            return (parent, list.map { Array(UnsafeBufferPointer(start: $0, count: Int(count))) } ?? [])
        }
    }
}
