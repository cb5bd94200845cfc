import Conversation
import Session
import Testing

@Suite("Asking")
struct AskingTests {
    @Test("a question goes out with the thinking mode that is on, and the answer streams into the conversation")
    func question() throws {
        var driver = Driver()
        driver.say("What is 2 + 2?")

        let request = try #require(driver.request)
        #expect(request.thinking)
        #expect(request.model == "glm-4.5v")
        #expect(request.messages.map(\.text) == ["What is 2 + 2?"])

        driver.answer(.reasoning("Two and "), .reasoning("two."), .answer("It is "), .answer("4."))
        let answer = try #require(driver.answers.last)
        #expect(answer.reasoning?.text == "Two and two.")
        #expect(answer.reasoning?.seconds != nil)
        #expect(answer.text == "It is 4.")
        #expect(answer.outcome == .streaming)

        driver.answer(.usage(Usage(promptTokens: 7, completionTokens: 5)), .finished(.stop))
        #expect(driver.state.reply == nil)
        #expect(driver.answers.last?.outcome == .complete)
        #expect(driver.state.contextUsed == 12)
        #expect(
            driver.effects.contains {
                if case .save(let message, _) = $0 {
                    message.outcome == .complete && message.role == .assistant
                } else {
                    false
                }
            })
    }

    @Test("Ctrl+T changes what the next request asks for", arguments: [true, false])
    func thinking(initially: Bool) {
        var driver = Driver(thinking: initially)
        driver.press(.toggleThinking)
        driver.say("Hello")

        #expect(driver.request?.thinking == !initially)
    }

    @Test("reasoning is never sent back, and a question without an answer is left out")
    func history() {
        var driver = Driver()
        driver.say("one")
        driver.answer(.reasoning("secret"), .answer("first"), .finished(.stop))
        driver.say("two")
        driver.answer(.reasoning("only thoughts"))
        driver.press(.cancel)
        driver.say("three")

        #expect(driver.request?.messages.map(\.text) == ["one", "first", "three"])
    }

    @Test("the first message waits for the engine, visibly, and goes out when it is ready")
    func waitsForEngine() {
        var driver = Driver(engine: nil)
        driver.say("Hello")
        #expect(driver.request == nil)
        #expect(driver.state.conversation.messages.first?.outcome == .queued)

        driver.feed(.engineChanged(.preparing(step: "Fetching", fraction: 0.5)))
        #expect(driver.request == nil)

        driver.feed(.engineChanged(.ready(.blind, model: "smollm2")))
        #expect(driver.request?.messages.map(\.text) == ["Hello"])
        #expect(driver.state.conversation.messages.first?.outcome == .complete)
    }

    @Test("messages sent while an answer streams are queued and answered in order")
    func queue() {
        var driver = Driver()
        driver.say("one")
        driver.say("two")
        driver.say("three")
        #expect(driver.state.conversation.messages.map(\.outcome) == [.complete, .streaming, .queued, .queued])

        driver.answer(.answer("1"), .finished(.stop))
        driver.answer(.answer("2"), .finished(.stop))
        driver.answer(.answer("3"), .finished(.stop))
        #expect(driver.state.conversation.messages.map(\.text) == ["one", "1", "two", "2", "three", "3"])
    }

    @Test("with an engine that cannot see, the text of the pictures is read before the question goes out")
    func blindEngine() throws {
        var driver = Driver(engine: .blind)
        let picture = Attachment.picture()
        driver.feed(.attached(picture))
        let asked = driver.say("what does it say?")
        #expect(driver.request == nil)
        let prepare = asked.contains {
            if case .prepare(_, [picture], _, let model, _) = $0 { model?.vision == false } else { false }
        }
        #expect(prepare)

        var read = picture
        read.recognizedText = ["ERROR 42"]
        driver.feed(.questionPrepared(turn: try #require(driver.state.reply?.turn), attachments: [read]))
        let request = try #require(driver.request)
        #expect(!request.sendsPictures)
        #expect(request.messages.last?.attachments.first?.recognizedText == ["ERROR 42"])
    }

    @Test("an engine that turns out not to see is asked again with the text of the pictures")
    func turnsOutBlind() throws {
        var driver = Driver()
        driver.feed(.attached(.picture()))
        driver.say("what is it?")
        let turn = try #require(driver.state.reply?.turn)
        driver.feed(.questionPrepared(turn: turn, attachments: []))
        #expect(driver.request?.sendsPictures == true)

        var state = driver.state
        // The model of this engine says that it sees: then the refusal is shown.
        let shown = state.handle(.replyFailed(turn: turn, ReplyFailure(.cannotSee, "no eyes")), at: state.now)
        #expect(shown.contains { if case .prepare = $0 { true } else { false } })
        #expect(state.model?.vision == false)
        _ = state.handle(.questionPrepared(turn: turn, attachments: []), at: state.now)
        _ = state.handle(.replyFailed(turn: turn, ReplyFailure(.cannotSee, "no eyes")), at: state.now)
        #expect(state.reply == nil)
        #expect(state.notice?.text == "no eyes")
    }

    @Test("a long answer is stored ten times a second, not with each token")
    func checkpoints() {
        var driver = Driver()
        driver.say("count")
        driver.effects = []
        for _ in 0..<100 { driver.answer(.answer("x ")) }

        let saves = driver.effects.count { if case .save = $0 { true } else { false } }
        #expect((8...11).contains(saves))
    }

    @Test("what came before a pause is stored after less than a quarter of a second, and then nothing is due")
    func pause() throws {
        var driver = Driver()
        driver.say("count")
        #expect(driver.state.checkpointTime == nil)
        driver.answer(.answer("one "))
        let due = try #require(driver.state.checkpointTime)
        #expect(due - driver.uptime < 0.12)
        #expect(driver.feed(.ticked, after: 0.01).isEmpty)
        let effects = driver.feed(.ticked, after: 0.2)
        #expect(effects.contains { if case .save(let message, _) = $0 { message.text == "one " } else { false } })
        #expect(driver.state.checkpointTime == nil)
        driver.answer(.answer("two"), .finished(.stop))
        #expect(driver.state.checkpointTime == nil)
    }

    @Test("an answer that is given twice is kept once, when it is whole")
    func folded() {
        let answer = "The capital of France is Paris, and it has been for a long time.\n\nIt lies on the Seine.\n\n"
        var driver = Driver()
        driver.say("capital?")
        driver.answer(.reasoning("France"), .answer(answer), .answer(answer))
        #expect(driver.answers[0].text == answer + answer)
        driver.answer(.finished(.stop))
        #expect(driver.answers[0].text.utf8.count < answer.utf8.count * 2)
        #expect(driver.answers[0].text.contains("It lies on the Seine."))
        #expect(driver.answers[0].reasoning?.text == "France")
    }

    @Test("what an old reply still delivers is ignored")
    func staleReply() {
        var driver = Driver()
        driver.say("one")
        driver.press(.cancel)
        driver.feed(.replyArrived(turn: 1, [.answer("late")]))
        driver.feed(.replyFailed(turn: 1, ReplyFailure(.brokenOff, "late")))

        #expect(driver.answers.isEmpty)
        #expect(driver.state.notice == nil)
    }
}
