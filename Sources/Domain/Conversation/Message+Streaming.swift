extension Message {
    /// Adds what arrived to an answer that is being streamed.
    ///
    /// Appending takes constant time however long the answer is: the part's string is changed in place.
    ///
    /// - Parameters:
    ///   - delta: What arrived.
    ///   - elapsed: Seconds since the question was sent.
    public mutating func append(_ delta: ReplyDelta, elapsed: Double) {
        switch delta {
        case .prefill, .retrying:
            break
        case .reasoning(let text):
            noteFirstToken(elapsed)
            appendReasoning(text)
        case .answer(let text):
            noteFirstToken(elapsed)
            endReasoning(elapsed)
            appendText(text)
        case .usage(let usage):
            self.usage = usage
        case .model(let name):
            model = name
        case .finished(let reason):
            endReasoning(elapsed)
            finish(reason == .length ? .cutByLength : .complete, elapsed: elapsed)
        }
    }

    /// Ends an answer that is being streamed, keeping what came.
    public mutating func finish(_ outcome: Outcome, elapsed: Double) {
        endReasoning(elapsed)
        self.outcome = outcome
        timing = Timing(firstToken: timing?.firstToken, total: elapsed)
    }

    private mutating func noteFirstToken(_ elapsed: Double) {
        if timing == nil { timing = Timing(firstToken: elapsed) }
    }

    /// Engines that reason again after a first piece of answer are rare; their thoughts join the first ones.
    private mutating func appendReasoning(_ text: String) {
        guard let index = parts.firstIndex(where: \.isReasoning), case .reasoning(var reasoning) = parts[index] else {
            parts.insert(.reasoning(Reasoning(text: text)), at: 0)
            return
        }
        // The part lets go of the string first, so that appending does not copy it.
        parts[index] = .text("")
        reasoning.text += text
        parts[index] = .reasoning(reasoning)
    }

    private mutating func appendText(_ text: String) {
        guard let index = parts.indices.last, case .text(var whole) = parts[index] else {
            parts.append(.text(text))
            return
        }
        parts[index] = .text("")
        whole += text
        parts[index] = .text(whole)
    }

    private mutating func endReasoning(_ elapsed: Double) {
        guard let index = parts.firstIndex(where: \.isReasoning), case .reasoning(var reasoning) = parts[index],
            reasoning.seconds == nil
        else { return }
        parts[index] = .text("")
        reasoning.seconds = max(0, elapsed - (timing?.firstToken ?? 0))
        parts[index] = .reasoning(reasoning)
    }
}

extension Part {
    var isReasoning: Bool { if case .reasoning = self { true } else { false } }
}
