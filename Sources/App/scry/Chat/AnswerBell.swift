import Conversation
import Foundation
import Session
import Terminal
import Views

/// Calls the person when a long answer has come and the terminal has not been looked at.
///
/// Nothing of what was said is in a notification, since others may see it.
@MainActor
final class AnswerBell {
    /// Whether the terminal has the keyboard; terminals that say nothing of it count as looked at.
    var isFocused = true

    private let manners: Configuration.Terminal
    private let way: Configuration.Terminal.Notification
    private let sender: String?
    private var awaited: (turn: Int, startedAt: Double)?

    /// Finds out which way leads to the person.
    init(_ manners: Configuration.Terminal, environment: [String: String]) {
        self.manners = manners
        sender = ChildProgram.path(of: "notify-send", in: environment)
        way = manners.notification == .auto ? Self.fitting(environment, sender) : manners.notification
    }

    /// Looks whether an answer has ended since the last time.
    func follow(_ state: SessionState, on terminal: any TerminalDevice) {
        let before = awaited
        awaited = state.reply.map { ($0.turn, $0.startedAt) }
        guard let before, awaited?.turn != before.turn, !isFocused else { return }
        guard state.now.uptime - before.startedAt >= Double(manners.notifyAfter) else { return }
        tell(Self.words(state), on: terminal)
    }

    private static func words(_ state: SessionState) -> String {
        let last = state.conversation.messages.last { $0.role == .assistant }
        if case .failed? = last?.outcome { return "The answer failed." }
        return state.reply == nil ? "The answer is there." : "An answer is there, the next one is on its way."
    }

    private func tell(_ words: String, on terminal: any TerminalDevice) {
        switch way {
        case .auto, .off: break
        case .bell: terminal.alert(.bell)
        case .osc9: terminal.alert(.notification("Scry: " + words))
        case .osc777: terminal.alert(.titledNotification(title: "Scry", words))
        case .desktop:
            guard let sender else { return terminal.alert(.bell) }
            Task.detached {
                try? ChildProgram.run([sender, "--app-name=Scry", "--icon=scry", "Scry", words], input: Data())
            }
        }
    }

    /// The way that fits: the terminal's own where it is known to have one, else the desktop's, else the bell.
    private static func fitting(
        _ environment: [String: String], _ sender: String?
    ) -> Configuration.Terminal.Notification {
        let program = environment["TERM_PROGRAM"] ?? ""
        let name = environment["TERM"] ?? ""
        // Multiplexers keep such sequences for themselves.
        guard environment["TMUX"] == nil, environment["STY"] == nil else { return .bell }
        if ["iTerm.app", "WezTerm"].contains(program) || name.contains("kitty") { return .osc9 }
        if program == "ghostty" || ["foot", "rxvt", "ghostty"].contains(where: name.contains) { return .osc777 }
        let isHere = environment["SSH_CONNECTION"] == nil && environment["SSH_TTY"] == nil
        let hasDesktop = environment["DISPLAY"] != nil || environment["WAYLAND_DISPLAY"] != nil
        return isHere && hasDesktop && sender != nil ? .desktop : .bell
    }
}
