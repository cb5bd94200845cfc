import Session
import Testing
import Views

@Suite("Keys that others take")
struct KeyRivalTests {
    @Test("each multiplexer's keys are warned of, with what does the same")
    func collisions() throws {
        let collisions = Keymap().collisions
        func find(_ rival: String, _ command: Command) -> [KeyCollision] {
            collisions.filter { $0.rival.name == rival && $0.command == command }
        }
        #expect(find("tmux", .moveLeft).map(\.chord.description) == ["ctrl-b"])
        #expect(find("tmux", .moveLeft).first?.instead == "←")
        #expect(find("screen", .moveToLineStart).first?.instead == "Home")
        #expect(find("zellij", .toggleThinking).first?.instead == "/think")
        #expect(find("zellij", .palette).first?.instead == nil)
        #expect(find("zellij", .quit).isEmpty)
    }

    @Test("keys that were changed are not warned of any more")
    func changed() {
        let keymap = Keymap(overrides: ["toggle-thinking": "f6", "palette": "ctrl-b"])
        #expect(!keymap.collisions.contains { $0.command == .toggleThinking })
        #expect(keymap.collisions.contains { $0.command == .palette && $0.rival.name == "tmux" })
        #expect(!keymap.collisions.contains { $0.command == .moveLeft && $0.rival.name == "tmux" })
    }

    @Test("every key in the table is one, and it is known where the chat runs")
    func table() {
        for rival in KeyRival.all {
            #expect(!rival.isHere([:]))
            if let variable = rival.variable { #expect(rival.isHere([variable: "x"])) }
        }
        #expect(Keymap().warnings.isEmpty)
    }
}
