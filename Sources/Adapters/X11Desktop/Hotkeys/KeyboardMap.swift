import CX11
import Desktop

/// Which keys and modifiers the keyboard has at the moment.
struct KeyboardMap {
    private let connection: X11Connection
    private var masks: [KeySym: UInt32] = [:]

    /// Asks the server which modifier does what.
    init(_ connection: X11Connection) {
        self.connection = connection
        guard let map = XGetModifierMapping(connection.display) else { return }
        defer { XFreeModifiermap(map) }
        let width = Int(map.pointee.max_keypermod)
        for index in 0..<8 * width {
            guard let keycode = map.pointee.modifiermap?[index], keycode != 0 else { continue }
            for level in 0..<2 {
                let symbol = XkbKeycodeToKeysym(connection.display, keycode, 0, Int32(level))
                if symbol != 0 { masks[symbol, default: 0] |= UInt32(1) << UInt32(index / width) }
            }
        }
    }

    /// What to ask the server for; nil when no key gives the chord's symbol.
    func grab(of hotkey: Hotkey) -> KeyGrab? {
        guard let (keycode, isShifted) = key(hotkey.chord.key) else { return nil }
        let wanted = hotkey.chord.modifiers
        var modifiers: UInt32 = 0
        if wanted.contains(.shift) || isShifted { modifiers |= UInt32(ShiftMask) }
        if wanted.contains(.control) { modifiers |= UInt32(ControlMask) }
        if wanted.contains(.alt) { modifiers |= mask(XK_Alt_L, XK_Alt_R, else: Mod1Mask) }
        if wanted.contains(.super) { modifiers |= mask(XK_Super_L, XK_Super_R, else: Mod4Mask) }
        let locks = UInt32(LockMask) | mask(XK_Num_Lock, else: 0) | mask(XK_Scroll_Lock, else: 0)
        return KeyGrab(hotkey: hotkey, keycode: keycode, modifiers: modifiers, locks: locks & ~modifiers)
    }

    private func mask(_ symbols: Int32..., else usual: Int32) -> UInt32 {
        let found = symbols.reduce(UInt32(0)) { $0 | (masks[KeySym($1)] ?? 0) }
        // Alt and Super can share a modifier with others; one of them is enough.
        return found == 0 ? UInt32(usual) : found & ~(found - 1)
    }

    /// The key that gives a symbol, and whether Shift must be down for it.
    private func key(_ name: String) -> (keycode: UInt32, isShifted: Bool)? {
        let symbol = symbol(name)
        guard symbol != 0 else { return nil }
        let keycode = XKeysymToKeycode(connection.display, symbol)
        guard keycode != 0 else { return nil }
        let display = connection.display
        let isPlain = (0..<4).contains { XkbKeycodeToKeysym(display, keycode, $0, 0) == symbol }
        let isShifted = !isPlain && (0..<4).contains { XkbKeycodeToKeysym(display, keycode, $0, 1) == symbol }
        return (UInt32(keycode), isShifted)
    }

    private func symbol(_ name: String) -> KeySym {
        let names = ["PageUp": "Prior", "PageDown": "Next", "Space": "space", "Plus": "plus"]
        guard name.count == 1, let scalar = name.lowercased().unicodeScalars.first else {
            return XStringToKeysym(names[name] ?? name)
        }
        // Latin-1 has the numbers of Unicode; what came later carries a mark.
        return KeySym(scalar.value < 0x100 ? scalar.value : scalar.value | 0x100_0000)
    }
}
