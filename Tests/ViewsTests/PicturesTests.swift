import Cells
import Conversation
import FoundationEssentials
import Session
import TestSupport
import Testing
import Views

@Suite struct PicturesTests {
    /// A session in a terminal with cells of 10×20 pixels; `▒` is what is left to a picture.
    private func pictured(_ columns: Int, _ rows: Int) -> ScriptedSession {
        var session = session(columns, rows)
        session.renderer.pictureCell = PixelSize(width: 10, height: 20)
        return session
    }

    private func rows(_ session: inout ScriptedSession) -> [String] {
        session.rows().map { $0.replacing("\u{10EEEE}", with: "▒") }
    }

    @Test("a picture stands below its line, half as wide as the screen at most, and small ones as large as they are")
    func transcript() {
        var session = pictured(80, 30)
        session.feed(.attached(.picture("a", 1920, 1080)))
        session.feed(.attached(.picture("b", 35, 50)))
        session.type("what is this?<enter>")
        let rows = rows(&session)
        #expect(rows[0] == "▌ ▣ a.png 1920×1080 · 2693 tokens")
        #expect(rows[1] == "▌ " + String(repeating: "▒", count: 39))
        #expect(rows[11] == rows[1])
        #expect(rows[12].hasPrefix("▌ ▣ b.png 35×50"))
        #expect(rows[13] == "▌ ▒▒▒▒")
        #expect(rows[15] == "▌ ▒▒▒▒")
        #expect(rows[16] == "▌ what is this?")
        let places = session.draw().pictures
        #expect(places.map(\.picture.drawn) == [PixelSize(width: 390, height: 219), PixelSize(width: 35, height: 50)])
    }

    @Test("where no pictures are shown, or the screen is low, the line is all there is")
    func without() {
        for (shows, height) in [(false, 30), (true, 13)] {
            var session = session(80, height)
            if shows { session.renderer.pictureCell = PixelSize(width: 10, height: 20) }
            session.feed(.attached(.picture("a", 1920, 1080)))
            session.type("what?<enter>")
            #expect(session.draw().pictures.isEmpty)
            #expect(rows(&session)[1] == "▌ what?")
        }
    }

    @Test("what is gone or cannot be read is a line, and what is being read does not move")
    func gone() {
        var session = pictured(80, 30)
        session.feed(.attached(.picture("a", 1920, 1080)))
        session.type("what?<enter>")
        session.reply(.answer("An answer."), .finished(.stop))
        #expect(session.draw().pictures.count == 1)
        session.feed(.pictureUnreadable(String(repeating: "a", count: 64)))
        #expect(session.draw().pictures.isEmpty)
        #expect(rows(&session)[1] == "▌ what?")
        #expect(rows(&session)[3] == "An answer.")
        session.feed(.mediaMissing([String(repeating: "a", count: 64)]))
        #expect(rows(&session)[0].contains("no longer kept"))
    }

    @Test("a recording is a strip of its frames, the first and the last among them, with their times")
    func recording() {
        var session = pictured(60, 40)
        session.feed(.attached(.clip))
        session.type("what happened?<enter>")
        let rows = rows(&session)
        #expect(rows[0].hasPrefix("▌ ◉ recording 10.0 s · 6 frames"))
        let strip = "▌ " + Array(repeating: String(repeating: "▒", count: 12), count: 4).joined(separator: " ")
        #expect(rows[1...6].allSatisfy { $0 == strip })
        #expect(rows[7] == "▌ 0.0 s        2.0 s        6.0 s        10.0 s")
        #expect(rows[8] == "▌ what happened?")
        #expect(session.draw().pictures.count == 4)
    }

