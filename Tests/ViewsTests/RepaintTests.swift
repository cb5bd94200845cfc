import Cells
import Conversation
import Session
import TestSupport
import Testing

@testable import Views

/// What is kept from one frame to the next only saves work.
@Suite struct RepaintTests {
    private static func words(_ random: inout SeededRandom) -> String {
        [
            "some words, ", "中文 ", "\n\n", "- item\n", "```swift\nlet x = 1\n", "```\n",
            "| a | b |\n|---|---|\n| 1 | 2 |\n",
            "## Heading\n", "a [link](http://example.org) ", "**bold** ", "> quoted\n", "👩‍👩‍👧 ", "the same line\n\n",
        ].randomElement(using: &random) ?? ""
    }

    /// The same state, drawn by somebody who has seen nothing before.
    private static func afresh(_ session: ScriptedSession) -> Screen {
        var renderer = ScreenRenderer(keymap: session.keymap)
        renderer.secondsFromGMT = { _ in 0 }
        renderer.pictureCell = session.renderer.pictureCell
        return renderer.render(session.state, theme: session.theme, size: session.size)
    }

    @Test("a screen is the same, whatever was drawn before it", arguments: 0..<12)
    func same(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var surface = Theme.dark
        surface.surface = Style(foreground: .palette(7), background: .palette(17))
        var session = session(80, 24)
        session.theme = .dark
        session.type("question<enter>")
        session.reply(.reasoning("thoughts\n\nand more"))
        let keys = [
            "<pageup>", "<pagedown>", "<shift-up>", "<shift-down>", "<ctrl-o>", "typed 中 ", "<backspace>", "<f1>",
            "<esc>",
            "<ctrl-p>", "<tab>", "j", "k", "v", "<ctrl-f>", "word", "<alt-enter>", "<ctrl-end>",
        ]
        for step in 0..<80 {
            switch Int.random(in: 0..<12, using: &random) {
            case 0..<5:
                for _ in 0..<Int.random(in: 1...6, using: &random) { session.reply(.answer(Self.words(&random))) }
            case 5..<10: session.type(keys.randomElement(using: &random) ?? "")
            case 10: session.theme = [.dark, .light, surface, .monochrome].randomElement(using: &random) ?? .dark
            default:
                session.size.columns = [80, 61, 120, 39].randomElement(using: &random) ?? 80
                session.size.rows = [24, 12, 40].randomElement(using: &random) ?? 24
            }
            let drawn = session.draw()
            #expect(drawn == Self.afresh(session), "step \(step)")
        }
    }

    @Test("a word more costs the rows that it changes")
    func sharesRows() {
        var session = session(80, 24)
        session.type("question<enter>")
        session.reply(.answer("one line\n\nanother line\n\nand a third"))
        let before = session.draw().grid
        session.reply(.answer(" word"))
        let after = session.draw().grid

        let drawn = (0..<24).filter { !after.sharesRow($0, with: before) }
        let changed = Set(GridDiff(from: before, to: after).runs.map(\.row))
        #expect(changed.count == 1 || changed.count == 2, "the line, and the speed in the status bar: \(changed)")
        #expect(drawn.count <= 4, "\(drawn)")
    }

    @Test("rows that scroll are not drawn again")
    func scrolls() {
        var session = session(80, 24)
        session.type("question<enter>")
        session.reply(.answer((0..<40).map { "line \($0)\n\n" }.joined()))
        let before = session.draw().grid
        session.reply(.answer("the last one\n\n"))
        let after = session.draw().grid

        let moved = (0..<16).filter { row in (0..<24).contains { before.row($0).sharesStorage(with: after.row(row)) } }
        #expect(moved.count == 16, "\(moved)")
    }
}
