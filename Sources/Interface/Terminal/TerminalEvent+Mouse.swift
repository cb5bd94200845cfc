import Cells

extension TerminalEvent {
    /// The event of a mouse report; `nil` for buttons and movements that nothing here uses.
    init?(mouse code: Int, column: Int, row: Int, isRelease: Bool) {
        guard column >= 1, row >= 1 else { return nil }
        let point = Point(column: column - 1, row: row - 1)
        var modifiers: Key.Modifiers = []
        if code & 4 != 0 { modifiers.insert(.shift) }
        if code & 8 != 0 { modifiers.insert(.alt) }
        if code & 16 != 0 { modifiers.insert(.control) }
        switch code & ~0b1_1100 {
        case 64 where !isRelease: self = .wheel(.up, at: point)
        case 65 where !isRelease: self = .wheel(.down, at: point)
        case 0...2:
            self = .mouse(
                MouseEvent(isRelease ? .release : .press, Self.buttons[code & 3], at: point, modifiers: modifiers))
        case 32...34:
            self = .mouse(
                MouseEvent(isRelease ? .release : .drag, Self.buttons[code & 3], at: point, modifiers: modifiers))
        default: return nil
        }
    }

    private static let buttons: [MouseEvent.Button] = [.left, .middle, .right]
}
