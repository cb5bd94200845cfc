import CX11
import Desktop

/// Holds keys on the root window and waits for them.
final class HotkeyWatch {
    private let connection: X11Connection
    private let hotkeys: [Hotkey]
    private var grabs: [KeyGrab] = []
    /// Where the keyboard had each hotkey when they were grabbed; nil where it has none.
    private var places: [KeyGrab?] = []
    /// The keys that are down: a key that repeats is pressed once.
    private var down: Set<UInt32> = []

    init(_ connection: X11Connection, _ hotkeys: [Hotkey]) {
        self.connection = connection
        self.hotkeys = hotkeys
    }

    /// Runs until the signal comes.
    ///
    /// - Throws: `X11Fault` when the server is gone.
    func run(until wake: WakeSignal, _ report: (HotkeyEvent) -> Void) throws {
        var isDetectable: Int32 = 0
        // Else a key that stays down goes up and down all the time.
        XkbSetDetectableAutoRepeat(connection.display, 1, &isDetectable)
        report(.held(try grabAll()))
        while !wake.isSent {
            var mustGrab = false
            while XPending(connection.display) > 0 {
                var event = XEvent()
                XNextEvent(connection.display, &event)
                switch event.type {
                case KeyPress: press(event.xkey, report)
                case KeyRelease: down.remove(event.xkey.keycode)
                case MappingNotify:
                    XRefreshKeyboardMapping(&event.xmapping)
                    mustGrab = mustGrab || event.xmapping.request != MappingPointer
                default: break
                }
            }
            if connection.isLost { throw X11Fault.disconnected }
            // Between letting go and grabbing again a key is missed, so that is for keyboards that changed. The server tells
            // the same map anew whenever somebody types on another keyboard than before.
            if mustGrab, keyPlaces() != places {
                report(.held(try grabAll()))
                continue
            }
            connection.wait(nanoseconds: nil, wake: wake.descriptor)
        }
        connection.release { XUngrabKey(connection.display, Int32(AnyKey), UInt32(AnyModifier), connection.root) }
    }

    private func press(_ event: XKeyEvent, _ report: (HotkeyEvent) -> Void) {
        let time = MonotonicClock.now()
        guard down.insert(event.keycode).inserted,
            let grab = grabs.first(where: { $0.matches(event.keycode, event.state) })
        else { return }
        report(.pressed(grab.hotkey, at: time))
    }

    // MARK: - Holding

    private func grabAll() throws(X11Fault) -> [HeldHotkey] {
        let display = connection.display
        _ = try connection.checked { XUngrabKey(display, Int32(AnyKey), UInt32(AnyModifier), connection.root) }
        grabs = []
        places = keyPlaces()
        var held: [HeldHotkey] = []
        for (hotkey, place) in zip(hotkeys, places) {
            held.append(HeldHotkey(hotkey: hotkey, problem: try problem(of: hotkey, at: place)))
        }
        return held
    }

    private func keyPlaces() -> [KeyGrab?] {
        let keyboard = KeyboardMap(connection)
        return hotkeys.map(keyboard.grab)
    }

    /// Takes a key; a sentence when that is impossible.
    private func problem(of hotkey: Hotkey, at place: KeyGrab?) throws(X11Fault) -> String? {
        if let other = grabs.first(where: { $0.hotkey.chord == hotkey.chord }) {
            return "\(hotkey.chord) is set for “\(other.hotkey.name)” already."
        }
        guard let grab = place else {
            return "No key of this keyboard gives \(hotkey.chord)."
        }
        do throws(X11Fault) {
            try connection.checked {
                for locks in grab.lockVariants {
                    XGrabKey(
                        connection.display, Int32(grab.keycode), grab.modifiers | locks, connection.root, 0,
                        GrabModeAsync, GrabModeAsync)
                }
            }
        } catch {
            guard case .refused(let code) = error else { throw error }
            release(grab)
            guard code == UInt8(BadAccess) else { return "The X server does not give \(hotkey.chord) away." }
            return "\(hotkey.chord) is held by another program\(suspect)."
        }
        grabs.append(grab)
        return nil
    }

    private func release(_ grab: KeyGrab) {
        for locks in grab.lockVariants {
            XUngrabKey(connection.display, Int32(grab.keycode), grab.modifiers | locks, connection.root)
        }
        _ = connection.tolerated { XSync(connection.display, 0) }
    }

    /// X tells nobody who holds a key; mostly it is the window manager.
    private var suspect: String {
        guard let window = connection.numbers("_NET_SUPPORTING_WM_CHECK", of: connection.root).first, window != 0 else {
            return ""
        }
        let name = connection.title(of: XID(window))
        return name.isEmpty ? "" : ", most likely the window manager (\(name))"
    }
}

/// A key that is held, as the server sees it.
struct KeyGrab: Equatable {
    let hotkey: Hotkey
    /// The key's number.
    let keycode: UInt32
    /// The modifiers that must be down.
    let modifiers: UInt32
    /// The modifiers that make no difference: Caps Lock, Num Lock, Scroll Lock.
    let locks: UInt32

    /// Every state of the locks.
    var lockVariants: [UInt32] {
        var variants: [UInt32] = [0]
        for bit in (0..<8).map({ UInt32(1) << $0 }) where locks & bit != 0 { variants += variants.map { $0 | bit } }
        return variants
    }

    /// Whether an event is of this key.
    func matches(_ keycode: UInt32, _ state: UInt32) -> Bool {
        // The upper bits are buttons and the keyboard's group.
        keycode == self.keycode && state & 0xFF & ~locks == modifiers
    }
}
