import Cells
import Conversation
import Session

/// What the engine is doing, in words, and how fast.
struct Activity {
    /// What it is doing, the longest form first; empty when nothing is awaited.
    let forms: [String]
    /// Tokens a second, of the answer that is streamed or of the last one.
    let tokensPerSecond: Double?
    /// What is known of the last answer beside its speed, the most important first.
    let figures: [String]

    /// Looks at the session.
    init(_ state: SessionState) {
        guard let reply = state.reply else {
            let waits = state.conversation.messages.last.map { $0.role == .user && $0.outcome == .queued } ?? false
            forms = waits ? ["waiting for the engine"] : []
            let last = state.conversation.messages.last { $0.usage != nil }
            tokensPerSecond = Self.speed(of: last)
            figures = Self.figures(of: last)
            return
        }
        let elapsed = state.now.uptime - reply.startedAt
        let answer = state.conversation.messages.last { $0.id == reply.messageID }
        figures = []
        var speed: Double?
        switch reply.phase {
        case .preparing:
            forms = ["preparing the pictures"]
        case .working(let step, let fraction):
            let share = fraction.map { ", \(Int((min(max(0, $0), 1) * 100).rounded())) %" } ?? ""
            let name = SafeText.singleLine(step)
            forms = ["\(name)\(share) · \(Quantity.seconds(elapsed))", name]
        case .waiting:
            forms = [elapsed < 1 ? "waiting" : "waiting \(Quantity.seconds(elapsed))"]
        case .prefill(let done, let total):
            // The numbers are the engine's, and may be anything.
            let percent = total > 0 ? min(max(0, Double(done) / Double(total) * 100), 100) : 0
            let words = "\(Int(percent)) %"
            let whole = total > 0 ? " of \(Quantity.tokens(total)) tokens" : ""
            forms = ["reading the prompt \(words)" + whole, "reading \(words)"]
        case .retrying(_, let time, let reason):
            let pause = Quantity.seconds(max(0, time - state.now.uptime))
            forms = ["\(SafeText.singleLine(reason)): asking again in \(pause)", "asking again in \(pause)"]
        case .streaming:
            let streamed = elapsed - (answer?.timing?.firstToken ?? 0)
            speed = streamed > 0.2 && reply.pieces > 1 ? Double(reply.pieces - 1) / streamed : nil
            if Self.isThinking(answer) {
                let words = "thinking \(Quantity.seconds(streamed))"
                forms = ["\(words) · ≈ \(Quantity.grouped(reply.reasoningTokens)) tokens", words]
            } else {
                forms = ["answering"]
            }
        }
        tokensPerSecond = speed
    }

    /// How long the first token took, how much of the prompt was still in the engine's cache, and the prompt's tokens.
    private static func figures(of answer: Message?) -> [String] {
        guard let answer, let usage = answer.usage else { return [] }
        var figures: [String] = []
        if let first = answer.timing?.firstToken { figures.append("first token \(Quantity.tenths(first)) s") }
        if let cached = usage.cachedTokens, usage.promptTokens > 0 {
            let share = Double(min(max(0, cached), usage.promptTokens)) / Double(usage.promptTokens)
            figures.append("\(Int((share * 100).rounded())) % cached")
        }
        figures.append("prompt \(Quantity.tokens(usage.promptTokens))")
        return figures
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
