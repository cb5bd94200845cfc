import Conversation
import FoundationEssentials
import Session
import Testing

@Suite("Thinking")
struct ThinkingTests {
    @Test("answer now ends the thinking and asks for the answer in the same message")
    func answerNow() throws {
        var driver = Driver()
        driver.say("why?")
        driver.answer(.reasoning("Because of "), .reasoning("the light"))
        let asked = driver.press(.answerNow)
        #expect(asked.first == .cancelReply(turn: 1))
        let request = try #require(driver.request)
        #expect(
            request.continuing == ReplySoFar(reasoning: "Because of the light", answer: "", endsThinking: true))
        #expect(request.messages.map(\.text) == ["why?"])
        #expect(driver.answers.count == 1)
        #expect(driver.answers[0].reasoning?.cutAt != nil && driver.answers[0].reasoning?.seconds != nil)

        driver.feed(.replyArrived(turn: 1, [.reasoning(" late")]))
        driver.answer(.answer("It scatters."), .finished(.stop))
        #expect(driver.answers[0].reasoning?.text == "Because of the light")
        #expect(driver.answers[0].text == "It scatters.")
        #expect(driver.answers[0].outcome == .complete)
    }

    @Test("there is nothing to end where nothing thinks")
    func nothingToEnd() {
        var driver = Driver()
        driver.press(.answerNow)
        #expect(driver.state.notice != nil)
        driver.say("why?")
        driver.answer(.answer("So."))
        #expect(!driver.press(.answerNow).contains(.cancelReply(turn: 1)))
    }

    @Test("the budget of tokens is sent along, and ends the thinking by itself, once")
    func tokens() {
        var driver = Driver()
        driver.state.settings.thinkingBudget = 20
        driver.say("why?")
        #expect(driver.request?.thinkingBudget == 20)
        for _ in 0..<25 { driver.answer(.reasoning("a ")) }
        #expect(driver.effects.count { if case .cancelReply = $0 { true } else { false } } == 1)
        #expect(driver.request?.continuing?.endsThinking == true)
        #expect(driver.state.notice?.text == "The thinking was cut at 20 tokens; the answer is asked for.")
        #expect(driver.answers[0].reasoning?.cutAt == 20)
        // An engine that thinks on all the same is let.
        for _ in 0..<50 { driver.answer(.reasoning("b ")) }
        #expect(driver.effects.count { if case .cancelReply = $0 { true } else { false } } == 1)
        driver.answer(.answer("So."), .finished(.stop))
        #expect(driver.answers[0].text == "So.")
    }

    @Test("an engine that keeps to the budget itself is given time to do so")
    func keptByEngine() {
        var driver = Driver(engine: .blind)
        driver.state.settings.thinkingBudget = 20
        driver.say("why?")
        for _ in 0..<39 { driver.answer(.reasoning("a ")) }
        #expect(driver.request?.continuing == nil)
        driver.answer(.reasoning("a "))
        #expect(driver.request?.continuing?.endsThinking == true)
    }

    @Test("the budget of seconds ends a thinking that is slow")
    func seconds() {
        var driver = Driver()
        driver.state.settings.thinkingSeconds = 10
        driver.say("why?")
        driver.feed(.ticked, after: 60)
        #expect(driver.request?.continuing == nil)
        driver.answer(.reasoning("Hm"))
        driver.feed(.ticked, after: 9)
        #expect(driver.request?.continuing == nil)
        driver.feed(.ticked, after: 2)
        #expect(driver.request?.continuing == ReplySoFar(reasoning: "Hm", answer: "", endsThinking: true))
    }

    @Test("repetition is said once and stopped by the person, or by the setting", arguments: [false, true])
    func repetition(stops: Bool) {
        var driver = Driver()
        driver.state.settings.stopsRepetition = stops
        driver.say("why?")
        var notices: [String] = []
        for _ in 0..<400 where driver.state.reply != nil {
            driver.answer(.answer("The sky is blue because of the light. "))
            guard let notice = driver.state.notice else { continue }
            notices.append(notice.text)
            if !stops { driver.press(.cancel) }
        }
        #expect(
            notices == [
                stops ? "The engine repeated itself and was stopped." : "The engine repeats itself: Esc stops it."
            ])
        #expect(driver.answers[0].outcome == .stopped)
    }

    // MARK: - Going on

    @Test("an answer that broke, was stopped or was cut is gone on with in the same message")
    func goOn() throws {
        for end in ["broken", "stopped", "cut"] {
            var driver = Driver()
            driver.say("tell me")
            driver.answer(.reasoning("hm"), .answer("Once upon"))
            switch end {
            case "broken": driver.feed(.replyFailed(turn: 1, ReplyFailure(.brokenOff, "It broke off.")))
            case "stopped": driver.press(.cancel)
            default: driver.answer(.finished(.length))
            }
            #expect(driver.state.unfinishedAnswer != nil, "\(end)")
            driver.press(.continueReply)
            let request = try #require(driver.request)
            #expect(request.continuing == ReplySoFar(reasoning: "hm", answer: "Once upon", endsThinking: true))
            #expect(request.messages.map(\.text) == ["tell me"])
            #expect(driver.answers.last?.outcome == .streaming)
            driver.answer(.answer(" a time."), .finished(.stop))
            #expect(driver.answers.map(\.text) == ["Once upon a time."])
            #expect(driver.answers.last?.outcome == .complete)
            #expect(driver.state.unfinishedAnswer == nil)
        }
    }

    @Test("a break in the middle of the thinking goes on thinking; nothing at all is asked again")
    func goOnThinking() throws {
        var driver = Driver()
        driver.say("tell me")
        driver.answer(.reasoning("hm"))
        driver.feed(.replyFailed(turn: 1, ReplyFailure(.brokenOff, "It broke off.")))
        driver.press(.continueReply)
        #expect(driver.request?.continuing == ReplySoFar(reasoning: "hm", answer: "", endsThinking: false))
        driver.answer(.reasoning(" hm"), .answer("So."), .finished(.stop))
        #expect(driver.answers.last?.reasoning?.text == "hm hm")

        driver.say("more")
        driver.feed(.typed("draft"))
        driver.feed(.replyFailed(turn: try #require(driver.state.reply?.turn), ReplyFailure(.engineError, "no")))
        driver.press(.continueReply)
        #expect(driver.request?.continuing == nil)
        #expect(driver.request?.messages.last?.text == "more")
    }

    @Test("a complete answer is not gone on with")
    func complete() {
        var driver = Driver()
        driver.press(.continueReply)
        #expect(driver.state.notice != nil)
        driver.say("tell me")
        driver.answer(.answer("All."), .finished(.stop))
        driver.effects = []
        driver.press(.continueReply)
        #expect(driver.request == nil)
    }
}
