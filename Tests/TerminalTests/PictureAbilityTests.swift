import Cells
import Testing

@testable import Terminal

@Suite struct PictureAbilityTests {
    private func answers(_ bytes: String) -> GraphicsAnswers {
        var decoder = KeyDecoder()
        let events = decoder.feed(bytes.utf8) + decoder.flush()
        #expect(events.isEmpty, "an answer came out as keys")
        return decoder.graphics
    }

    private func ability(
        _ answers: GraphicsAnswers, setting: PictureSetting = .auto, isOver: Bool = true, colors: Int = 256,
        cell: PixelSize? = nil, _ environment: [String: String] = [:]
    ) -> PictureAbility {
        PictureAbility(
            setting: setting, answers: answers, isOver: isOver, cell: cell, colors: colors, environment: environment)
    }

    private static let kittyPlain = "\u{1B}_Gi=4201;OK\u{1B}\\"
    private static let kittyCells = "\u{1B}_Gi=4202;OK\u{1B}\\"

    @Test("the answers of xterm, foot, both kinds of kitty, WezTerm and tmux lead to what they can do")
    func terminals() {
        let xterm = answers(
            "\u{1B}P>|XTerm(379)\u{1B}\\\u{1B}[6;17;8t\u{1B}[?1;0;256S\u{1B}[?63;1;2;4;6;9;15;22c")
        #expect(ability(xterm).method == .sixel)
        #expect(ability(xterm).cell == PixelSize(width: 8, height: 17))
        #expect(ability(xterm).registers == 256)
        #expect(ability(answers("\u{1B}[?62;4;22c")).method == .sixel)
        #expect(ability(answers("\u{1B}[?62;22c")).method == .blocks)
        let new = answers(Self.kittyPlain + Self.kittyCells + "\u{1B}P>|kitty(0.32.2)\u{1B}\\\u{1B}[?62;c")
        #expect(ability(new).method == .kitty)
        let old = answers(Self.kittyPlain + "\u{1B}P>|kitty(0.26.5)\u{1B}\\\u{1B}[?62;c")
        #expect(ability(old).method == .kittyPlaced)
        let other = answers(Self.kittyPlain + Self.kittyCells + "\u{1B}P>|WezTerm 20240203\u{1B}\\\u{1B}[?65;4;6c")
        #expect(ability(other).method == .kittyPlaced)
        let tmux = answers("\u{1B}P>|tmux 3.3a\u{1B}\\\u{1B}[?1;2c")
        #expect(ability(tmux, ["TMUX": "/tmp/tmux"]).method == .blocks)
        #expect(ability(tmux, ["TMUX": "/tmp/tmux"]).reason.contains("allow-passthrough"))
        #expect(ability(answers(Self.kittyCells + "\u{1B}[?1;2c"), ["TMUX": "/tmp/tmux"]).method == .kitty)
        // An older kitty around tmux: nothing can be put at a place that tmux does not know of.
        #expect(ability(answers(Self.kittyPlain + "\u{1B}[?1;2c"), ["TMUX": "/tmp/tmux"]).method == .blocks)
    }

    @Test("sixel pictures are no larger than the terminal draws them")
    func limit() {
        let xterm = answers("\u{1B}[6;17;8t\u{1B}[?2;0;1000;1000S\u{1B}[?63;4c")
        #expect(ability(xterm).limit == Size(columns: 125, rows: 58))
        #expect(ability(xterm, cell: PixelSize(width: 2_000, height: 10)).limit == Size(columns: 1, rows: 100))
        #expect(ability(xterm, setting: .blocks).limit == nil)
        for refusal in ["[?2;1;0S", "[?2;3;0;0S", "[?2;0;0;1000S", "[?2;0;1000S", "[?3;0;9;9S", ""] {
            #expect(ability(answers((refusal.isEmpty ? "" : "\u{1B}" + refusal) + "\u{1B}[?63;4c")).limit == nil)
        }
    }

    @Test("nothing is decided before a terminal has answered or had its time, but for what is certain")
    func waiting() {
        #expect(ability(GraphicsAnswers(), isOver: false).method == .undecided)
        #expect(ability(answers(Self.kittyPlain), isOver: false).method == .undecided)
        #expect(ability(answers(Self.kittyCells), isOver: false).method == .kitty)
        #expect(ability(GraphicsAnswers(), isOver: true).method == .blocks)
        #expect(ability(GraphicsAnswers(), setting: .none, isOver: false).method == .none)
    }

    @Test("what the person set counts, as far as the terminal has the colours")
    func settings() {
        let xterm = answers("\u{1B}[?63;4c")
        #expect(ability(xterm, setting: .blocks).method == .blocks)
        #expect(ability(xterm, setting: .none).method == .none)
        #expect(ability(GraphicsAnswers(), setting: .sixel).method == .sixel)
        #expect(ability(GraphicsAnswers(), setting: .kitty).method == .kitty)
        #expect(ability(GraphicsAnswers(), setting: .kitty, colors: 0).method == .blocks)
        #expect(ability(answers(Self.kittyCells), colors: 0).method == .kittyPlaced)
    }

    @Test("a cell is as large as the line says, then as was answered, then one by two")
    func cell() {
        let answered = answers("\u{1B}[6;20;10t")
        #expect(ability(answered, cell: PixelSize(width: 7, height: 15)).cell == PixelSize(width: 7, height: 15))
        #expect(ability(answered).cell == PixelSize(width: 10, height: 20))
        #expect(ability(GraphicsAnswers()).cell == PixelSize(width: 8, height: 16))
        for strange in ["\u{1B}[6;0;0t", "\u{1B}[6;99999;10t", "\u{1B}[6t", "\u{1B}[4;800;600t", "\u{1B}[8;24;80t"] {
            #expect(answers(strange).cell == nil)
        }
    }

    @Test("tmux gets the kitty questions in an envelope, screen none of them, and the last one is everybody's")
    func questions() {
        let plain = GraphicsAnswers.query(environment: [:])
        #expect(plain.hasPrefix("\u{1B}_G"))
        #expect(plain.hasSuffix("\u{1B}[c"))
        let tmux = GraphicsAnswers.query(environment: ["TMUX": "x"])
        #expect(tmux.hasPrefix("\u{1B}Ptmux;\u{1B}\u{1B}_G"))
        #expect(tmux.hasSuffix("\u{1B}[c"))
        #expect(GraphicsAnswers.query(environment: ["TERM": "tmux-256color"]) == tmux)
        #expect(GraphicsAnswers.query(environment: ["TERM": "screen-256color", "TMUX": "x"]) == tmux)
        #expect(!GraphicsAnswers.query(environment: ["STY": "x"]).contains("\u{1B}_G"))
        #expect(!GraphicsAnswers.query(environment: ["TERM": "screen.xterm"]).contains("\u{1B}_G"))
    }

    @Test("an endless string of a terminal is not kept")
    func endless() {
        var decoder = KeyDecoder()
        _ = decoder.feed("\u{1B}_G".utf8)
        for _ in 0..<1_000 { _ = decoder.feed(Array(repeating: UInt8(ascii: "x"), count: 1_000)) }
        #expect(decoder.feed("\u{1B}\\".utf8).isEmpty)
        #expect(decoder.graphics == GraphicsAnswers())
        #expect(decoder.feed("a".utf8) == [.key(Key("a"))])
    }
}
