import Cells
import Conversation
import Session
import TestSupport
import Testing
import Views

@Suite("Completing what is typed")
struct CompletionTests {
    private let files = [
        Completion.Candidate("Sources/", isOpen: true), Completion.Candidate("screen shot.png", detail: "12 kB"),
        Completion.Candidate("sums.txt", detail: "3 kB"),
    ]

    @Test("@ lists files, letters narrow them, Tab takes one in its place among the words")
    func file() {
        var session = session(60, 14)
        #expect(session.type("see @").contains(.listPaths("")))
        #expect(session.type("s").contains(.listPaths("s")))
        session.feed(.pathsListed(path: "", []))
        #expect(session.state.completion?.isShown == false, "an answer to what was typed before")
        session.feed(.pathsListed(path: "s", files))
        #expect(session.rows()[8...10] == ["› Sources/", "  screen shot.png   12 kB", "  sums.txt          3 kB"])
        session.type("<down>")
        let effects = session.type("<tab>")
        #expect(effects.contains(.attach(path: "screen shot.png", ticket: 1)))
        session.type(" please")
        session.feed(.attachmentReady(ticket: 1, .screenshot("screen shot.png")))
        #expect(session.rows().contains("› see [▣ screen shot.png] please"))
        #expect(session.state.completion == nil)
    }

    @Test("a directory is gone into, one with blanks between quotation marks")
    func directory() {
        var session = session(60, 14)
        session.type("@s")
        session.feed(.pathsListed(path: "s", [Completion.Candidate("my files/", isOpen: true)]))
        #expect(session.type("<enter>").contains(.listPaths("my files/")))
        #expect(session.state.composer.text == "@\"my files/")
        session.feed(.pathsListed(path: "my files/", [Completion.Candidate("my files/a.png")]))
        #expect(session.type("<enter>").contains(.attach(path: "my files/a.png", ticket: 1)))
        #expect(session.state.composer.text == "")
    }

    @Test("Esc closes the list and keeps the words, which are sent as they are; addresses open none")
    func dismissed() {
        var session = session(60, 14)
        session.type("mail me@home @x")
        session.feed(.pathsListed(path: "x", files))
        session.type("<escape>yz")
        #expect(session.state.completion == nil)
        let effects = session.type("<enter>")
        #expect(session.state.conversation.messages.first?.text == "mail me@home @xyz")
        #expect(!effects.contains { if case .listPaths = $0 { true } else { false } })
        session.feed(.pasted("@param x"))
        #expect(session.state.completion == nil, "a paste opens nothing")
    }

    @Test("Enter takes what was typed, not what would have been meant before its last letters")
    func fast() {
        var session = session(60, 14)
        session.type("/attach a")
        session.feed(.pathsListed(path: "a", [Completion.Candidate("aster.png"), Completion.Candidate("abc.png")]))
        let effects = session.type("bc.png<enter>")
        #expect(
            effects.contains {
                if case .attach(let path, _) = $0 { path == "abc.png" } else { false }
            })
        session.type("see @a")
        session.feed(.pathsListed(path: "a", [Completion.Candidate("aster.png"), Completion.Candidate("abc.png")]))
        session.type("s")
        #expect(session.type("<enter>").contains(.attach(path: "aster.png", ticket: 2)))
    }

    @Test("/ lists commands, the best match first; Enter does it, or asks for what it takes")
    func commands() {
        var session = session(70, 20)
        session.type("/th")
        #expect(session.rows().contains { $0.hasPrefix("› /think") })
        session.type("<enter>")
        #expect(session.state.isThinkingOn == false)
        #expect(session.state.composer.isEmpty)
        session.type("/mo<enter>")
        #expect(session.state.composer.text == "/model ")
        session.type("<escape><ctrl-u>/help<enter>")
        #expect(session.state.overlay != nil)
    }

    @Test("behind /theme the themes are named, once it is known which there are")
    func themes() {
        var session = session(70, 20)
        let asked = session.type("/theme ")
        #expect(asked.contains { if case .listThemes = $0 { true } else { false } })
        #expect(!session.screen().contains("solarized"))
        let listings = ["auto", "dark", "solarized-dark", "solarized-light"].map { ThemeListing(name: $0, about: "") }
        session.feed(.themesListed(listings, current: "auto"))
        #expect(session.screen().contains("solarized-light"))
        session.type("light")
        #expect(!session.screen().contains("solarized-dark"))
        let done = session.type("<enter>")
        #expect(done.contains { if case .keepTheme("solarized-light") = $0 { true } else { false } })
        #expect(session.state.overlay == nil)
    }

    @Test("the palette finds commands by what it shows of them first")
    func paletteByTitle() {
        for command in ["new chat", "find in this chat", "thinking mode on or off"] {
            var session = session(70, 20)
            session.type("<ctrl-p>")
            session.type(command)
            #expect(session.rows()[2].contains("› " + command), "\(session.rows()[2])")
        }
    }

    @Test("the palette finds commands by their letters, shows their keys, and has those used last first")
    func palette() {
        var session = session(70, 20)
        session.type("<ctrl-p>")
        #expect(session.screen().contains("Commands"))
        session.type("nech")
        #expect(session.rows()[2].contains("› new chat"))
        #expect(session.rows()[2].contains("Ctrl+N  /new"))
        #expect(session.draw().cursor?.row == 1)
        session.type("<escape><ctrl-t><ctrl-p>")
        #expect(session.rows()[2].contains("› thinking mode on or off"))
        session.type("<enter>")
        #expect(session.state.overlay == nil)
        #expect(session.state.isThinkingOn)
        session.type("<ctrl-p>zzzz")
        #expect(session.screen().contains("nothing is called that"))
        session.type("<enter><ctrl-p>")
        #expect(session.state.overlay == nil)
    }
}
