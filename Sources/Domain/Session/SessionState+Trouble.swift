import Conversation

/// What is done when an engine cannot, or will not, answer.
extension SessionState {
    /// Ends a reply that failed: keeps what came; when nothing came, gives the question back.
    mutating func fail(_ failure: ReplyFailure, turn: Int) -> [SessionEffect] {
        guard let reply, let place = answerPlace(turn) else { return [] }
        if failure.kind == .cannotSee, let effects = askBlind(reply, at: place) { return effects }
        if case .contextTooLong(let needed, let limit) = failure.kind,
            let effects = askShorter(reply, at: place, needed: needed, limit: limit)
        {
            return effects
        }
        self.reply = nil
        notice = Notice(.problem, failure.message)
        var effects: [SessionEffect]
        if conversation.messages[place].parts.isEmpty, composer.isEmpty {
            effects = giveBack(reply)
        } else {
            conversation.messages[place].finish(.failed(failure.message), elapsed: now.uptime - reply.startedAt)
            effects = [save(at: place)]
        }
        if failure.kind == .unreachable, isAsked(reply) {
            engine = .searching
            return effects + [.findEngine]
        }
        effects += sendNext()
        return effects
    }

    /// An engine that turns out not to see gets the text of the pictures instead.
    mutating func askBlind(_ reply: ReplyInProgress, at place: Int) -> [SessionEffect]? {
        guard case .ready(var profile, let name) = engine, model?.vision != false, isAsked(reply),
            conversation.messages[place].parts.isEmpty
        else { return nil }
        profile.change(name) { $0.vision = false }
        engine = .ready(profile, model: name)
        notice = Notice(.information, "\(name) cannot see: the text of the pictures is read and sent instead.")
        return prepareOrAsk()
    }

    /// An engine that refuses a request for its length is asked once more, with what fits by its own measure.
    ///
    /// Nothing is learned from an engine that refuses what cannot be shortened: its numbers may be wrong.
    mutating func askShorter(
        _ reply: ReplyInProgress, at place: Int, needed: Int?, limit: Int?
    ) -> [SessionEffect]? {
        guard !reply.isShortened, isAsked(reply),
            let measure = ContextMeasure(
                needed: needed, limit: limit, known: model?.contextLength, estimate: reply.estimate)
        else { return nil }
        var shorter = self
        shorter.learn(length: measure.length, correction: measure.correction)
        var request = request(upTo: reply.questionID, in: conversation)
        guard shorter.shorten(&request) == nil, let model,
            TokenEstimate(model: model.id).count(request).total < reply.estimate
        else { return nil }
        self = shorter
        self.reply?.isShortened = true
        return prepareOrAsk()
    }

    /// Whether the reply is one of the engine that is asked next, too.
    private func isAsked(_ reply: ReplyInProgress) -> Bool {
        currentEngine.map { EngineID($0.engine) == reply.engine } ?? false
    }

    /// Puts a question that was not answered back into the composer, when nothing else is written there.
    mutating func giveBack(_ reply: ReplyInProgress) -> [SessionEffect] {
        guard composer.isEmpty, let question = conversation.messages.first(where: { $0.id == reply.questionID }) else {
            return conversation.messages.lastIndex { $0.id == reply.messageID }.map { [save(at: $0)] } ?? []
        }
        let place = conversation.messages.firstIndex { $0.id == reply.questionID } ?? 0
        conversation.messages.removeAll { $0.id == reply.messageID || $0.id == reply.questionID }
        if conversation.messages.isEmpty { conversation.title = "" }
        composer = Composer(question.parts)
        // What waits behind the question has moved.
        let moved = (place..<conversation.messages.count).map(save(at:))
        return [
            .forget(reply.messageID, in: conversation.id), .forget(reply.questionID, in: conversation.id),
        ] + moved
    }
}
