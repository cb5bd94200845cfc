import Desktop
import TestSupport
import Testing

struct RegionSelectionTests {
    private static let desktop = Region(x: 0, y: 0, width: 200, height: 100)

    private func selection(last: Region? = nil) -> RegionSelection {
        RegionSelection(bounds: Self.desktop, last: last)
    }

    @Test(
        "spans both pixels that were pointed at, in every direction",
        arguments: [
            (10, 20, 29, 49), (29, 49, 10, 20), (29, 20, 10, 49), (10, 49, 29, 20),
        ])
    func spans(fromX: Int, fromY: Int, toX: Int, toY: Int) {
        var selection = selection()

        selection.press(x: fromX, y: fromY)
        let isTaken = selection.release(x: toX, y: toY)

        #expect(selection.region == Region(x: 10, y: 20, width: 20, height: 30))
        #expect(!isTaken)
        #expect(!selection.isDragging)
    }

    @Test("reaches every edge of the desktop and goes no further")
    func edges() {
        var selection = selection()

        selection.press(x: -40, y: -40)
        _ = selection.release(x: 4000, y: 4000)

        #expect(selection.region == Self.desktop)
    }

    @Test("a click takes what is chosen, and beside it chooses nothing")
    func clicks() {
        var selection = selection()
        selection.press(x: 10, y: 10)
        _ = selection.release(x: 19, y: 19)

        selection.press(x: 15, y: 15)
        let isTaken = selection.release(x: 15, y: 15)
        #expect(isTaken)
        #expect(selection.region == Region(x: 10, y: 10, width: 10, height: 10))
        selection.press(x: 50, y: 50)
        let isTakenBeside = selection.release(x: 50, y: 50)
        #expect(!isTakenBeside)
        #expect(selection.region == nil)
    }

    @Test("carries what is chosen, within the desktop")
    func carries() {
        var selection = selection()
        selection.press(x: 10, y: 10)
        _ = selection.release(x: 19, y: 29)

        selection.press(x: 12, y: 12)
        selection.move(x: 42, y: 22)
        #expect(selection.region == Region(x: 40, y: 20, width: 10, height: 20))
        let isTaken = selection.release(x: 199, y: 99)
        #expect(!isTaken)
        #expect(selection.region == Region(x: 190, y: 80, width: 10, height: 20))
    }

    @Test("a drag that comes back to where it began is no click")
    func returns() {
        var selection = selection()
        selection.press(x: 10, y: 10)
        _ = selection.release(x: 19, y: 19)

        selection.press(x: 15, y: 15)
        selection.move(x: 20, y: 20)

        let isTaken = selection.release(x: 15, y: 15)
        #expect(!isTaken)
        #expect(selection.region == Region(x: 10, y: 10, width: 10, height: 10))
    }

    @Test("keys move and stretch by pixels, and begin with what was chosen before")
    func keys() {
        var selection = selection(last: Region(x: 50, y: 40, width: 20, height: 10))

        selection.nudge(byX: 1, y: 0)
        #expect(selection.region == Region(x: 50, y: 40, width: 20, height: 10))
        selection.nudge(byX: -1, y: 0)
        selection.stretch(byX: 2, y: -3)
        #expect(selection.region == Region(x: 49, y: 40, width: 22, height: 7))
        for _ in 0..<300 { selection.stretch(byX: -10, y: 10) }
        #expect(selection.region == Region(x: 49, y: 40, width: 1, height: 60))
    }

    @Test("keys begin around the pointer where nothing was chosen before, or where that lies outside")
    func begins() {
        for last in [nil, Region(x: 900, y: 900, width: 5, height: 5)] {
            var selection = selection(last: last)
            selection.move(x: 5, y: 50)

            selection.nudge(byX: 0, y: 1)

            #expect(selection.region == Region(x: 0, y: 38, width: 50, height: 25))
        }
    }

    @Test("never leaves the desktop and is never empty, whatever is done", arguments: 0..<40)
    func random(seed: UInt64) {
        var random = TestSupport.SeededRandom(seed: seed)
        var selection = selection(last: Region(x: -30, y: 20, width: 100, height: 300))
        for _ in 0..<200 {
            let (x, y) = (Int.random(in: -300...300, using: &random), Int.random(in: -300...300, using: &random))
            switch Int.random(in: 0..<5, using: &random) {
            case 0: selection.press(x: x, y: y)
            case 1: selection.move(x: x, y: y)
            case 2: _ = selection.release(x: x, y: y)
            case 3: selection.nudge(byX: x, y: y)
            default: selection.stretch(byX: x, y: y)
            }
            guard let region = selection.region else { continue }
            #expect(!region.isEmpty)
            #expect(region.intersection(Self.desktop) == region)
        }
    }
}
