import Cells
import Conversation
import Session
import TestSupport
import Testing
import Views

@Suite struct ThemeTests {
    @Test("without colours there are none on the screen")
    func monochrome() {
        var session = session(80, 40)
        session.type("x<enter>")
        session.reply(.reasoning("Hm"), .answer(MarkdownTests.everything))
        let colors = session.draw().grid.cells.flatMap { [$0.style.foreground, $0.style.background] }
        #expect(colors.allSatisfy { $0 == .standard })
        session.theme = .dark
        #expect(session.draw().grid.cells.contains { $0.style.foreground != .standard })
    }

    @Test("a theme changes how it looks, and not what is said")
    func sameText() {
        var session = session(80, 40)
        session.type("x<enter>")
        session.reply(.reasoning("Hm"), .answer(MarkdownTests.everything))
        let rows = session.rows()
        for theme in [Theme.dark, .light, .monochrome] {
            session.theme = theme
            #expect(session.rows() == rows)
        }
    }

    @Test("themes have names")
    func names() {
        #expect(Theme.named("dark") == .dark)
        #expect(Theme.named("light") == .light)
        #expect(Theme.named("monochrome") == .monochrome)
        #expect(Theme.named("neon") == nil)
    }

    @Test("a block of code is filled to the edge")
    func codeFill() {
        var session = session(60, 20)
        session.theme = .dark
        session.type("x<enter>")
        session.reply(.answer("```\nshort\n```"))
        let row = session.draw().grid.row(2)
        #expect(row.allSatisfy { $0.style.background == Theme.dark.codeBlock.background })
    }
}
