import Cells
import Session

/// Where the cursor goes that moves over rows: only the layout knows them.
extension ScreenRenderer {
    mutating func writingEvent(for command: Command, in state: SessionState, size: Size) -> SessionEvent? {
        // The keys are the candidates' while there are some.
        if state.completion?.isShown == true, [.moveUp, .moveDown].contains(command) { return nil }
        let isElsewhere = state.reading != nil || state.find?.isTyping == true
        switch command {
        case .moveUp, .moveDown:
            guard !isElsewhere else { return nil }
            return moved(state, command == .moveUp ? -1 : 1, selecting: false, size)
        case .selectUp, .selectDown:
            let view = ComposerView(state.composer, size: size, theme: theme)
            let scroll = command == .selectUp ? Command.scrollUp : .scrollDown
            if isElsewhere || (view.height == 1 && state.composer.selection == nil) {
                return event(for: scroll, in: state, size: size)
            }
            let end = command == .selectUp ? 0 : state.composer.cursor + state.composer.after.utf8.count
            // From the last row on, what is left of it.
            return moved(state, command == .selectUp ? -1 : 1, selecting: true, size)
                ?? .cursorMoved(to: end, goal: nil, selecting: true)
        default: return nil
        }
    }

    private func moved(_ state: SessionState, _ rows: Int, selecting: Bool, _ size: Size) -> SessionEvent? {
        let view = ComposerView(state.composer, size: size, theme: theme)
        return view.place(movedBy: rows).map { .cursorMoved(to: $0.offset, goal: $0.goal, selecting: selecting) }
    }
}
