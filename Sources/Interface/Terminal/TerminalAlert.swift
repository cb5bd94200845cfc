/// A way to call somebody who looks elsewhere.
public enum TerminalAlert: Hashable, Sendable {
    /// The bell, which terminals ring, flash or mark a window with.
    case bell
    /// A notification as iTerm2, kitty, WezTerm and Windows Terminal know it (OSC 9).
    case notification(String)
    /// A notification with a title as urxvt, foot and Ghostty know it (OSC 777).
    case titledNotification(title: String, String)
}
