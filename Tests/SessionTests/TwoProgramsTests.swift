import Conversation
import FoundationEssentials
import Session
import Testing

@Suite("Two programs with one chat")
struct TwoProgramsTests {
    private static let chat = Conversation(
        title: "shared", createdAt: .distantPast,
        messages: [
            Message(role: .user, parts: [.text("one")], createdAt: .distantPast),
            Message(role: .assistant, parts: [.text("half")], createdAt: .distantPast, outcome: .stopped),
            Message(role: .user, parts: [.text("two")], createdAt: .distantPast, outcome: .queued),
        ])

    @Test("a chat that another Scry has open is read, not asked in; what waits there is left to it")
    func elsewhere() {
        var driver = Driver()
        let opened = driver.feed(.chatOpenedElsewhere(Self.chat))
        #expect(driver.state.conversation == Self.chat)
        #expect(driver.state.notice?.text.contains("Another Scry has this chat open") == true)
        #expect(opened.allSatisfy { if case .ask = $0 { false } else { true } })
        driver.feed(.engineChanged(.ready(.seeing, model: "glm-4.5v")))
        #expect(driver.say("three").contains(.openChat(Self.chat.id)))
        #expect(driver.press(.continueReply).allSatisfy { if case .ask = $0 { false } else { true } })
        #expect(driver.request == nil)
        #expect(driver.state.composer.text == "three")
        #expect(driver.state.conversation == Self.chat)
    }

    @Test("when the other has let go, the chat is read anew and asked in")
    func free() {
        var driver = Driver()
        driver.feed(.chatOpenedElsewhere(Self.chat))
        driver.say("three")
        var now = Self.chat
        now.messages.removeLast()
        #expect(driver.feed(.chatOpened(now)).contains(.claimChat(now.id)))
        #expect(driver.state.composer.text == "three")
        #expect(driver.state.notice?.text.contains("let go") == true)
        driver.press(.send)
        #expect(driver.request?.messages.map(\.text) == ["one", "half", "three"])
    }
}
