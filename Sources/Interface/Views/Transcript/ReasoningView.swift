import Conversation
import Session

extension SessionState {
    /// Whether somebody reads these thoughts: they do not fold by themselves then.
    fileprivate func isReasoningRead(of message: Message.ID) -> Bool {
        if case .anchored(message, let place) = scroll { place.section == .reasoning } else { false }
    }
}

/// How the thoughts of an answer are shown: open or folded, and under which heading.
struct ReasoningView {
    /// Whether the thoughts themselves are shown.
    let isOpen: Bool
    private let isThinking: Bool
    private let seconds: Double?
    private let isNewest: Bool
    private let cutAt: Int?

    /// Looks at a message; nil when it has no thoughts.
    init?(_ message: Message, in state: SessionState) {
        var found = false
        var seconds: Double?
        var cutAt: Int?
        for case .reasoning(let reasoning) in message.parts {
            found = true
            seconds = reasoning.seconds
            cutAt = reasoning.cutAt
            break
        }
        guard found else { return nil }
        isThinking = state.reply?.messageID == message.id && seconds == nil
        if isThinking, let reply = state.reply {
            seconds = state.now.uptime - reply.startedAt - (message.timing?.firstToken ?? 0)
        }
        self.seconds = seconds
        self.cutAt = cutAt
        isNewest = state.conversation.messages.last { $0.role == .assistant }?.id == message.id
        isOpen =
            switch state.reasoningFold {
            case .automatic: isThinking || state.isReasoningRead(of: message.id)
            case .open: true
            case .folded: false
            }
    }

    /// The line above the thoughts.
    func heading(_ context: ViewContext) -> String {
        let mark = isOpen ? "▾" : "▸"
        let time = seconds.map { " " + Quantity.seconds($0) } ?? ""
        let words = isThinking ? "thinking\(time)" : time.isEmpty ? "thought" : "thought for\(time)"
        let hint = isNewest ? context.hint(.foldReasoning, isOpen ? "folds" : "unfolds") : nil
        let cut = cutAt.map { ", cut at \(Quantity.grouped($0)) tokens" } ?? ""
        return "\(mark) \(words)\(cut)" + (hint.map { " · " + $0 } ?? "")
    }
}
