import Desktop
import TestSupport
import Testing

struct HotkeyChordTests {
    @Test(
        "reads what people write, and writes it in one way",
        arguments: [
            ("Super+Shift+S", "Super+Shift+S"), ("shift + super + s", "Super+Shift+S"), ("Win+F4", "Super+F4"),
            ("Print", "Print"), ("prtsc", "Print"), ("Shift+Print", "Shift+Print"), ("Control+alt+1", "Ctrl+Alt+1"),
            ("Mod4+plus", "Super+Plus"), ("Super+ä", "Super+Ä"), ("XF86Launch1", "XF86Launch1"), ("F12", "F12"),
            ("Super+space", "Super+Space"), ("Super+-", "Super+-"), ("ctrl+pgup", "Ctrl+PageUp"),
        ])
    func reads(text: String, expected: String) throws {
        let chord = try #require(HotkeyChord(text))

        #expect(chord.description == expected)
        #expect(HotkeyChord(chord.description) == chord)
    }

    @Test(
        "refuses what is no chord, and letters that nobody could write any more",
        arguments: [
            "", "+", "Super+", "+S", "Super", "S", "Shift+S", "Space", "Shift+Space", "Super++S", "Super+Super+S",
            "Hyper+S", "Super+SS", "F0", "F25", "Super+\u{1B}", "Super+\u{200B}x", "XF86", "XF86a-b", "Super+👍🏽",
        ])
    func refuses(text: String) {
        #expect(HotkeyChord(text) == nil)
    }

    @Test("survives anything", arguments: 0..<50)
    func hostile(seed: UInt64) {
        var random = TestSupport.SeededRandom(seed: seed)
        for count in 0..<30 {
            for text in [random.scalars(count: count), "Super+" + random.scalars(count: count % 3)] {
                guard let chord = HotkeyChord(text) else { continue }
                #expect(HotkeyChord(chord.description) == chord, "\(text.debugDescription)")
            }
        }
    }
}
