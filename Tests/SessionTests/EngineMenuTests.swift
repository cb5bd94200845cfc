import Conversation
import FoundationEssentials
import Session
import Testing

@Suite("Choosing an engine")
struct EngineMenuTests {
    private static let other = EngineProfile(
        name: "ollama", kind: .ollama, url: "http://127.0.0.1:11434/v1",
        models: [
            ModelProfile(id: "words:7b", contextLength: 2_048, vision: false, thinking: false),
            ModelProfile(id: "eyes:8b", contextLength: 8_192, vision: true, tools: true),
        ])

    private static let remote = EngineProfile(
        name: "far", kind: .openai, url: "https://engine.example/v1", models: [ModelProfile(id: "big")])

    private func list(_ driver: Driver) -> EngineMenu? {
        if case .engines(let menu) = driver.state.overlay { menu } else { nil }
    }

    @Test("the list opens at once, asks anew, and is filled in its own order as answers come")
    func fills() throws {
        var driver = Driver()
        #expect(driver.press(.chooseModel) == [.listEngines])
        #expect(list(driver)?.isAsking == true)
        driver.feed(.engineListed(EngineListing(place: 5, .engine(Self.other))))
        driver.feed(.engineListed(EngineListing(place: 1, .engine(.seeing))))
        driver.feed(.engineListed(EngineListing(place: 3, .none(name: "lab", sentence: "Nothing answers there."))))
        driver.feed(.allEnginesListed)

        let menu = try #require(list(driver))
        #expect(!menu.isAsking)
        #expect(menu.entries.map(\.model.id) == ["glm-4.5v", "words:7b", "eyes:8b"])
        #expect(menu.silent.map(\.sentence) == ["Nothing answers there."])
        #expect(menu.selected(current: driver.state.currentEngine) == 0)
    }

    @Test("an engine that is found at two places is listed once, as the configuration calls it")
    func twice() {
        var driver = Driver()
        driver.press(.chooseModel)
        var named = Self.other
        named.name = "mine"
        driver.feed(.engineListed(EngineListing(place: 7, .engine(Self.other))))
        driver.feed(.engineListed(EngineListing(place: 1, .engine(named))))
        driver.feed(.engineListed(EngineListing(place: 9, .engine(Self.other))))
        #expect(list(driver)?.entries.map(\.engine.name) == ["mine", "mine"])
    }

    @Test("letters narrow the list by model, engine and abilities, and Backspace widens it")
    func filter() {
        var driver = Driver()
        driver.press(.chooseModel)
        driver.feed(.engineListed(EngineListing(place: 1, .engine(.seeing))))
        driver.feed(.engineListed(EngineListing(place: 2, .engine(Self.other))))
        for letter in "olla sees" { driver.feed(.typed(String(letter))) }
        #expect(list(driver)?.entries.map(\.model.id) == ["eyes:8b"])
        #expect(driver.state.composer.isEmpty)
        driver.press(.deleteToLineStart)
        #expect(list(driver)?.entries.count == 3)
        driver.feed(.typed("zzz"))
        #expect(driver.press(.send).isEmpty)
        driver.press(.deleteBackward, .deleteBackward, .deleteBackward, .cancel)
        #expect(driver.state.overlay == nil)
        #expect(driver.state.currentEngine?.model == "glm-4.5v")
    }

