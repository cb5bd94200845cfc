import CX11
import Desktop
import Glibc

/// Tells which parts of a drawable are painted.
///
/// Where the server has no DAMAGE extension it reports nothing, and `isBlind` says so.
final class DamageWatch {
    private let connection: X11Connection
    private let damage: Damage
    private let parts: XserverRegion

    /// Whether the server cannot tell.
    var isBlind: Bool { damage == 0 }

    /// Watches a window and all that is in it.
    init(_ connection: X11Connection, on window: XID) throws(X11Fault) {
        self.connection = connection
        guard connection.damageEvents != nil else {
            damage = 0
            parts = 0
            return
        }
        // One event from the first painting until `take`: a busy screen does not flood the connection.
        (damage, parts) = try connection.checked {
            (
                XDamageCreate(connection.display, window, Int32(XDamageReportNonEmpty)),
                XFixesCreateRegion(connection.display, nil, 0)
            )
        }
    }

    deinit {
        guard damage != 0 else { return }
        connection.release {
            XDamageDestroy(connection.display, damage)
            XFixesDestroyRegion(connection.display, parts)
        }
    }

    /// Whether an event is this watch's.
    func owns(_ event: XEvent) -> Bool {
        guard let first = connection.damageEvents, event.type == first + Int32(XDamageNotify) else { return false }
        return withUnsafePointer(to: event) { pointer in
            pointer.withMemoryRebound(to: XDamageNotifyEvent.self, capacity: 1) { $0.pointee.damage == damage }
        }
    }

    /// What was painted since the last call, in the window's pixels.
    ///
    /// Call it before reading: what is painted while reading is then reported again.
    func take() throws(X11Fault) -> ChangeList {
        guard damage != 0 else { return ChangeList() }
        return try connection.answered {
            XDamageSubtract(connection.display, damage, 0, parts)
            var count: Int32 = 0
            guard let list = XFixesFetchRegion(connection.display, parts, &count) else { return nil }
            defer { XFree(list) }
            return ChangeList(
                UnsafeBufferPointer(start: list, count: Int(count)).lazy.map {
                    Region(x: Int($0.x), y: Int($0.y), width: Int($0.width), height: Int($0.height))
                })
        }
    }

    /// Drops all events and all damage; whether there was some.
    func drain() throws(X11Fault) -> Bool {
        var isPainted = false
        while XPending(connection.display) > 0 {
            var event = XEvent()
            XNextEvent(connection.display, &event)
            if owns(event) { isPainted = true }
        }
        try connection.throwIfLost()
        if isPainted { _ = try take() }
        return isPainted
    }
}

extension X11Connection {
    /// Sleeps until the server says something, `wake` becomes readable, or the time is up.
    ///
    /// - Parameters:
    ///   - nanoseconds: nil to wait for ever.
    ///   - minding: whether what the server says ends the wait.
    func wait(nanoseconds: UInt64?, wake: Int32 = -1, minding server: Bool = true) {
        // Sends what waits to be sent, too; events that came along with a reply do not make the descriptor readable.
        if XPending(display) > 0, server { return }
        var descriptors = [
            pollfd(fd: wake, events: Int16(POLLIN), revents: 0),
            pollfd(fd: server ? descriptor : -1, events: Int16(POLLIN), revents: 0),
        ]
        let milliseconds = nanoseconds.map { Int32(clamping: ($0 + 999_999) / 1_000_000) }
        poll(&descriptors, 2, milliseconds ?? -1)
    }
}
