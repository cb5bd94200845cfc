import Cells
import TestSupport
import Testing

@testable import Terminal

@Suite struct ColorTableTests {
    @Test("takes the nearest colour that the terminal has")
    func nearest() {
        let many = ColorTable(count: 256)
        #expect(many.index(of: .standard) == -1)
        #expect(many.index(of: .palette(200)) == 200)
        #expect(many.index(of: .rgb(255, 0, 0)) == 196)
        #expect(many.index(of: .rgb(0, 0, 0)) == 16)
        #expect(many.index(of: .rgb(255, 255, 255)) == 231)
        #expect(many.index(of: .rgb(128, 128, 128)) == 244)
        #expect(many.index(of: .rgb(95, 135, 175)) == 67)

        let sixteen = ColorTable(count: 16)
        #expect(sixteen.index(of: .rgb(250, 5, 5)) == 9)
        #expect(sixteen.index(of: .palette(12)) == 12)
        #expect(sixteen.index(of: .palette(196)) == 9)

        let eight = ColorTable(count: 8)
        #expect(eight.index(of: .palette(9)) == 1)
        #expect(eight.index(of: .rgb(0, 200, 0)) == 2)
    }

    @Test("words stay legible where few colours make one of two")
    func collision() {
        let eight = ColorTable(count: 8)
        let pair = eight.indices(foreground: .rgb(12, 12, 12), background: .rgb(5, 5, 5))
        #expect(pair.foreground == 7 && pair.background == 0)
        let light = ColorTable(count: 16).indices(foreground: .rgb(250, 250, 250), background: .rgb(255, 255, 255))
        #expect(light.foreground == 0 && light.background == 15)
        // What a theme wants to hide stays hidden.
        let hidden = eight.indices(foreground: .palette(0), background: .palette(0))
        #expect(hidden.foreground == hidden.background)
        #expect(eight.indices(foreground: .standard, background: .standard).foreground == -1)
    }

    @Test("hands colours on where the terminal takes them directly")
    func direct() {
        let direct = ColorTable(count: 1 << 24)
        #expect(direct.index(of: .rgb(0x12, 0x34, 0x56)) == 0x123456)
        #expect(direct.index(of: .rgb(0, 0, 3)) == 8)
        #expect(direct.index(of: .palette(3)) == 3)
        #expect(direct.index(of: .palette(196)) == 0xFF0000)
    }

    @Test("leaves colours out where there are none")
    func none() {
        #expect(ColorTable(count: 0).index(of: .rgb(1, 2, 3)) == -1)
        #expect(ColorTable(count: 2).index(of: .palette(1)) == -1)
    }

    @Test("stays within what the terminal has", arguments: [8, 16, 88, 256])
    func range(count: Int) {
        var random = SeededRandom(seed: 6)
        for _ in 0..<500 {
            let byte = { UInt8.random(in: 0...255, using: &random) }
            let color: Color = Bool.random(using: &random) ? .rgb(byte(), byte(), byte()) : .palette(byte())
            #expect((0..<Int32(count)).contains(ColorTable(count: count).index(of: color)))
        }
    }
}
