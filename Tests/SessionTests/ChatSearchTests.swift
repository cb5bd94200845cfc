import Conversation
import FoundationEssentials
import Session
import Testing

@Suite("Searching the history")
struct ChatSearchTests {
    private static func hit(_ words: String, in chat: String, message: String?) -> SearchHit {
        SearchHit(
            conversation: chat, title: "Trouble", message: message, role: message == nil ? nil : .assistant,
            date: .distantPast, place: message == nil ? .title : .words, snippet: Snippet([.init(words, isHit: true)]),
            picture: nil)
    }

    private static func menu(_ driver: Driver) -> ChatMenu? {
        if case .chats(let menu) = driver.state.overlay { menu } else { nil }
    }

    @Test("every letter looks anew, and answers to what is not asked any more are not shown")
    func typing() {
        var driver = Driver()
        driver.press(.listChats)
        #expect(driver.feed(.typed("错")) == [.searchChats("错")])
        #expect(driver.feed(.typed("误")) == [.searchChats("错误")])
        driver.feed(.chatsFound(query: "错", [Self.hit("错", in: "a", message: "m")]))
        #expect(Self.menu(driver)?.hits == nil)
        #expect(Self.menu(driver)?.isSearching == true)
        driver.feed(.chatsFound(query: "错误", [Self.hit("错误", in: "b", message: "m")]))
        #expect(Self.menu(driver)?.hits?.map(\.conversation) == ["b"])
        #expect(driver.press(.deleteBackward) == [.searchChats("错")])
        // What was found before stays while the answer is awaited, and cannot be opened by mistake.
        #expect(Self.menu(driver)?.hits?.count == 1)
        #expect(driver.press(.send).isEmpty)
        #expect(driver.press(.deleteBackward).isEmpty)
        #expect(Self.menu(driver)?.hits == nil)
        #expect(driver.state.composer.isEmpty)
    }

    @Test("a word and the whole question are taken back, and a paste is one line")
    func editing() {
        var driver = Driver()
        driver.press(.listChats)
        #expect(driver.feed(.pasted("no such\nfile here")) == [.searchChats("no such file here")])
        #expect(driver.press(.deleteWord) == [.searchChats("no such file ")])
        #expect(driver.press(.deleteToLineStart).isEmpty)
        #expect(Self.menu(driver)?.query == "")
        driver.press(.cancel)
        #expect(driver.state.overlay == nil)
    }

    @Test("a hit opens its message; one in a title opens the chat at its end")
    func opening() {
        var driver = Driver()
        driver.press(.listChats)
        driver.feed(.typed("x"))
        driver.feed(
            .chatsFound(
                query: "x", [Self.hit("x", in: "old", message: "two"), Self.hit("x", in: "other", message: nil)]))
        #expect(driver.press(.send) == [.openMessage("two", in: "old")])
        let old = Conversation(
            id: "old", title: "Trouble", createdAt: .distantPast,
            messages: ["one", "two", "three"].map {
                Message(id: $0, role: .assistant, parts: [.text($0)], createdAt: .distantPast)
            })
        driver.feed(.chatOpened(old))
        driver.feed(.messageFound("two"))
        #expect(driver.state.pointed?.message == "two")
        #expect(driver.state.sight == Sight(message: "two", place: nil))
        driver.feed(.ticked, after: 1)
        #expect(driver.state.pointed != nil)
        driver.feed(.ticked, after: 5)
        #expect(driver.state.pointed == nil)
        #expect(!driver.state.countsSeconds)

        driver.press(.listChats)
        driver.feed(.typed("x"))
        driver.feed(.chatsFound(query: "x", [Self.hit("x", in: "other", message: nil)]))
        #expect(driver.press(.send) == [.openChat("other")])

        // A hit in the conversation on the screen only scrolls to it.
        driver.press(.listChats)
        driver.feed(.typed("x"))
        driver.feed(.chatsFound(query: "x", [Self.hit("x", in: "old", message: "one")]))
        #expect(driver.press(.send).isEmpty)
        #expect(driver.state.pointed?.message == "one")
    }

    @Test("a hit in another branch of the conversation waits for the answer under way")
    func otherBranch() {
        var driver = Driver()
        driver.say("tell me")
        driver.answer(.answer("Once"))
        driver.press(.listChats)
        driver.feed(.typed("x"))
        let hit = Self.hit("x", in: driver.state.conversation.id, message: "elsewhere")
        driver.feed(.chatsFound(query: "x", [hit]))
        #expect(driver.press(.send).isEmpty)
        #expect(driver.state.notice?.text.contains("another branch") == true)
        #expect(driver.answers.last?.outcome == .streaming)
    }

    @Test("the pictures of an old conversation are looked after, each once")
    func media() {
        var driver = Driver()
        let picture = Attachment.picture()
        let old = Conversation(
            id: "old", title: "", createdAt: .distantPast,
            messages: [
                Message(role: .user, parts: [.attachment(picture)], createdAt: .distantPast),
                Message(role: .user, parts: [.attachment(picture)], createdAt: .distantPast),
            ])
        #expect(driver.feed(.chatOpened(old)).contains(.checkMedia(picture.pictures)))
        driver.feed(.mediaMissing([picture.pictures[0].sha256]))
        #expect(driver.state.missingMedia == [picture.pictures[0].sha256])
        #expect(driver.press(.newChat).allSatisfy { if case .checkMedia = $0 { false } else { true } })
        #expect(driver.state.missingMedia.isEmpty)
    }
}
