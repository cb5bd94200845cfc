import Cells
import Conversation
import FoundationEssentials
import Session
import TestSupport
import Testing
import Views

@Suite struct ChatsViewTests {
    private static func hits(_ query: String) -> SessionEvent {
        let date = Date(timeIntervalSince1970: 1_763_800_000)
        func hit(_ title: String, _ message: String?, _ place: SearchHit.Place, _ runs: [Snippet.Run]) -> SearchHit {
            SearchHit(
                conversation: "other", title: title, message: message, role: message == nil ? nil : .user, date: date,
                place: place, snippet: Snippet(runs), picture: nil)
        }
        return .chatsFound(
            query: query,
            [
                hit("Broken build", "m1", .words, [.init("the "), .init("linker", isHit: true), .init(" says no")]),
                hit("打印机", "m2", .screen, [.init("打印机 "), .init("linker", isHit: true), .init(" 错误")]),
                hit("linker flags", nil, .title, [.init("linker", isHit: true), .init(" flags")]),
            ])
    }

    @Test("the picture of the chosen hit stands beside the list, whose lines stay where they are")
    func pictures() {
        func hit(_ title: String, _ picture: MediaReference?) -> SearchHit {
            SearchHit(
                conversation: title, title: title, message: "m", role: .user, date: Date(timeIntervalSince1970: 0),
                place: .words, snippet: Snippet([.init("linker", isHit: true)]), picture: picture)
        }
        let found = SessionEvent.chatsFound(
            query: "linker",
            [hit("first", .named("a", 1920, 1080)), hit("second", nil), hit("third", .named("b", 30, 30))])
        var session = session(80, 24)
        session.renderer.pictureCell = PixelSize(width: 10, height: 20)
        session.type("<ctrl-r>linker")
        session.feed(found)

        let first = session.draw()
        #expect(first.pictures.map { String($0.picture.name.prefix(1)) } == ["a"])
        #expect(first.pictures[0].picture.cells.columns <= 24)
        let place = first.pictures[0].visible
        #expect(place.columns == first.pictures[0].picture.cells.columns)
        #expect(place.rows == first.pictures[0].picture.cells.rows)
        let lines = session.rows().filter { $0.contains("second") }
        session.type("<down>")
        #expect(session.draw().pictures.isEmpty)
        #expect(session.rows().filter { $0.contains("second") }.count == lines.count)
        session.type("<down>")
        #expect(session.draw().pictures.map { String($0.picture.name.prefix(1)) } == ["b"])

        // Where pictures are not shown, and on a narrow screen, the lines have all the room.
        for (columns, cell) in [(80, nil), (50, PixelSize(width: 10, height: 20))] {
            var plain = ViewsTests.session(columns, 24)
            plain.renderer.pictureCell = cell
            plain.type("<ctrl-r>linker")
            plain.feed(found)
            #expect(plain.draw().pictures.isEmpty)
        }
    }

    @Test("what is found is shown with title, date, speaker and the words around it")
    func found() {
        var session = session(60, 14)
        session.type("<ctrl-r>linker")
        #expect(session.screen().contains("searching …"))
        session.feed(Self.hits("linker"))
        session.type("<down>")
        expect(
            &session,
            shows: """
                 Ask about anything on your screen.

                ╭─ Earlier chats ──────────────────────────────────────────╮
                │ / linker                                         3 found │
                │   2025-11-22 08:26  Broken build                     you │
                │     the linker says no                                   │
                │ › 2025-11-22 08:26  打印机                        screen │
                │     ◉ 打印机 linker 错误                                 │
                │   2025-11-22 08:26  linker flags                   title │
                │     linker flags                                         │
                ╰─ Enter opens there · Esc closes ─────────────────────────╯
                ────────────────────────────────────────────────────────────
                › Write a question …
                 vllm · GLM-4.5V · thinking on
                """)
        // The hit is marked, on the chosen line too.
        #expect(session.attributes(row: 5).dropFirst(10).prefix(6) == "******")
        #expect(session.attributes(row: 5).dropFirst(6).prefix(3) == "ddd")
        #expect(session.draw().cursor == Point(column: 10, row: 3))
    }

    @Test(
        "it works on every size, and the cursor is behind what is typed",
        arguments: [Size(columns: 40, rows: 10), Size(columns: 80, rows: 24), Size(columns: 160, rows: 48)])
    func sizes(_ size: Size) {
        var session = session(size.columns, size.rows)
        session.type("<ctrl-r>链接器 linker")
        session.feed(Self.hits("链接器 linker"))
        #expect(session.screen().contains("/ 链接器 linker"))
        #expect(session.screen().contains("linker says no"))
        #expect(session.draw().cursor != nil)
        session.type("<down><down>")
        #expect(session.screen().contains("›"))
        #expect(session.screen().contains("linker flags"))
        session.type(String(repeating: "很长", count: 100))
        #expect(session.draw().cursor.map { $0.column < size.columns } == true)
        session.type("<escape>")
        #expect(session.state.overlay == nil)
    }

    @Test("a hit opens at its message, which is marked for a moment")
    func opened() {
        var session = session(60, 14)
        session.feed(.chatOpened(TranscriptTests.chat(of: 40)))
        let message = session.state.conversation.messages[20]
        session.feed(.messageFound(message.id))
        #expect(session.screen().contains("question 11"))
        let row = session.rows().firstIndex { $0.hasPrefix("▌ question 11") }
        #expect(session.attributes(row: row ?? 0).hasPrefix("r"))
        #expect(session.state.scroll != .following)
        session.wait(4)
        #expect(!session.attributes(row: row ?? 0).contains("r"))
        #expect(session.rows()[row ?? 0].hasPrefix("▌ question 11"))
    }

    @Test("pictures that are not kept any more are said to be gone")
    func gone() {
        var session = session(70, 14)
        let picture = Attachment.screenshot()
        var chat = Conversation(createdAt: Date(timeIntervalSince1970: 0))
        chat.messages = [
            Message(role: .user, parts: [.attachment(picture), .text("What?")], createdAt: chat.createdAt),
            Message(role: .user, parts: [.attachment(.clip), .text("And?")], createdAt: chat.createdAt),
        ]
        session.feed(.chatOpened(chat))
        #expect(session.screen().contains("tokens"))
        session.feed(.mediaMissing(Set(picture.pictures.map(\.sha256))))
        #expect(session.screen().contains("▣ screen 1920×1080 · picture no longer kept"))
        #expect(session.screen().contains("◉ recording 10.0 s · recording no longer kept"))
    }
}
