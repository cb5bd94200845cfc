import Cells
import TestSupport
import Testing

@testable import Terminal

@Suite struct KeyDecoderTests {
    static let table: [(String, [TerminalEvent])] = [
        ("\u{1B}]11;rgb:ffff/8000/0000\u{1B}\\", [.background(RGB(255, 128, 0))]),
        ("\u{1B}]11;rgb:1e/1e/2e\u{7}x", [.background(RGB(0x1E, 0x1E, 0x2E)), .key(Key("x"))]),
        ("\u{1B}]11;rgba:f/0/8/f\u{7}", [.background(RGB(255, 0, 136))]), ("\u{1B}]10;rgb:ff/ff/ff\u{7}", []),
        ("\u{1B}]11;rgb:ff/ff\u{7}", []), ("\u{1B}]11;rgb:zz/00/00\u{7}", []), ("\u{1B}]11;?\u{7}", []),
        ("\u{1B}[?997;1n", [.ground(isDark: true)]), ("\u{1B}[?997;2n", [.ground(isDark: false)]),
        ("\u{1B}[?997;3n", []), ("\u{1B}[?997n", []),
        ("a", [.key(Key("a"))]), ("A", [.key(Key("A"))]), (" ", [.key(Key(" "))]), ("é", [.key(Key("é"))]),
        ("中👍", [.key(Key("中")), .key(Key("👍"))]),
        ("\r", [.key(Key(.enter))]), ("\n", [.key(Key("j", .control))]), ("\t", [.key(Key(.tab))]),
        ("\u{7F}", [.key(Key(.backspace))]), ("\u{8}", [.key(Key(.backspace))]), ("\0", [.key(Key(" ", .control))]),
        ("\u{3}", [.key(Key("c", .control))]), ("\u{1A}", [.key(Key("z", .control))]),
        ("\u{14}", [.key(Key("t", .control))]), ("\u{1F}", [.key(Key("_", .control))]),
        ("\u{1B}a", [.key(Key("a", .alt))]), ("\u{1B}S", [.key(Key("S", .alt))]), ("\u{1B}é", [.key(Key("é", .alt))]),
        ("\u{1B}\r", [.key(Key(.enter, .alt))]), ("\u{1B}\u{7F}", [.key(Key(.backspace, .alt))]),
        ("\u{1B}\u{14}", [.key(Key("t", [.alt, .control]))]),
        ("\u{1B}[A", [.key(Key(.up))]), ("\u{1B}OA", [.key(Key(.up))]), ("\u{1B}[1;5C", [.key(Key(.right, .control))]),
        ("\u{1B}[1;2D", [.key(Key(.left, .shift))]), ("\u{1B}[1;3B", [.key(Key(.down, .alt))]),
        ("\u{1B}\u{1B}[A", [.key(Key(.up, .alt))]), ("\u{1B}[a", [.key(Key(.up, .shift))]),
        ("\u{1B}Oa", [.key(Key(.up, .control))]),
        ("\u{1B}[H", [.key(Key(.home))]), ("\u{1B}[1~", [.key(Key(.home))]), ("\u{1B}[7~", [.key(Key(.home))]),
        ("\u{1B}OH", [.key(Key(.home))]), ("\u{1B}[F", [.key(Key(.end))]), ("\u{1B}[4~", [.key(Key(.end))]),
        ("\u{1B}[2~", [.key(Key(.insert))]), ("\u{1B}[3~", [.key(Key(.delete))]),
        ("\u{1B}[3;5~", [.key(Key(.delete, .control))]), ("\u{1B}[3$", [.key(Key(.delete, .shift))]),
        ("\u{1B}[3^", [.key(Key(.delete, .control))]), ("\u{1B}[5~", [.key(Key(.pageUp))]),
        ("\u{1B}[6;2~", [.key(Key(.pageDown, .shift))]), ("\u{1B}[Z", [.key(Key(.backTab))]),
        ("\u{1B}OP", [.key(Key(.function(1)))]), ("\u{1B}[11~", [.key(Key(.function(1)))]),
        ("\u{1B}[[A", [.key(Key(.function(1)))]), ("\u{1B}[[E", [.key(Key(.function(5)))]),
        ("\u{1B}[1;2Q", [.key(Key(.function(2), .shift))]), ("\u{1B}O5P", [.key(Key(.function(1), .control))]),
        ("\u{1B}[15~", [.key(Key(.function(5)))]), ("\u{1B}[24~", [.key(Key(.function(12)))]),
        ("\u{1B}[24;5~", [.key(Key(.function(12), .control))]),
        ("\u{1B}[13;2u", [.key(Key(.enter, .shift))]), ("\u{1B}[27;2;13~", [.key(Key(.enter, .shift))]),
        ("\u{1B}[13;5u", [.key(Key(.enter, .control))]), ("\u{1B}[27u", [.key(Key(.escape))]),
        ("\u{1B}[99;5u", [.key(Key("c", .control))]), ("\u{1B}[99;6u", [.key(Key("c", [.shift, .control]))]),
        ("\u{1B}[97;2u", [.key(Key("A"))]), ("\u{1B}[115;3u", [.key(Key("s", .alt))]),
        ("\u{1B}[9;2u", [.key(Key(.backTab))]), ("\u{1B}[127;5u", [.key(Key(.backspace, .control))]),
        ("\u{1B}[97;1:3u", []), ("\u{1B}[97;9u", []), ("\u{1B}[99;133u", [.key(Key("c", .control))]),
        ("\u{1B}[57414u", [.key(Key(.enter))]), ("\u{1B}[57419u", [.key(Key(.up))]), ("\u{1B}[57441u", []),
        ("\u{1B}[200~one\r\ntwo\rthree\u{1B}[31m\u{1B}[201~", [.paste("one\ntwo\nthree[31m")]),
        ("\u{1B}[200~\u{1B}[201~", [.paste("")]),
        ("\u{1B}[200~a\u{1B}[20\u{1B}[201~b", [.paste("a[20"), .key(Key("b"))]),
        ("\u{1B}[201~", []),
        ("\u{1B}[<64;10;5M", [.wheel(.up, at: Point(column: 9, row: 4))]),
        ("\u{1B}[<65;1;1M", [.wheel(.down, at: Point(column: 0, row: 0))]),
        ("\u{1B}[<0;3;4M", [.mouse(MouseEvent(.press, at: Point(column: 2, row: 3)))]),
        ("\u{1B}[<0;3;4m", [.mouse(MouseEvent(.release, at: Point(column: 2, row: 3)))]),
        ("\u{1B}[<34;3;4M", [.mouse(MouseEvent(.drag, .right, at: Point(column: 2, row: 3)))]),
        ("\u{1B}[<20;3;4M", [.mouse(MouseEvent(.press, at: Point(column: 2, row: 3), modifiers: [.shift, .control]))]),
        ("\u{1B}[<66;3;4M", []), ("\u{1B}[<0;0;0M", []), ("\u{1B}[<0;3M", []),
        ("\u{1B}[M !!", [.mouse(MouseEvent(.press, at: Point(column: 0, row: 0)))]),
        ("\u{1B}[M`!!", [.wheel(.up, at: Point(column: 0, row: 0))]),
        ("\u{1B}[I", [.focus(true)]), ("\u{1B}[O", [.focus(false)]),
        ("\u{1B}]10;rgb:0000/0000/0000\u{7}x", [.key(Key("x"))]),
        ("\u{1B}]10;rgb:0000/0000/0000\u{1B}\\x", [.key(Key("x"))]),
        ("\u{1B}P1+r436f=323536\u{1B}\\x", [.key(Key("x"))]),
        ("\u{1B}[?62;4c", []), ("\u{1B}[>41;354;0c", []), ("\u{1B}[24;80R", []), ("\u{1B}[?2026;2$y", []),
        ("\u{1B}[?0u", []),
        ("\u{1B}[99999999999999999999999999~x", [.key(Key("x"))]),
        ("\u{1B}[\u{1B}[A", [.key(Key(.up))]),
    ]

