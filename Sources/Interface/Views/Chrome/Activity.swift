import Conversation
import Session

/// What the engine is doing, in words, and how fast.
struct Activity {
    /// What it is doing; nil when nothing is awaited.
    let words: String?
    /// Tokens a second, of the answer that is streamed or of the last one.
    let tokensPerSecond: Double?

    /// Looks at the session.
    init(_ state: SessionState) {
        guard let reply = state.reply else {
            let waits = state.conversation.messages.last.map { $0.role == .user && $0.outcome == .queued } ?? false
            words = waits ? "waiting for the engine" : nil
            tokensPerSecond = Self.speed(of: state.conversation.messages.last { $0.usage != nil })
            return
        }
        let elapsed = state.now.uptime - reply.startedAt
        let answer = state.conversation.messages.last { $0.id == reply.messageID }
        switch reply.phase {
        case .preparing:
            words = "preparing the pictures"
            tokensPerSecond = nil
        case .waiting:
            words = elapsed < 1 ? "waiting" : "waiting \(Quantity.seconds(elapsed))"
            tokensPerSecond = nil
        case .prefill(let done, let total):
            let percent = total > 0 ? Int(Double(done) / Double(total) * 100) : 0
            words = "reading the prompt \(min(max(0, percent), 100)) %"
            tokensPerSecond = nil
        case .retrying(_, let time, let reason):
            words = "\(reason): asking again in \(Quantity.seconds(max(0, time - state.now.uptime)))"
            tokensPerSecond = nil
        case .streaming:
            let streamed = elapsed - (answer?.timing?.firstToken ?? 0)
            tokensPerSecond = streamed > 0.2 && reply.pieces > 1 ? Double(reply.pieces - 1) / streamed : nil
            words = Self.isThinking(answer) ? "thinking \(Quantity.seconds(streamed))" : "answering"
        }
    }

    private static func isThinking(_ answer: Message?) -> Bool {
        guard let answer else { return false }
        for case .reasoning(let reasoning) in answer.parts { return reasoning.seconds == nil }
        return false
    }

    private static func speed(of answer: Message?) -> Double? {
        guard let usage = answer?.usage else { return nil }
        if let speed = usage.tokensPerSecond { return speed }
        guard let total = answer?.timing?.total else { return nil }
        let seconds = total - (answer?.timing?.firstToken ?? 0)
        return seconds > 0.01 && usage.completionTokens > 1 ? Double(usage.completionTokens - 1) / seconds : nil
    }
}
