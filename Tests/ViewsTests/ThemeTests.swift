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

    @Test("the first of several sheets says how a role looks, and any of them what a name means")
    func sheets() {
        var base = ThemeSheet()
        base.palette = ["accent": .palette(1), "paper": .palette(2)]
        base.looks["link"] = ThemeSheet.Look(foreground: .named("accent"), background: .named("paper"))
        base.looks["code"] = ThemeSheet.Look(foreground: .named("nobody"))
        var child = ThemeSheet()
        child.palette = ["accent": .palette(9)]
        child.looks["link"] = ThemeSheet.Look(foreground: .named("accent"), attributes: .bold)
        #expect(Theme(sheets: [base]).link == Style(foreground: .palette(1), background: .palette(2)))
        #expect(Theme(sheets: [child, base]).link == Style(foreground: .palette(9), attributes: .bold))
        #expect(Theme(sheets: [child, base]).code == Style())
        #expect(Theme(sheets: [child, base]).status == Theme.monochrome.status)
        #expect(Theme(sheets: []) == .monochrome)
        #expect(Theme.unknownNames(in: [base]).map(\.name) == ["nobody"])
        #expect(Set(Theme.roles.map(\.name)).count == Theme.roles.count)
    }

    @Test("a theme with a background of its own leaves no cell without it", arguments: [40, 100])
    func surface(columns: Int) {
        var session = session(columns, 20)
        session.theme = .dark
        session.theme.surface = Style(foreground: .rgb(1, 2, 3), background: .rgb(4, 5, 6))
        session.type("x<enter>")
        session.reply(.reasoning("Hm"), .answer(MarkdownTests.everything))
        for keys in ["", "<f1>", "<escape><tab>"] {
            session.type(keys)
            let cells = session.draw().grid.cells
            #expect(cells.allSatisfy { $0.style.background != .standard && $0.style.foreground != .standard })
        }
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
