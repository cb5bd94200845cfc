import Session
import Testing
import Views

@Suite struct KeymapTests {
    @Test("every default key is one, and stands for its command")
    func defaults() {
        let keymap = Keymap()
        #expect(keymap.warnings.isEmpty)
        for command in Command.allCases {
            for key in command.description.keys {
                guard let chord = KeyChord(key) else {
                    Issue.record("\(key) is no key")
                    continue
                }
                #expect(keymap.command(for: chord, in: command.context) == command)
                #expect(chord.description == key)
                #expect(!chord.isTyped || command.context == .transcript)
            }
        }
    }

    @Test(
        "keys are shown as people read them",
        arguments: [
            ("ctrl-t", "Ctrl+T"), ("alt-enter", "Alt+Enter"), ("shift-up", "Shift+↑"), ("f2", "F2"),
            ("wheel-up", "Wheel↑"), ("pageup", "PgUp"), ("ctrl-alt-x", "Ctrl+Alt+X"), ("alt--", "Alt+-"),
            ("ESC", "Esc"), ("ctrl-é", "Ctrl+É"),
        ])
    func labels(_ text: String, _ label: String) { #expect(KeyChord(text)?.label == label) }

    @Test("what is no key is refused", arguments: ["", "ctrl-", "f0", "f25", "f02", "hyper-x", "ctrl-foo", "ab", "\n"])
    func refused(_ text: String) { #expect(KeyChord(text) == nil) }

    @Test("the order of modifiers does not matter")
    func order() {
        #expect(KeyChord("alt-ctrl-x") == KeyChord("ctrl-alt-x"))
        #expect(KeyChord("pgup") == KeyChord("pageup"))
    }

    @Test("an override replaces the defaults and takes keys away")
    func overrides() throws {
        let keymap = Keymap(overrides: ["toggle-thinking": "ctrl-y, f9", "redraw": "ctrl-n", "suspend": "none"])
        #expect(keymap.label(for: .toggleThinking) == "Ctrl+Y")
        #expect(keymap.command(for: try #require(KeyChord("f9"))) == .toggleThinking)
        #expect(keymap.command(for: try #require(KeyChord("ctrl-t"))) == nil)
        #expect(keymap.command(for: try #require(KeyChord("ctrl-n"))) == .redraw)
        #expect(keymap.command(for: try #require(KeyChord("ctrl-z"))) == nil)
        #expect(keymap.label(for: .newChat) == "/new")
        #expect(keymap.label(for: .quit) == "/quit")
        #expect(keymap.warnings == ["[keys] new-chat has no key left."])
    }

    @Test("what is wrong is told, and the rest holds")
    func warnings() throws {
        let keymap = Keymap(overrides: [
            "toggle-thinkin": "ctrl-y", "nonsense-of-mine": "f1", "help": "f99 f12", "send": "a",
            "fold-reasoning": "f12",
        ])
        #expect(keymap.command(for: try #require(KeyChord("f12"))) == .foldReasoning)
        #expect(
            keymap.warnings == [
                "[keys] help: f99 is no key; write it like ctrl-t, alt-enter, shift-up, f2 or pageup.",
                "[keys] nonsense-of-mine: there is no such command.",
                "[keys] send: a types a character; add ctrl- or alt-.",
                "[keys] toggle-thinkin: there is no such command; perhaps toggle-thinking is meant.",
                "[keys] help: f12 stands for fold-reasoning already; give one of them another key.",
            ])
    }

    @Test("letters are commands in the transcript alone, and can be given to others there")
    func transcript() throws {
        let keymap = Keymap(overrides: ["copy-message": "c", "mark-good": "G", "copy-code": "c"])
        let c = try #require(KeyChord(typing: "c"))
        #expect(keymap.command(for: c) == nil)
        #expect(keymap.command(for: c, in: .transcript) == .copyMessage)
        #expect(keymap.command(for: try #require(KeyChord(typing: "G")), in: .transcript) == .markGood)
        #expect(keymap.command(for: try #require(KeyChord("ctrl-t")), in: .transcript) == .toggleThinking)
        #expect(keymap.label(for: .markGood) == "G")
        #expect(keymap.warnings.contains { $0.contains("c stands for copy-message already") })
        #expect(keymap.warnings.contains("[keys] last-message has no key left."))
    }

    @Test("hints name the keys that are set")
    func hints() {
        #expect(Keymap(overrides: ["capture-screen": "ctrl-g"]).label(for: .captureScreen) == "Ctrl+G")
    }
}