    @Test("what waits in the composer is seen above its chips, but not on a low screen")
    func composer() {
        var session = pictured(80, 26)
        session.feed(.attached(.picture("a", 1920, 1080)))
        session.feed(.attached(.notes))
        session.feed(.attached(.picture("b", 20, 30)))
        let rows = rows(&session)
        #expect(rows[19...21].allSatisfy { $0.hasPrefix("  ▒▒▒▒▒▒▒▒▒▒▒") })
        #expect(rows[19...20].allSatisfy { $0 == "  ▒▒▒▒▒▒▒▒▒▒▒  ▒▒" })
        #expect(rows[22].hasPrefix("  ▣ a.png 1920×1080"))
        session.size = Size(columns: 80, rows: 23)
        #expect(session.draw().pictures.isEmpty)
    }

    @Test("Enter in the transcript looks at a picture, arrows turn to the others, letters enlarge, Esc and q close")
    func viewing() {
        var session = pictured(80, 24)
        session.feed(.attached(.picture("a", 1920, 1080)))
        session.type("what?<enter>")
        session.reply(.answer("An answer."), .finished(.stop))
        session.feed(.attached(.clip))
        session.type("and this?<enter><tab>g<enter>")
        var rows = rows(&session)
        #expect(rows[23].hasPrefix(" a.png · 1920×1080 · 1 of 7"))
        #expect(rows[23].hasSuffix("Esc closes"))
        #expect(rows[12] == String(repeating: "▒", count: 80))
        #expect(session.draw().pictures.map(\.picture.drawn) == [PixelSize(width: 800, height: 450)])

        session.type("++")
        #expect(rows_(&session)[23].contains("225 %"))
        let whole = session.draw().pictures[0].picture
        #expect(whole.part.width == 853 && whole.part.height == 490)
        session.type("hhhhhhhhkkkkkkkk")
        #expect(session.draw().pictures[0].picture.part.x == 0)
        #expect(session.draw().pictures[0].picture.part.y == 0)
        session.type("llllllllllllll")
        #expect(session.draw().pictures[0].picture.part.x == 1920 - 853)
        session.type("0")
        #expect(session.draw().pictures[0].picture.isWhole)

        session.type("<right><right>")
        rows = rows_(&session)
        #expect(rows[23].hasPrefix(" recording · 2.0 s · 1092×1092 · 3 of 7"))
        session.type("<left><left><left><left>")
        #expect(rows_(&session)[23].contains("1 of 7"))
        #expect(session.type("o") == [.openMedia(.named("a", 1920, 1080))])
        session.type("<escape>")
        #expect(session.state.overlay == nil)
        #expect(session.state.reading != nil)
        session.type("<enter>q")
        #expect(session.state.overlay == nil)
    }

    @Test("on the whole screen a picture is no larger than the terminal draws any, and stands in the middle")
    func limited() {
        var session = pictured(140, 50)
        session.renderer.pictureLimit = Size(columns: 100, rows: 50)
        session.feed(.attached(.picture("a", 1920, 1080)))
        session.type("<tab>")
        #expect(session.draw().pictures.map(\.picture.drawn) == [PixelSize(width: 1000, height: 563)])
        #expect(rows(&session)[24] == String(repeating: " ", count: 20) + String(repeating: "▒", count: 100))
        session.type("++")
        #expect(session.draw().pictures.allSatisfy { $0.picture.drawn.width <= 1000 })
    }

    private func rows_(_ session: inout ScriptedSession) -> [String] { rows(&session) }

    @Test("a message without a picture says so, and Tab in an empty chat looks at what waits")
    func nothing() {
        var session = pictured(80, 24)
        session.feed(.attached(.picture("a", 1920, 1080)))
        session.type("<tab>")
        #expect(rows(&session)[23].hasPrefix(" a.png · 1920×1080"))
        session.type("q<backspace>what?<enter><tab><enter>")
        #expect(session.state.overlay == nil)
        #expect(session.state.notice?.text == "There is no picture in this message.")
    }

    @Test("what is opened over pictures takes their cells")
    func overlay() {
        var session = pictured(80, 30)
        session.feed(.attached(.picture("a", 1920, 1080)))
        session.type("what?<enter>")
        let before = session.draw().grid.cells.filter { $0.isPicture }.count
        session.type("<f1>")
        let screen = session.draw()
        #expect(screen.pictures.count == 1)
        #expect(screen.grid.cells.filter { $0.isPicture }.count < before)
        session.type("<escape>")
        #expect(session.draw().grid.cells.filter { $0.isPicture }.count == before)
    }

