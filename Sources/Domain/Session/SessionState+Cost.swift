import Conversation

/// What a message costs is asked for only after a pause in writing: counting reads the whole conversation.
extension SessionState {
    /// What the cost depends on beside the words.
    struct CostGround: Equatable {
        var conversation: Conversation.ID
        var messages: Int
        var isAnswering: Bool
        var engine: EngineID?
        var model: String?
        var learned: [LearnedLength]
    }

    var costGround: CostGround {
        CostGround(
            conversation: conversation.id, messages: conversation.messages.count, isAnswering: reply != nil,
            engine: currentEngine.map { EngineID($0.engine) }, model: currentEngine?.model,
            learned: learned)
    }

    /// Forgets the cost of what is no longer written, and has the new one counted when the writing pauses.
    mutating func costChanged() -> [SessionEffect] {
        costTicket += 1
        guard !composer.isBlank, !composer.before.hasPrefix("/"), currentEngine != nil else {
            cost = nil
            return []
        }
        return [.awaitPause]
    }

    /// Asks for the count of what Enter would send.
    func countCost() -> [SessionEffect] {
        guard !composer.isBlank, let profile = currentEngine?.engine else { return [] }
        let question = Message(role: .user, parts: composerParts, createdAt: now.date)
        var asked = conversation
        asked.messages.append(question)
        return [.count(ticket: costTicket, request(upTo: question.id, in: asked), profile)]
    }

    /// Shows what was counted, unless something else is written by now.
    mutating func show(_ count: TokenCount, ticket: Int) {
        guard ticket == costTicket, !composer.isBlank else { return }
        cost = MessageCost(
            message: count.perMessage.last ?? count.total, request: count.total, limit: model?.contextLength,
            reserve: min(reserve, (model?.contextLength ?? .max) / 2), isExact: count.isExact)
    }

    // MARK: - Fitting

    /// Tokens of the context that are kept for the reply.
    private var reserve: Int { ContextFit.reserve(maxTokens: settings.maxTokens) }

    /// Leaves out what does not fit into the engine's context, and says so once.
    ///
    /// - Returns: Why the question cannot be asked even alone; nil when it can.
    mutating func shorten(_ request: inout ChatRequest) -> String? {
        guard let model else { return nil }
        let correction = learned.last { $0.model == model.id && $0.isOf(currentEngine?.engine) }?.correction ?? 1
        let fit = ContextFit.fit(request, for: model, reserve: reserve, correction: correction)
        guard fit.fits else { return fit.sentence ?? "The question is too long for the engine." }
        request.messages = fit.messages
        if let sentence = fit.sentence, sentence != lastOmission { notice = Notice(.information, sentence) }
        lastOmission = fit.sentence
        return nil
    }

    /// What is being written, as the parts of a message.
    var composerParts: [Part] { composer.parts }
}
