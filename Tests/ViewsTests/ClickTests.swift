import Cells
import Conversation
import FoundationEssentials
import Session
import TestSupport
import Testing

@testable import Views

@Suite("Clicks on what can be chosen or opened")
struct ClickTests {
    private func pictured(_ columns: Int, _ rows: Int) -> ScriptedSession {
        var session = session(columns, rows)
        session.renderer.pictureCell = PixelSize(width: 10, height: 20)
        return session
    }

    private func click(_ session: inout ScriptedSession, _ column: Int, _ row: Int) -> [SessionEffect] {
        _ = session.draw()
        return session.mouse(.press(clicks: 1), column, row) + session.mouse(.release, column, row)
    }

    /// Clicks on a text, wherever it is.
    @discardableResult
    private func click(_ session: inout ScriptedSession, _ text: String) throws -> [SessionEffect] {
        let place = try session.find(text)
        return click(&session, place.column, place.row)
    }

    private func viewed(_ session: ScriptedSession) -> String? {
        guard case .picture(let viewing) = session.state.overlay else { return nil }
        let picture = session.state.viewablePictures.first {
            $0.attachment.id == viewing.attachment && $0.number == viewing.number
        }
        return picture.map { String($0.media.sha256.prefix(1)) }
    }

    // MARK: - Pictures

    @Test("a click on a picture shows it on the whole screen, and one on its line opens it in the viewer")
    func pictures() throws {
        var session = pictured(80, 30)
        session.feed(.attached(.picture("a", 1920, 1080)))
        session.feed(.attached(.picture("b", 35, 50)))
        session.type("what is this?<enter>")
        #expect(click(&session, 10, 5) == [])
        #expect(viewed(session) == "a")
        session.type("<esc>")
        // Beside a picture are the rows of its line, and below the first one the second's line is not the first's.
        #expect(click(&session, 60, 5) == [.openMedia(.named("a", 1920, 1080))])
        #expect(session.state.overlay == nil)
        #expect(try click(&session, "▣ b.png") == [.openMedia(.named("b", 35, 50))])
        #expect(try click(&session, "▣ a.png") == [.openMedia(.named("a", 1920, 1080))])
        #expect(click(&session, 3, 14) == [])
        #expect(viewed(session) == "b")
    }

    @Test("a click on a frame of a strip shows that frame")
    func strip() {
        var session = pictured(80, 30)
        let frames = "abcd".enumerated().map {
            TimedPicture(time: Double($0), why: "change", picture: .named($1, 100, 100))
        }
        session.feed(
            .attached(
                Attachment(
                    label: "recording", takenAt: Date(timeIntervalSince1970: 0),
                    content: .recording(Recording(frames: frames, video: nil, seconds: 4)))))
        session.type("what?<enter>")
        let places = session.draw().pictures
        #expect(places.count == 4)
        for place in places {
            #expect(click(&session, place.visible.column + 1, place.visible.row + 1) == [])
            #expect(viewed(session) == String(place.picture.name.prefix(1)))
            session.type("<esc>")
        }
    }

    @Test("what waits in the composer is shown by a click on its picture, and opened by one on its chip")
    func waiting() throws {
        var session = pictured(80, 30)
        session.feed(.attached(.picture("a", 400, 300)))
        session.feed(.attached(.notes))
        session.feed(.attached(.picture("b", 400, 300)))
        let places = session.draw().pictures
        #expect(places.count == 2)
        for place in places {
            #expect(click(&session, place.visible.column, place.visible.row) == [])
            #expect(viewed(session) == String(place.picture.name.prefix(1)))
            session.type("<esc>")
        }
        #expect(try click(&session, "▣ b.png 400") == [.openMedia(.named("b", 400, 300))])
        #expect(try click(&session, "≡ notes.txt") == [])
        #expect(session.state.notice?.text.hasPrefix("This is a text") == true)
        let chip = try session.find("▣ a.png 400")
        // Between the chips is nothing.
        #expect(click(&session, chip.column - 2, chip.row) == [])
        #expect(session.state.overlay == nil)
    }

    @Test("chips that wrapped, were cut or were counted are found where they are, at any width", arguments: 40..<100)
    func chips(width: Int) throws {
        var session = session(width, 24)
        for name in "abcdefghij" { session.feed(.attached(.picture(name, 1920, 1080))) }
        for name in "abcdefghij" {
            // Some are only counted.
            guard session.screen().contains("▣ \(name).png 1920") else { continue }
            #expect(try click(&session, "▣ \(name).png 1920") == [.openMedia(.named(name, 1920, 1080))], "\(name)")
        }
    }

    @Test("a click on what tells of new lines goes to them")
    func newLines() throws {
        var session = session(60, 24)
        session.type("why?<enter>")
        session.reply(.answer((1...80).map { "line \($0)" }.joined(separator: "\n\n")), .finished(.stop))
        session.type("<pageup><pageup>")
        #expect(session.state.scroll != .following)
        try click(&session, "new lines")
        #expect(session.state.scroll == .following)
    }

