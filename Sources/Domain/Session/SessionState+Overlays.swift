import Conversation

extension SessionState {
    /// Handles a command while something is open on top of the transcript; nil when nothing is, or when the command means
    /// the same there as elsewhere.
    mutating func performInOverlay(_ command: Command) -> [SessionEffect]? {
        guard let overlay else { return nil }
        if case .themes(let menu) = overlay, ![.redraw, .suspend, .quit].contains(command) {
            return perform(command, in: menu)
        }
        if case .picture(let viewing) = overlay, let marking = viewing.marking,
            ![.redraw, .suspend, .quit].contains(command)
        {
            return perform(command, marking: marking, at: viewing)
        }
        if [.cancel, .interrupt, .help].contains(command) {
            self.overlay = nil
            return []
        }
        if [.redraw, .suspend, .quit].contains(command) { return nil }
        switch overlay {
        case .help(let top):
            self.overlay = .help(top: max(0, top + command.overlayStep))
        case .chats(let menu):
            return perform(command, in: menu)
        case .engines(let menu):
            return perform(command, in: menu)
        case .themes:
            break
        case .picture(let viewing):
            return perform(command, at: viewing)
        case .frames(let sheet):
            return perform(command, in: sheet)
        case .palette(let menu):
            return perform(command, in: menu)
        }
        return []
    }
}

extension Command {
    /// Lines that a command moves in a list or in the help.
    var overlayStep: Int {
        switch self {
        case .moveUp: -1
        case .moveDown: 1
        case .scrollUp, .selectUp: -3
        case .scrollDown, .selectDown: 3
        case .pageUp: -10
        case .pageDown: 10
        default: 0
        }
    }
}