    @Test("a place in a picture is the same share of it on a screen of another size")
    func anchor() {
        var session = pictured(100, 30)
        session.feed(.attached(.picture("a", 1000, 1000)))
        session.type("what?<enter>")
        session.reply(.answer((0..<60).map { "Line \($0).\n\n" }.joined()), .finished(.stop))
        session.type("<tab>g<tab><shift-down><shift-down>")
        func top(_ session: inout ScriptedSession) -> Double? {
            session.draw().pictures.first.map { Double($0.rows.lowerBound) / Double($0.picture.cells.rows) }
        }
        let share = top(&session)
        #expect(share == 5.0 / 12)
        for (columns, rows) in [(60, 30), (100, 20), (140, 44), (100, 30)] {
            session.size = Size(columns: columns, rows: rows)
            #expect(abs((top(&session) ?? 9) - 5.0 / 12) <= 1.0 / 7)
        }
        #expect(top(&session) == share)
    }

    @Test("whatever scrolls, streams and is resized, marked cells are exactly what pictures have in sight")
    func random() {
        var random = SeededRandom(seed: 9)
        var session = pictured(90, 30)
        var count = 0
        for step in 0..<400 {
            switch Int.random(in: 0..<9, using: &random) {
            case 0:
                let name = Character(Unicode.Scalar(UInt8(97 + count % 26)))
                count += 1
                let sizes = [0, 1, 40, 900, 4_000, 1_000_000]
                session.feed(
                    .attached(
                        .picture(
                            name, sizes.randomElement(using: &random) ?? 1, sizes.randomElement(using: &random) ?? 1)))
            case 1:
                session.type("q\(step)<enter>")
                session.reply(.answer("Some words.\n\n```\ncode\n"))
            case 2: session.reply(.answer("more words of the answer\n"), .finished(.stop))
            case 3: session.feed(.attached(.clip))
            case 4:
                session.size = Size(
                    columns: Int.random(in: 40...140, using: &random), rows: Int.random(in: 10...50, using: &random))
            case 5: session.type("<f1>")
            case 6: session.type("<escape>")
            default:
                session.type(
                    ["<pageup>", "<shift-up>", "<shift-down>", "<pagedown>", "<tab>"].randomElement(using: &random)
                        ?? "")
            }
            let screen = session.draw()
            var left = Set<Point>()
            for (index, place) in screen.pictures.enumerated() {
                #expect(screen.grid.bounds.intersection(place.visible) == place.visible)
                #expect(place.rows.upperBound <= place.picture.cells.rows && place.rows.lowerBound >= 0)
                for row in place.visible.rowRange {
                    for column in place.visible.columnRange {
                        let point = Point(column: column, row: row)
                        #expect(left.insert(point).inserted, "picture \(index) lies over another")
                    }
                }
            }
            let marked = (0..<screen.grid.size.rows).flatMap { row in
                (0..<screen.grid.size.columns).map { Point(column: $0, row: row) }.filter { screen.grid[$0].isPicture }
            }
            #expect(left.isSuperset(of: marked))
            let isCovered = session.state.overlay != nil || session.state.scroll != .following
            #expect(isCovered || left.count == marked.count)
        }
    }

    @Test("a picture on the screen costs a streamed token nothing")
    func cost() {
        func seconds(_ withPicture: Bool) -> Double {
            var session = pictured(160, 48)
            if withPicture { session.feed(.attached(.picture("a", 1920, 1080))) }
            session.type("what?<enter>")
            let clock = ContinuousClock()
            return clock.measure {
                for token in 0..<200 {
                    session.reply(.answer("word\(token) "))
                    _ = session.draw()
                }
            } / .seconds(1)
        }
        _ = seconds(false)
        #expect(seconds(true) < 1.5 * seconds(false) + 0.05)
    }
}