    @Test("decodes what terminals send, in any cut", arguments: table.indices)
    func decodes(index: Int) {
        let (text, expected) = Self.table[index]
        let bytes = Array(text.utf8)

        for cut in 0...bytes.count {
            var decoder = KeyDecoder()
            let events = decoder.feed(bytes[..<cut]) + decoder.feed(bytes[cut...])
            #expect(events == expected)
            #expect(decoder.pendingTimeout == nil)
        }
    }

    @Test("takes what stays half read for a key once the time is over")
    func flushes() {
        let table: [(String, [TerminalEvent])] = [
            ("\u{1B}", [.key(Key(.escape))]), ("\u{1B}\u{1B}", [.key(Key(.escape)), .key(Key(.escape))]),
            ("\u{1B}[", [.key(Key("[", .alt))]), ("\u{1B}O", [.key(Key("O", .alt))]),
            ("\u{1B}]", [.key(Key("]", .alt))]), ("\u{1B}P", [.key(Key("P", .alt))]), ("\u{1B}[1;5", []),
        ]
        for (text, expected) in table {
            var decoder = KeyDecoder()

            #expect(decoder.feed(text.utf8).isEmpty)
            #expect(decoder.pendingTimeout == .milliseconds(25))
            #expect(decoder.flush() == expected)
            #expect(decoder.pendingTimeout == nil)
            #expect(decoder.feed("a".utf8) == [.key(Key("a"))])
        }
    }

