import Conversation
import FoundationEssentials
import Session
import Testing

@Suite("Trouble")
struct TroubleTests {
    @Test("a refusal gives the prompt and its attachments back, with the sentence")
    func refused() {
        var driver = Driver()
        let picture = Attachment.picture()
        driver.feed(.attached(picture))
        driver.say("what is it?")
        driver.feed(.questionPrepared(turn: 1, attachments: []))
        driver.feed(.replyFailed(turn: 1, ReplyFailure(.refused(status: 400), "The engine refused: too big.")))

        #expect(driver.state.composer.text == "what is it?")
        #expect(driver.state.composer.attachments == [picture])
        #expect(driver.state.conversation.messages.isEmpty)
        #expect(driver.state.notice == Notice(.problem, "The engine refused: too big."))
        #expect(driver.effects.count { if case .forget = $0 { true } else { false } } == 2)
    }

    @Test("what held for a while is taken back when it holds no longer, and nothing else is")
    func unnoticed() {
        var driver = Driver()
        let (waiting, other) = (Notice(.information, "Waiting."), Notice(.problem, "Broken."))
        driver.feed(.noticed(waiting))
        driver.feed(.unnoticed(waiting))
        #expect(driver.state.notice == nil)

        driver.feed(.noticed(waiting))
        driver.feed(.noticed(other))
        driver.feed(.unnoticed(waiting))
        #expect(driver.state.notice == other)
    }

    @Test("when something else is being written, the question stays where it is and says that it failed")
    func refusedWhileTyping() {
        var driver = Driver()
        driver.say("one")
        driver.feed(.typed("half a "))
        driver.feed(.replyFailed(turn: 1, ReplyFailure(.engineError, "The engine broke.")))

        #expect(driver.state.composer.text == "half a ")
        #expect(driver.answers.last?.outcome == .failed("The engine broke."))
    }

    @Test("a break in the middle keeps what came")
    func brokenOff() {
        var driver = Driver()
        driver.say("tell me")
        driver.answer(.answer("Once upon a"))
        driver.feed(.replyFailed(turn: 1, ReplyFailure(.brokenOff, "The engine broke off.")))

        #expect(driver.answers.last?.text == "Once upon a")
        #expect(driver.answers.last?.outcome == .failed("The engine broke off."))
        #expect(driver.state.composer.isEmpty)
    }

    @Test("an engine that is gone is looked for again, and what waits goes out when it is back")
    func gone() {
        var driver = Driver()
        driver.say("one")
        driver.say("two")
        driver.feed(.replyFailed(turn: 1, ReplyFailure(.unreachable, "Nothing answers.")))
        #expect(driver.effects.last == .findEngine || driver.effects.contains(.findEngine))
        #expect(driver.state.engine == .searching)

        driver.feed(.engineChanged(.ready(.seeing, model: "glm-4.5v")))
        #expect(driver.request?.messages.last?.text == "two")
    }

    @Test("Esc stops and keeps what came; before anything came it gives the prompt back")
    func stop() {
        var driver = Driver()
        driver.say("tell me")
        driver.answer(.answer("Once"))
        #expect(driver.press(.cancel).contains(.cancelReply(turn: 1)))
        #expect(driver.answers.last?.outcome == .stopped)
        #expect(driver.answers.last?.text == "Once")

        driver.say("and then?")
        driver.press(.cancel)
        #expect(driver.state.composer.text == "and then?")
    }

    @Test("Ctrl+C stops, then clears, then asks, then quits")
    func interrupt() {
        var driver = Driver()
        driver.say("tell me")
        driver.answer(.answer("Once"))
        driver.feed(.typed("more"))
        #expect(driver.press(.interrupt).contains(.cancelReply(turn: 1)))
        #expect(driver.state.composer.text == "more")
        driver.press(.interrupt)
        #expect(driver.state.composer.isEmpty)
        #expect(!driver.press(.interrupt).contains(.quit))
        driver.feed(.ticked, after: 2)
        #expect(!driver.press(.interrupt).contains(.quit))
        #expect(driver.press(.interrupt).contains(.quit))
    }