    // MARK: - Lists

    @Test("in the palette a click does what the row says")
    func palette() throws {
        var session = session(80, 30)
        session.type("<ctrl-p>theme")
        #expect(try click(&session, "choose the colours") == [.listThemes])
        guard case .themes = session.state.overlay else { return #expect(Bool(false), "no list of themes") }
    }

    @Test("in the history a click opens the chat, or the place that was found")
    func history() throws {
        var session = session(80, 24)
        session.type("<ctrl-r>")
        let chats = (1...30).map { number in
            ChatSummary(
                id: "\(number)", title: "Chat number \(number).", createdAt: Date(timeIntervalSince1970: 0),
                updatedAt: Date(timeIntervalSince1970: 1_763_800_000), messageCount: number)
        }
        session.feed(.chatsListed(chats))
        // A click on the frame or the field is none on a row.
        #expect(click(&session, 3, 0) == [] && click(&session, 3, 1) == [])
        for _ in 0..<20 { session.type("<down>") }
        #expect(try click(&session, "Chat number 23.") == [.openChat("23")])

        session.type("<ctrl-r>linker")
        func hit(_ title: String, _ message: String) -> SearchHit {
            SearchHit(
                conversation: title, title: title, message: message, role: .user,
                date: Date(timeIntervalSince1970: 0), place: .words,
                snippet: Snippet([.init("the linker of \(title)")]), picture: nil)
        }
        session.feed(.chatsFound(query: "linker", [hit("first", "m1"), hit("second", "m2"), hit("third", "m3")]))
        // Both rows of a hit are it.
        #expect(try click(&session, "the linker of second") == [.openMessage("m2", in: "second")])
    }

    @Test("in the engine menu a click switches")
    func engines() throws {
        var session = EnginesViewTests.opened(80, 24)
        let effects = try click(&session, "smollm2:135m")
        #expect(session.state.overlay == nil)
        #expect(session.state.currentEngine?.model == "smollm2:135m")
        #expect(!effects.isEmpty)
    }

    @Test("a click shows a theme, and a second one keeps it")
    func themes() throws {
        var session = session(80, 30)
        session.feed(.command(.chooseTheme))
        let names = ["auto", "dark", "night", "paper"]
        session.feed(.themesListed(names.map { ThemeListing(name: $0, about: "for \($0)") }, current: "auto"))
        #expect(try click(&session, "for paper") == [.showTheme("paper")])
        #expect(try click(&session, "for night") == [.showTheme("night")])
        #expect(try click(&session, "for night") == [.keepTheme("night")])
        #expect(session.state.overlay == nil)
    }

    @Test("a click chooses a frame of the sheet, and a second one takes or leaves it")
    func frames() throws {
        var session = session(80, 24)
        session.feed(.attached(.clip))
        session.type("/frames<enter>")
        func sheet() -> FrameSheet? { if case .frames(let sheet) = session.state.overlay { sheet } else { nil } }
        try click(&session, " 4.0 s  change")
        #expect(sheet()?.selected == 2 && sheet()?.keptCount == 6)
        try click(&session, " 4.0 s  change")
        #expect(sheet()?.selected == 2 && sheet()?.keptCount == 5)
        #expect(sheet()?.entries[2].isKept == false)
    }

    @Test("the rows of a list fill its room, have the chosen entry among them, and are found where they are")
    func rows() {
        var random = SeededRandom(seed: 11)
        for _ in 0..<2_000 {
            let area = Rect(
                column: Int.random(in: 0...5, using: &random), row: Int.random(in: 0...5, using: &random),
                columns: Int.random(in: 1...20, using: &random), rows: Int.random(in: 0...12, using: &random))
            let count = Int.random(in: 0...30, using: &random)
            let height = Int.random(in: 1...3, using: &random)
            let selected = Int.random(in: 0...max(0, count - 1), using: &random)
            let list = ListRows(in: area, count: count, selected: selected, height: height)
            let shown = list.shown
            if count > 0, area.rows > 0 { #expect(shown.contains { $0.index == selected }) }
            #expect(zip(shown, shown.dropFirst()).allSatisfy { $0.index + 1 == $1.index })
            var covered = 0
            for (index, place) in shown {
                #expect(area.intersection(place) == place && place.rows >= 1)
                for row in place.rowRange {
                    #expect(list.entry(at: Point(column: place.column, row: row)) == index)
                    covered += 1
                }
            }
            #expect(covered == min(area.rows, min(count, max(1, area.rows / height)) * height))
            #expect(list.entry(at: Point(column: area.column, row: area.row + area.rows)) == nil)
            #expect(list.entry(at: Point(column: area.column - 1, row: area.row)) == nil)
        }
    }
}
