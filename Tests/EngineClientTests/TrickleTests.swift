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
        #expect(pauses([(0, 70), (10, 70), (44, 210), (78, 210)], pace: 34) == [nil, 34, 34, 34])
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
