import Conversation
import FoundationEssentials
import Session
import Testing

@Suite("Overlays")
struct OverlayTests {
    @Test("old conversations are listed, chosen and opened; the one under way is kept")
    func chats() {
        var driver = Driver()
        driver.say("tell me")
        driver.answer(.answer("Once"))
        #expect(driver.press(.listChats) == [.listChats])
        let chats = ["a", "b", "c"].map {
            ChatSummary(id: $0, title: $0, createdAt: .distantPast, updatedAt: .distantPast, messageCount: 2)
        }
        driver.feed(.chatsListed(chats))
        driver.press(.moveDown, .moveDown, .moveDown, .moveUp)
        guard case .chats(let menu) = driver.state.overlay else {
            Issue.record("the list is not open")
            return
        }
        #expect(menu.chats == chats)
        #expect(menu.selected == 1)
        #expect(driver.press(.send) == [.openChat("b")])

        let old = Conversation(id: "b", title: "b", createdAt: .distantPast)
        let asked = driver.feed(.chatOpened(old))
        #expect(driver.state.conversation == old)
        #expect(asked.contains { if case .save(let message, _) = $0 { message.outcome == .stopped } else { false } })
    }

    @Test("choosing the conversation that is open only closes the list")
    func sameChat() {
        var driver = Driver()
        driver.say("tell me")
        driver.answer(.answer("Once"))
        driver.press(.listChats)
        let id = driver.state.conversation.id
        driver.feed(
            .chatsListed([
                ChatSummary(id: id, title: "", createdAt: .distantPast, updatedAt: .distantPast, messageCount: 2)
            ]))
        #expect(driver.press(.send).isEmpty)
        #expect(driver.state.overlay == nil)
        #expect(driver.answers.last?.outcome == .streaming)
    }

    @Test("the help opens, scrolls and closes, and nothing is typed through it")
    func help() {
        var driver = Driver()
        driver.press(.help, .pageDown)
        #expect(driver.state.overlay == .help(top: 10))
        driver.feed(.typed("x"))
        driver.press(.cancel)
        #expect(driver.state.overlay == nil)
        #expect(driver.state.composer.isEmpty)
    }

    @Test("a model is fetched only when the person agrees")
    func offer() {
        var driver = Driver(engine: nil)
        let offer = EngineOffer(name: "GLM", byteCount: 1 << 32, licence: "MIT", alternative: "SmolLM2")
        driver.feed(.engineChanged(.offering(offer)))
        #expect(driver.say("Hello").allSatisfy { $0 != .acceptOffer })
        #expect(driver.press(.send) == [.acceptOffer])

        driver.feed(.engineChanged(.offering(offer)))
        #expect(driver.press(.cancel) == [.declineOffer])
    }

    @Test("the fold key hides what is seen and shows what is not")
    func fold() {
        var driver = Driver()
        driver.say("think")
        driver.answer(.reasoning("hm"))
        driver.press(.foldReasoning)
        #expect(driver.state.reasoningFold == .folded)
        driver.press(.foldReasoning)
        #expect(driver.state.reasoningFold == .open)

        var other = Driver()
        other.say("think")
        other.answer(.reasoning("hm"), .answer("yes"))
        other.press(.foldReasoning)
        #expect(other.state.reasoningFold == .open)
    }

    @Test("every command has a name of its own, and no two share a default key or a slash word")
    func table() {
        let keys = Command.allCases.flatMap(\.description.keys)
        #expect(Set(keys).count == keys.count)
        let words = Command.allCases.compactMap(\.description.slash)
        #expect(Set(words).count == words.count)
        for word in words { #expect(Command(slash: word)?.description.slash == word) }
    }
}
