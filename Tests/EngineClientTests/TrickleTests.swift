import Testing

@testable import EngineClient

/// Which bytes wait for others.
@Suite struct TrickleTests {
    private let start = ContinuousClock.now

    /// What the looks at the sockets bring, and how long each has the next one wait (nil: until something comes).
    private func pauses(_ looks: [(milliseconds: Int, bytes: Int)], pace: Int) -> [Int?] {
        var trickle = Trickle(pace: .milliseconds(pace))
        return looks.map { look in
            trickle.pause(byteCount: look.bytes, at: start + .milliseconds(look.milliseconds)).map {
                Int($0 / .milliseconds(1))
            }
        }
    }

    @Test("what flows is looked for once in a while")
    func flow() {
        #expect(pauses([(0, 70), (10, 70), (44, 210)], pace: 34) == [nil, 34, 34])
    }

    @Test("what is so fast that pieces always wait is looked for less often, and now and then sooner")
    func fast() {
        // Each look comes when the one before wanted it.
        var trickle = Trickle(pace: .milliseconds(30))
        var (now, waits) = (start, [Int]())
        _ = trickle.pause(byteCount: 70, at: now)
        for _ in 0..<18 {
            let wait = trickle.pause(byteCount: 70, at: now) ?? .zero
            waits.append(Int(wait / .milliseconds(1)))
            // Threads wake late.
            now += wait + .milliseconds(5)
        }
        #expect(waits == [30, 30] + Array(repeating: 60, count: 13) + [30, 60, 60])
    }

    @Test("once a look right after a pause brings nothing, a reply is fast no more")
    func slower() {
        let looks = [(0, 70), (1, 70), (31, 70), (61, 70), (121, 0), (125, 70), (155, 70)]
        #expect(pauses(looks, pace: 30) == [nil, 30, 30, 60, nil, nil, 30])
    }

    @Test("what comes slower than that is never kept waiting")
    func slow() {
        #expect(pauses((0..<10).map { ($0 * 70, 70) }, pace: 34).allSatisfy { $0 == nil })
    }

    @Test("after a pause nothing waits")
    func afterPause() {
        #expect(pauses([(0, 70), (10, 70), (500, 70), (510, 70)], pace: 34) == [nil, 34, nil, 34])
    }

    @Test("looks that bring nothing change nothing")
    func nothing() {
        #expect(pauses([(0, 0), (5, 70), (8, 0), (12, 70)], pace: 34) == [nil, nil, nil, 34])
    }

    @Test("what comes in quantity is fetched without a rest")
    func quantity() {
        #expect(pauses([(0, 70), (10, 16_384), (11, 16_384), (12, 70)], pace: 34) == [nil, nil, nil, 34])
    }
}