    @Test("Ctrl+D quits only when nothing is written")
    func endOfInput() {
        var driver = Driver()
        driver.feed(.typed("x"))
        #expect(!driver.press(.endOfInput).contains(.quit))
        driver.press(.deleteBackward)
        #expect(driver.press(.endOfInput).contains(.quit))
    }

    @Test("quitting in the middle of an answer stores it as stopped")
    func quitWhileStreaming() {
        var driver = Driver()
        driver.say("tell me")
        driver.answer(.answer("Once"))
        let asked = driver.press(.quit)

        #expect(asked.last == .quit)
        #expect(asked.contains { if case .save(let message, _) = $0 { message.outcome == .stopped } else { false } })
    }

    @Test("quitting leaves what waits where it is")
    func quitWithQueue() {
        var driver = Driver()
        driver.say("one")
        driver.answer(.answer("1"))
        driver.say("two")
        let asked = driver.press(.quit)

        #expect(!asked.contains { if case .ask = $0 { true } else { false } })
        #expect(driver.state.conversation.messages.last?.outcome == .queued)
    }

    @Test("another chat is not held up by what waits in the old one")
    func newChatWithQueue() {
        var driver = Driver()
        driver.say("one")
        driver.answer(.answer("1"))
        driver.say("two")
        driver.press(.newChat)
        #expect(driver.state.reply == nil)
        #expect(driver.state.conversation.messages.isEmpty)

        driver.say("three")
        #expect(driver.request?.messages.map(\.text) == ["three"])
        driver.answer(.answer("3"), .finished(.stop))
        #expect(driver.answers.last?.outcome == .complete)
    }

    @Test("with no engine anywhere the prompt comes back into the composer, and sending it looks again")
    func noEngine() {
        var driver = Driver(engine: nil)
        driver.say("Hello")
        let asked = driver.feed(.engineChanged(.unavailable("There is no engine.")))
        #expect(asked.contains { if case .forget = $0 { true } else { false } })
        #expect(driver.state.composer.text == "Hello")
        #expect(driver.state.conversation.messages.isEmpty)

        #expect(driver.press(.send).contains(.findEngine))
        driver.feed(.engineChanged(.ready(.seeing, model: "glm-4.5v")))
        #expect(driver.request?.messages.map(\.text) == ["Hello"])
    }

    @Test("what waits behind a question that is given back is stored at its new place")
    func placesAfterGivingBack() {
        var driver = Driver()
        driver.say("one")
        driver.say("two")
        let asked = driver.feed(.replyFailed(turn: 1, ReplyFailure(.unreachable, "Nothing answers.")))

        #expect(
            asked.contains {
                if case .save(let message, let place) = $0 {
                    message.text == "two" && place.position == 0
                } else {
                    false
                }
            })
    }

    @Test("a question that was left waiting is back in the composer when its chat is opened")
    func leftWaiting() {
        var driver = Driver()
        let attachment = Attachment(label: "note", takenAt: .distantPast, content: .text("words"))
        let question = Message(
            role: .user, parts: [.attachment(attachment), .text("hello?")], createdAt: .distantPast,
            outcome: .interrupted)
        var conversation = Conversation(createdAt: .distantPast)
        conversation.messages = [question]
        let effects = driver.feed(.chatOpened(conversation))
        #expect(driver.state.conversation.messages.isEmpty)
        #expect(driver.state.composer.text == "hello?" && driver.state.composer.attachments == [attachment])
        #expect(effects.contains(.forget(question.id, in: conversation.id)))

        // What is being written is worth more.
        var busy = Driver()
        busy.feed(.typed("draft"))
        busy.feed(.chatOpened(conversation))
        #expect(busy.state.composer.text == "draft")
        #expect(busy.state.conversation.messages == [question])
    }
}
