public import Cells

/// What the mouse did over the terminal.
public struct MouseEvent: Hashable, Sendable {
    /// What happened.
    public enum Action: Hashable, Sendable {
        /// A button went down or up.
        case press, release
        /// The mouse moved with a button down.
        case drag
    }

    /// Which button.
    public enum Button: Hashable, Sendable {
        /// The three that terminals report.
        case left, middle, right
    }

    /// What happened.
    public var action: Action
    /// The button; left when an old terminal does not say which one was released.
    public var button: Button
    /// The cell under the pointer.
    public var point: Point
    /// Keys held down.
    public var modifiers: Key.Modifiers

    /// Makes an event.
    public init(_ action: Action, _ button: Button = .left, at point: Point, modifiers: Key.Modifiers = []) {
        self.action = action
        self.button = button
        self.point = point
        self.modifiers = modifiers
    }
}