    @Test("Enter switches in the middle of a conversation: the next request goes there, prepared for it")
    func switches() throws {
        var driver = Driver()
        let picture = Attachment.picture()
        driver.feed(.attached(picture))
        driver.say("what is it?")
        driver.feed(.questionPrepared(turn: 1, attachments: [picture]))
        driver.answer(.answer("A cat."), .finished(.stop))
        driver.press(.chooseModel)
        driver.feed(.engineListed(EngineListing(place: 1, .engine(.seeing))))
        driver.feed(.engineListed(EngineListing(place: 2, .engine(Self.other))))
        driver.press(.moveDown)
        let asked = driver.press(.send)
        #expect(asked.contains(.preferEngine(Self.other, model: "words:7b")))
        let notice = try #require(driver.state.notice?.text)
        #expect(notice.contains("words:7b on ollama"))
        #expect(notice.contains("cannot see: the text of pictures goes instead"))
        #expect(notice.contains("does not think"))

        let sent = driver.say("and now?")
        let prepared = sent.contains {
            if case .prepare(_, [picture], _, let model, _) = $0 { model?.id == "words:7b" } else { false }
        }
        #expect(prepared)
        driver.feed(.questionPrepared(turn: try #require(driver.state.reply?.turn), attachments: [picture]))
        let order = try #require(driver.order)
        #expect(order.engine.url == Self.other.url)
        #expect(order.request.model == "words:7b" && !order.request.sendsPictures)
        #expect(driver.answers.last?.engine == "ollama" && driver.answers.last?.model == "words:7b")
    }

    @Test("the reply under way is not disturbed, and its trouble is not the new engine's")
    func undisturbed() {
        var driver = Driver()
        driver.say("tell me")
        driver.answer(.answer("Once"))
        let asked = driver.feed(.engineChosen(Self.remote, model: "big"))
        #expect(!asked.contains(.cancelReply(turn: 1)))
        #expect(driver.state.notice?.text.contains("under way is not disturbed") == true)
        #expect(driver.state.notice?.text.contains("leaves this machine") == true)
        driver.answer(.answer(" upon"))
        #expect(driver.answers.last?.text == "Once upon")
        #expect(driver.answers.last?.engine == "lab")
        let failed = driver.feed(.replyFailed(turn: 1, ReplyFailure(.unreachable, "gone")))
        #expect(!failed.contains(.findEngine))
        #expect(driver.state.currentEngine?.engine.name == "far")
    }

    @Test("pictures that are being made ready for the old engine are made ready for the new one")
    func whilePreparing() throws {
        var driver = Driver()
        let picture = Attachment.picture()
        driver.feed(.attached(picture))
        driver.say("what is it?")
        let asked = driver.feed(.engineChosen(Self.other, model: "words:7b"))
        #expect(
            asked.contains { if case .prepare(2, _, _, let model, _) = $0 { model?.vision == false } else { false } })
        driver.feed(.questionPrepared(turn: 1, attachments: [picture]))
        #expect(driver.request == nil)
        driver.feed(.questionPrepared(turn: 2, attachments: [picture]))
        #expect(driver.order?.engine.name == "ollama")
    }

    @Test("/model and /engine switch by name; without one they open the list")
    func slash() {
        var driver = Driver(engine: Self.other)
        driver.say("/model eyes")
        #expect(driver.state.currentEngine?.model == "eyes:8b")
        #expect(driver.say("/model glm-4.5v").contains(.connect(engine: nil, model: "glm-4.5v")))
        #expect(driver.say("/engine lab").contains(.connect(engine: "lab", model: nil)))
        #expect(driver.state.currentEngine?.engine.name == "ollama")
        #expect(driver.say("/model").contains(.listEngines))
        driver.press(.cancel)
        #expect(driver.say("/engine").contains(.listEngines))
        #expect(!driver.effects.contains(.findEngine))
    }

    @Test("Esc stops looking for an engine, fetching and starting, and /engine begins again")
    func stopSearch() {
        var driver = Driver(engine: nil)
        driver.say("Hello")
        driver.feed(.engineChanged(.preparing(step: "Fetching GLM-4.1V", fraction: 0.25)))
        let asked = driver.press(.cancel)
        #expect(asked.contains(.stopFindingEngine))
        #expect(driver.state.composer.text == "Hello")
        guard case .unavailable(let sentence) = driver.state.engine else {
            Issue.record("still \(driver.state.engine)")
            return
        }
        #expect(sentence.contains("Fetching GLM-4.1V was stopped") && sentence.contains("/engine"))
        driver.press(.interrupt)
        #expect(driver.say("/engine").contains(.findEngine))
        #expect(driver.state.engine == .searching)
    }
}