    @Test("neither ends a paste nor loses a scalar when time passes")
    func patience() {
        var decoder = KeyDecoder()
        _ = decoder.feed("\u{1B}[200~slow".utf8)

        #expect(decoder.pendingTimeout == nil)
        #expect(decoder.flush().isEmpty)
        #expect(decoder.feed(" paste\u{1B}[201~".utf8) == [.paste("slow paste")])

        _ = decoder.feed([0xE4, 0xB8])
        #expect(decoder.flush().isEmpty)
        #expect(decoder.feed([0xAD]) == [.key(Key("中"))])
    }

    @Test("leaves out broken UTF-8 and keeps what follows")
    func broken() {
        var decoder = KeyDecoder()

        let events = decoder.feed([0xFF, 0xC0, 0x80, 0xE4, 0xB8, 0x61, 0xED, 0xA0, 0x80, 0xF4, 0x90, 0x80, 0x80, 0x62])

        #expect(events == [.key(Key("a")), .key(Key("b"))])
    }

    @Test("hears what the terminal answers about itself")
    func answers() {
        var decoder = KeyDecoder()
        _ = decoder.feed("\u{1B}[?2026;0$y".utf8)
        #expect(decoder.answers == [])

        _ = decoder.feed("\u{1B}[?1u\u{1B}[?2026;2$y".utf8)

        #expect(decoder.answers == [.keyboardProtocol, .synchronizedOutput])
    }

    @Test("gives the same events in any cut and recovers, whatever the bytes", arguments: 0..<50)
    func random(seed: Int) {
        var random = SeededRandom(seed: UInt64(seed))
        let alphabet = Array("\u{1B}\u{1B}\u{1B}[[[OMm<~u;:?$0123456789ABPab\r]\u{7}\\é".utf8)
        let bytes = (0..<400).map { _ in
            Bool.random(using: &random)
                ? alphabet.randomElement(using: &random) ?? 0 : UInt8.random(in: 0...255, using: &random)
        }
        var whole = KeyDecoder()
        let expected = whole.feed(bytes)

        var pieces = KeyDecoder()
        var events: [TerminalEvent] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Int.random(in: 1...min(7, rest.count), using: &random)
            events += pieces.feed(rest.prefix(count))
            rest = rest.dropFirst(count)
        }

        #expect(events == expected)
        for case .key(let key) in events {
            if case .character(let character) = key.code {
                #expect(
                    character.unicodeScalars.allSatisfy { !$0.properties.isNoncharacterCodePoint && $0.value >= 0x20 })
            }
        }
        _ = pieces.feed("\u{1B}[201~".utf8)
        _ = pieces.flush()
        #expect(pieces.feed("x".utf8).last == .key(Key("x")))
    }

    @Test("reads a large paste in time in proportion to it")
    func largePaste() {
        var decoder = KeyDecoder()
        let line = "some text with \u{1B}[20 and ümlauts\r\n"

        let events = decoder.feed("\u{1B}[200~\(String(repeating: line, count: 20_000))\u{1B}[201~".utf8)

        guard case .paste(let text) = events.first else {
            Issue.record("no paste in \(events.count) events")
            return
        }
        #expect(text == String(repeating: "some text with [20 and ümlauts\n", count: 20_000))
    }
}

@Suite("Long pastes")
struct LongPasteTests {
    @Test("more than is kept is counted, wherever it is cut, and the keys after it count again")
    func tooLong() {
        var decoder = KeyDecoder()
        var events = decoder.feed(Array("\u{1B}[200~".utf8))
        let chunk = [UInt8](repeating: UInt8(ascii: "x"), count: 65_537) + [0x1B]
        for _ in 0..<200 { events += decoder.feed(chunk) }
        events += decoder.feed(Array("\u{1B}[201".utf8))
        events += decoder.feed(Array("~a".utf8))
        #expect(events == [.longPaste(byteCount: 200 * 65_538), .key(Key("a"))])
    }

    @Test("a megabyte is pasted whole, with escapes in it")
    func long() {
        var decoder = KeyDecoder()
        let line = "some words\u{1B}[20 and more\r\n"
        let text = String(repeating: line, count: 40_000)
        var events: [TerminalEvent] = []
        let bytes = Array("\u{1B}[200~\(text)\u{1B}[201~".utf8)
        for start in stride(from: 0, to: bytes.count, by: 4_099) {
            events += decoder.feed(bytes[start..<min(start + 4_099, bytes.count)])
        }
        #expect(events == [.paste(String(repeating: "some words[20 and more\n", count: 40_000))])
    }
}
