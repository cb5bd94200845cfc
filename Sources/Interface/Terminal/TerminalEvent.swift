public import Cells

/// What a terminal, or somebody who signals the process, tells the application.
public enum TerminalEvent: Hashable, Sendable {
    /// A turn of the wheel.
    public enum Wheel: Hashable, Sendable {
        /// Towards the beginning, towards the end.
        case up, down
    }

    /// A signal that the application must act on.
    public enum Signal: Hashable, Sendable {
        /// SIGTERM: save and end. A second one ends the process at once.
        case terminate
        /// SIGINT from outside; Ctrl+C arrives as a key.
        case interrupt
        /// SIGTSTP from outside: call `TerminalDevice.stopProcess`. Ctrl+Z arrives as a key.
        case stop
        /// SIGCONT: the terminal may have been used by others; call `TerminalDevice.resume`.
        case resume
    }

    /// A key was pressed.
    case key(Key)
    /// Text was pasted: whole, without control characters, lines ended by line feeds; may be empty.
    case paste(String)
    /// So many bytes were pasted that nothing of them was kept.
    case longPaste(byteCount: Int)
    /// The wheel was turned.
    case wheel(Wheel, at: Point)
    /// A mouse button did something.
    case mouse(MouseEvent)
    /// The terminal has another size.
    case resized(Size)
    /// The terminal has said what it can do with pictures: `TerminalDevice.pictures` is another.
    case pictures
    /// The terminal's window got or lost the keyboard.
    case focus(Bool)
    /// The terminal told the colour behind its words, because it was asked.
    case background(RGB)
    /// The terminal's colours have changed, and are made for dark or for light now.
    case ground(isDark: Bool)
    /// A signal arrived.
    case signal(Signal)
    /// The terminal is gone; nothing can be shown any more.
    case closed
}
