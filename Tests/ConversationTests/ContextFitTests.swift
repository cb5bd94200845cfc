import Conversation
import Testing
import TestSupport

#if canImport(FoundationEssentials)
    import FoundationEssentials
#endif

@Suite struct ContextFitTests {
    private let start = Date(timeIntervalSince1970: 0)

    private func question(_ text: String, pictures: Int = 0) -> Message {
        let reference = MediaReference(sha256: "a", mediaType: "image/png", byteCount: 9, width: 640, height: 480)
        let attachments = (0..<pictures).map {
            Part.attachment(ChatAttachment(label: "shot \($0)", takenAt: start, content: .picture(reference)))
        }
        return Message(role: .user, parts: attachments + [.text(text)], createdAt: start)
    }

    private func answer(_ text: String) -> Message {
        Message(role: .assistant, parts: [.text(text)], createdAt: start)
    }

    private func fit(
        _ messages: [Message], words: Int = 100, media: Int = 400, context: Int?, limits: MediaLimits = MediaLimits()
    )
        -> ContextFit
    {
        let costs = messages.map {
            TokenEstimate.Cost(words: words, media: $0.attachments.reduce(0) { sum, _ in sum + media })
        }
        return ContextFit.fit(messages, costs: costs, overhead: 50, context: context, reserve: 200, limits: limits)
    }

    @Test("sends all of a conversation that fits, and says nothing")
    func whole() {
        let messages = [question("a", pictures: 1), answer("b"), question("c")]

        for context in [nil, 4000] {
            let fit = fit(messages, context: context)
            #expect(fit.messages == messages && fit.fits && fit.sentence == nil)
        }
    }

    @Test("takes the oldest pictures out first, and leaves their names")
    func picturesFirst() {
        let messages = [
            question("a", pictures: 1), answer("b"), question("c", pictures: 1), answer("d"), question("e"),
        ]
        let fit = fit(messages, context: 1450)

        #expect(fit.fits && fit.droppedMessages == 0 && fit.droppedPictures == 2)
        #expect(fit.messages.count == 5)
        #expect(fit.messages[0].text == "[The picture \"shot 0\" was shown here, and is no longer.]\n\na")
        #expect(fit.messages.allSatisfy { $0.attachments.isEmpty })
        #expect(
            fit.sentence == "The oldest 2 pictures are no longer sent: the engine's context of 1,450 tokens is full.")
    }

    @Test("drops whole exchanges then, never the question")
    func exchanges() {
        let messages = (0..<10).flatMap { [question("q\($0)"), answer("a\($0)")] } + [question("last")]
        let fit = fit(messages, context: 1250)

        #expect(fit.fits && fit.droppedMessages > 0 && fit.droppedMessages % 2 == 0)
        #expect(fit.messages.first?.role == .user && fit.messages.last == messages.last)
        #expect(
            fit.sentence
                == "The oldest \(fit.droppedMessages) messages are no longer sent: the engine's context of 1,250 tokens is full."
        )
    }

    @Test("says before sending that a question alone does not fit")
    func tooLong() {
        let fit = fit([question("a"), answer("b"), question("c", pictures: 3)], context: 1200)

        #expect(!fit.fits)
        #expect(fit.messages.last?.attachments.count == 3)
        #expect(
            fit.sentence?.hasPrefix("The message needs about 1,300 tokens, and of the engine's context of 1,200")
                == true)
    }

    @Test("keeps to an engine's number of pictures, and says which message has too many")
    func pictureLimit() {
        let limits = MediaLimits(pictures: 4)
        let messages =
            (0..<5).flatMap { [question("q\($0)", pictures: 1), answer("a")] } + [question("z", pictures: 1)]
        let fitted = fit(messages, context: nil, limits: limits)

        #expect(fitted.fits && fitted.messages.flatMap(\.attachments).count <= 4 && fitted.droppedMessages == 0)
        #expect(fitted.sentence?.contains("the engine takes 4 pictures at most") == true)
        let refused = fit([question("x", pictures: 5)], context: nil, limits: limits)
        #expect(!refused.fits)
        #expect(
            refused.sentence == "The message has 5 pictures, and the engine takes 4 at most; remove some.")
    }

    @Test("always fits and keeps its beginning for several turns, whatever was said")
    func stable() {
        var random = SeededRandom(seed: 7)
        let estimate = TokenEstimate(model: "glm-4.5v")
        for _ in 0..<200 {
            var messages: [Message] = []
            var costs: [TokenEstimate.Cost] = []
            var changes = 0
            var before: [Message] = []
            for turn in 0..<60 {
                let words = String(repeating: "word ", count: Int.random(in: 1...150, using: &random))
                messages.append(question("\(turn) " + words, pictures: Int.random(in: 0...3, using: &random) / 3))
                var request = ChatRequest(model: "glm-4.5v", messages: messages, thinking: true)
                costs += messages[costs.count...].map { estimate.cost(of: $0, in: request) }
                let fit = ContextFit.fit(
                    messages, costs: costs, overhead: estimate.overhead(of: request), context: 4096, reserve: 1024)
                #expect(fit.fits && fit.messages.last == messages.last)
                if turn % 20 == 19 {
                    #expect(
                        fit == ContextFit.fit(request, for: ModelProfile(id: "glm-4.5v", contextLength: 4096)))
                    request.messages = fit.messages
                    #expect(estimate.count(request).total <= 4096 - 1024 + 80)
                }
                if !fit.messages.starts(with: before) { changes += 1 }
                before = fit.messages
                messages.append(answer(words))
            }
            #expect(changes < 30, "\(changes) of 60 turns changed the beginning")
        }
    }

    @Test("fits a chat of ten thousand messages about as fast as its words are read")
    func long() {
        var messages: [Message] = []
        for turn in 0..<5000 {
            messages += [
                question("Question \(turn) about something", pictures: turn % 9 == 0 ? 1 : 0), answer("Because."),
            ]
        }
        let costs = messages.map { TokenEstimate.Cost(words: 100, media: 400 * $0.attachments.count) }
        let start = ContinuousClock.now
        let fit = ContextFit.fit(
            Array(messages.dropLast()), costs: Array(costs.dropLast()), overhead: 50, context: 65_536, reserve: 1024)
        let seconds = (ContinuousClock.now - start) / .seconds(1)

        #expect(fit.fits && fit.messages.count > 200 && fit.messages.last == messages.dropLast().last)
        // Going through all turns once takes 20 ms, and once for each turn a minute.
        #expect(seconds < 5)
    }
}
