import CX11
import Desktop

extension X11ScreenSource {
    /// Finds the window in which a program runs, as a terminal's.
    ///
    /// - Parameters:
    ///   - id: What the terminal says of itself (WINDOWID); it may be a window within the one that is meant.
    ///   - processes: The program, the one that started it, and so on: the first that owns a window counts.
    /// - Returns: the window's id; nil when there is none.
    /// - Throws: `CaptureFailure` when there is no desktop.
    public func window(saidToBe id: UInt64?, orOf processes: [Int32]) throws -> UInt64? {
        try use { still in
            do {
                return try still.connection.client(saidToBe: id.map { XID($0) }, orOf: processes).map { UInt64($0) }
            } catch let fault as X11Fault {
                throw fault.failure("the desktop")
            }
        }
    }

    /// Brings a window to the front, shown and with the focus, on whichever workspace it is.
    ///
    /// - Throws: `CaptureFailure` when there is no desktop.
    public func raise(_ window: UInt64) throws {
        try use { still in
            do {
                try still.connection.raise(XID(window))
            } catch let fault as X11Fault {
                throw fault.failure("the window")
            }
        }
    }
}

extension X11Connection {
    fileprivate func client(saidToBe id: XID?, orOf processes: [Int32]) throws(X11Fault) -> XID? {
        let managed = numbers("_NET_CLIENT_LIST_STACKING", of: root)
        let clients = managed.isEmpty ? try children(of: root) : managed.map { XID($0) }
        if let id {
            let known = Set(clients)
            var window = id
            while window != 0, window != root {
                if known.contains(window) { return window }
                window = (try? parent(of: window)) ?? 0
            }
        }
        // The one on top, where a program has several.
        var owners: [Int32: XID] = [:]
        for client in clients {
            if let process = numbers("_NET_WM_PID", of: client).first {
                owners[Int32(truncatingIfNeeded: process)] = client
            }
        }
        try throwIfLost()
        return processes.lazy.compactMap { owners[$0] }.first
    }

    fileprivate func raise(_ window: XID) throws(X11Fault) {
        let isManaged = !numbers("_NET_SUPPORTING_WM_CHECK", of: root).isEmpty
        guard isManaged else {
            _ = try checked {
                XMapRaised(display, window)
                XSetInputFocus(display, window, Int32(RevertToParent), Time(CurrentTime))
            }
            return
        }
        var event = XEvent()
        event.xclient.type = ClientMessage
        event.xclient.window = window
        event.xclient.message_type = atom("_NET_ACTIVE_WINDOW")
        event.xclient.format = 32
        // As a pager: a person wants it, whatever has the focus.
        event.xclient.data.l.0 = 2
        _ = try checked {
            XSendEvent(display, root, 0, Int(SubstructureRedirectMask | SubstructureNotifyMask), &event)
        }
    }
}
