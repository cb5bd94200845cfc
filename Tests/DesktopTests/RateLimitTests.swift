import Testing

@testable import Desktop

@Suite struct RateLimitTests {
    @Test("misses nothing of a source of its own rate that is uneven")
    func jitter() {
        var limit = RateLimit(interval: 1000)
        var random = SeededRandom(seed: 7)
        for frame in 1...1000 {
            let time = UInt64(frame * 1000 + random.next(below: 480))
            #expect(limit.next(after: time) == time)
            limit.use(at: time)
        }
    }

    @Test("keeps to its rate when it is asked all the time")
    func rate() {
        var limit = RateLimit(interval: 1000)
        var time: UInt64 = 50_000
        for _ in 0..<1000 {
            time = limit.next(after: time)
            limit.use(at: time)
            time += 1
        }
        #expect((1_048_000...1_050_000).contains(time))
    }
}
