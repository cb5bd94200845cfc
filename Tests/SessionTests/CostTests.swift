import Conversation
import FoundationEssentials
import Session
import Testing

@Suite("What a message costs")
struct CostTests {
    private static let small = EngineProfile(
        name: "own", kind: .llamaServer, url: "http://127.0.0.1:8080/v1",
        models: [ModelProfile(id: "tiny", contextLength: 400, vision: false)])

    private func count(_ effects: [SessionEffect]) -> (ticket: Int, request: ChatRequest)? {
        for case .count(let ticket, let request, _) in effects { return (ticket, request) }
        return nil
    }

    @Test("it is counted when the writing pauses, and what was counted for older words is ignored")
    func counts() throws {
        var driver = Driver()
        #expect(driver.feed(.typed("hello")).contains(.awaitPause))
        let first = try #require(count(driver.feed(.writingPaused)))
        #expect(first.request.messages.map(\.text) == ["hello"])
        driver.feed(.typed(" you"))
        driver.feed(.counted(ticket: first.ticket, TokenCount(total: 9, perMessage: [5], isExact: true)))
        #expect(driver.state.cost == nil)
        let second = try #require(count(driver.feed(.writingPaused)))
        driver.feed(.counted(ticket: second.ticket, TokenCount(total: 9, perMessage: [5], isExact: true)))
        #expect(driver.state.cost?.message == 5 && driver.state.cost?.request == 9)
        #expect(driver.state.cost?.limit == 65_536 && driver.state.cost?.isExact == true)
        driver.press(.send)
        #expect(driver.state.cost == nil)
    }

    @Test("what was said before is counted along, and nothing is counted where nothing is written")
    func conversation() throws {
        var driver = Driver()
        driver.say("one")
        driver.answer(.reasoning("hm"), .answer("first"), .finished(.stop))
        #expect(count(driver.feed(.writingPaused)) == nil)
        #expect(!driver.press(.moveLeft).contains(.awaitPause))
        driver.feed(.typed("two"))
        #expect(
            try #require(count(driver.feed(.writingPaused))).request.messages.map(\.text) == ["one", "first", "two"])
        var other = Driver(engine: nil)
        #expect(!other.feed(.typed("x")).contains(.awaitPause))
        #expect(other.feed(.engineChanged(.ready(.seeing, model: "glm-4.5v"))).contains(.awaitPause))
        #expect(!driver.feed(.engineChanged(.ready(.seeing, model: "glm-4.5v"))).contains(.awaitPause))
    }

    @Test("what does not fit any more is left out and said, once")
    func fits() throws {
        var driver = Driver(engine: Self.small)
        let long = Array(repeating: "word", count: 60).joined(separator: " ")
        var notices: [String] = []
        for turn in 1...3 {
            driver.say("\(turn) " + long)
            notices.append(driver.state.lastNoticeOrEmpty)
            driver.answer(.answer("fine " + long), .finished(.stop))
        }
        driver.say("last")
        #expect(try #require(driver.request).messages.count < 7)
        #expect(notices.count { $0.contains("no longer sent") } >= 1)
        #expect(notices.first == "")
        #expect(driver.request?.messages.last?.text == "last")
        #expect(driver.state.conversation.messages.count == 8)
    }

    @Test("a question that does not fit even alone is given back with a sentence and never sent")
    func tooLong() {
        var driver = Driver(engine: Self.small)
        let long = Array(repeating: "word", count: 900).joined(separator: " ")
        driver.say(long)
        #expect(driver.request == nil)
        #expect(driver.state.composer.text == long)
        #expect(driver.state.conversation.messages.isEmpty)
        #expect(driver.state.notice?.kind == .problem)
        #expect(driver.state.lastNoticeOrEmpty.contains("tokens"))
    }

    @Test(
        "an engine whose numbers cannot be true changes nothing: its sentence is shown, and the next question goes out",
        arguments: [(9_000, 8_192), (9_000, 5), (nil, 0), (Int.max, nil), (Int.min, -1), (0, 0)] as [(Int?, Int?)])
    func lies(needed: Int?, limit: Int?) {
        var driver = Driver()
        driver.say("precious words")
        driver.feed(.replyFailed(turn: 1, ReplyFailure(.contextTooLong(needed: needed, limit: limit), "Too long.")))
        #expect(driver.state.notice?.text == "Too long.")
        #expect(driver.state.composer.text == "precious words")
        #expect(driver.state.model?.contextLength == 65_536)
        driver.effects = []
        driver.press(.send)
        #expect(driver.request?.messages.map(\.text) == ["precious words"])
    }

    @Test("an engine that says that the request is too long is asked once more, with less, by its own measure")
    func learns() throws {
        var driver = Driver()
        let long = Array(repeating: "word", count: 60).joined(separator: " ")
        for turn in 1...3 {
            driver.say("\(turn) " + long)
            driver.answer(.answer("fine " + long), .finished(.stop))
        }
        driver.say("last")
        #expect(driver.request?.messages.count == 7)
        let turn = try #require(driver.state.reply?.turn)
        let refusal = ReplyFailure(.contextTooLong(needed: 1_200, limit: 600), "Too long.")
        driver.effects = []
        driver.feed(.replyFailed(turn: turn, refusal))
        #expect(try #require(driver.request).messages.count < 7)
        #expect(driver.request?.messages.last?.text == "last")
        #expect(driver.state.model?.contextLength == 600)
        #expect(driver.answers.last?.outcome == .streaming)

        // Refused once more, the question comes back.
        driver.feed(.replyFailed(turn: turn, refusal))
        #expect(driver.state.reply == nil)
        #expect(driver.state.composer.text == "last")
        #expect(driver.state.notice?.text == "Too long.")

        // The engine is found again, and says what it has always said.
        driver.feed(.engineChanged(.ready(.seeing, model: "glm-4.5v")))
        #expect(driver.state.model?.contextLength == 600)
    }
}

extension SessionState {
    var lastNoticeOrEmpty: String { notice?.text ?? "" }
}
