import Testing

@testable import X11Desktop

@Suite struct TickClockTests {
    @Test("keeps to its times however long the work takes")
    func grid() {
        var clock = TickClock(start: 1000, interval: 100)
        #expect(clock.next(after: 1000) == 1100)
        #expect(clock.next(after: 1090) == 1100)
        #expect(clock.next(after: 1101) == 1200)
        #expect(clock.next(after: 1234) == 1300)
        clock.skip(to: 1305)
        #expect(clock.next(after: 1306) == 1400)
        #expect(clock.next(after: 1290) == 1400)
        clock.skip(to: 900)
        #expect(clock.next(after: 1306) == 1400)
    }
}
