import Evidence
import Testing

@Suite struct FrameSelectorTests {
    /// Runs a selector over a scene that is sampled at a rate.
    private func candidates(
        seconds: Double, rate: Double = 10, skipEqual: Bool = false, scene: (Double) -> Canvas
    ) -> [Candidate] {
        var selector = FrameSelector()
        var before: FrameSignature?
        for index in 0..<Int((seconds * rate).rounded()) {
            let time = Double(index) / rate
            let signature = scene(time).signature
            if skipEqual, signature == before { continue }
            before = signature
            selector.consider(signature, time: time)
        }
        return selector.finish(duration: seconds)
    }

    @Test("a picture that stands still is one candidate")
    func stillness() {
        let found = candidates(seconds: 4) { _ in Canvas() }
        #expect(found.map(\.time) == [0])
        #expect(found.map(\.why) == [.first])
    }

    @Test("no samples, no candidates")
    func nothing() {
        var selector = FrameSelector()
        #expect(selector.finish(duration: 3).isEmpty)
    }

    @Test("a change that settles is kept at the time when it appeared", arguments: [false, true])
    func settledChange(skipEqual: Bool) throws {
        let found = candidates(seconds: 6, skipEqual: skipEqual) { time in
            var canvas = Canvas()
            if time >= 2 { canvas.fill(x: 100, y: 80, width: 200, height: 150, shade: 40) }
            if time >= 4 { canvas.fill(x: 400, y: 100, width: 100, height: 80, shade: 90) }
            return canvas
        }
        #expect(found.map(\.time) == [0, 2, 4])
        #expect(found.first?.why == .first && found.last?.why == .last)
        let change = try #require(found.dropFirst().first)
        guard case .change(let part) = change.why else {
            Issue.record("expected a change, got \(change.why)")
            return
        }
        #expect(abs(part - 200.0 * 150 / (640 * 360)) < 0.06)
    }

    @Test("a transition is skipped, where it ends is kept")
    func transition() {
        // A window slides in for 0.4 s, at 30 frames a second.
        let found = candidates(seconds: 4, rate: 30) { time in
            var canvas = Canvas()
            let progress = min(1, max(0, (time - 1) / 0.4))
            if progress > 0 { canvas.fill(x: Int(640 - 400 * progress), y: 40, width: 400, height: 250, shade: 60) }
            return canvas
        }
        #expect(found.count == 2)
        #expect(abs((found.last?.time ?? 0) - 1.4) < 0.05)
    }

    @Test("a blinking caret is not kept", arguments: [2.0, 10, 20])
    func caret(rate: Double) {
        let found = candidates(seconds: 10, rate: rate, skipEqual: true) { time in
            var canvas = Canvas()
            if Int(time / 0.53) % 2 == 0 { canvas.fill(x: 200, y: 100, width: 2, height: 18, shade: 0) }
            return canvas
        }
        // The last look differs from the first by the caret at most.
        #expect(found.count <= 2, "\(found.map(\.time))")
        #expect(found.first?.time == 0)
    }

    @Test("a clock and a spinner are not kept, what happens beside them is")
    func clockAndSpinner() {
        let found = candidates(seconds: 30, rate: 20) { time in
            var canvas = Canvas()
            canvas.fill(x: 601, y: 2, width: 7, height: 6, shade: UInt8(Int(time) * 67 % 200))
            let angle = Int(time * 20) % 8
            canvas.fill(x: 30 + (angle % 4) * 3, y: 300 + (angle / 4) * 5, width: 3, height: 4, shade: 0)
            if time >= 17 { canvas.fill(x: 200, y: 100, width: 200, height: 100, shade: 30) }
            return canvas
        }
        #expect(found.contains { abs($0.time - 17) < 0.3 }, "\(found.map(\.time))")
        #expect(found.count <= 4, "\(found.map(\.time))")
    }

    @Test("a clock whose digits lie across tiles is not kept", arguments: [203, 206, 208])
    func digitsAcrossTiles(x: Int) {
        // What a tile has of a seven-segment digit often stays as it is from one second to the next.
        let segments: [[Int]] = [
            [0, 1, 2, 4, 5, 6], [2, 5], [0, 2, 3, 4, 6], [0, 2, 3, 5, 6], [1, 2, 3, 5], [0, 1, 3, 5, 6],
            [0, 1, 3, 4, 5, 6], [0, 2, 5], [0, 1, 2, 3, 4, 5, 6], [0, 1, 2, 3, 5, 6],
        ]
        let places = [
            (1, 0, 5, 2), (0, 1, 2, 6), (5, 1, 2, 6), (1, 6, 5, 2), (0, 7, 2, 6), (5, 7, 2, 6), (1, 12, 5, 2),
        ]
        let found = candidates(seconds: 58, rate: 10, skipEqual: true) { time in
            var canvas = Canvas()
            for (index, digit) in [Int(time) / 10 + 1, Int(time) % 10].enumerated() {
                for segment in segments[digit] {
                    let (left, top, width, height) = places[segment]
                    canvas.fill(x: x + index * 9 + left, y: 103 + top, width: width, height: height, shade: 10)
                }
            }
            if time >= 40 { canvas.fill(x: 400, y: 200, width: 100, height: 60, shade: 40) }
            return canvas
        }
        #expect(found.contains { abs($0.time - 40) < 0.2 }, "\(found.map(\.time))")
        #expect(found.count <= 4, "\(found.map(\.time))")
    }

    @Test("of a motion that is over, the middle tells more than what is before and after it")
    func middleOfMotion() throws {
        // A bar fills in ten seconds, in a box that goes.
        let found = candidates(seconds: 16, rate: 15) { time in
            var canvas = Canvas()
            guard time >= 2, time < 13 else { return canvas }
            canvas.fill(x: 200, y: 100, width: 240, height: 100, shade: 120)
            canvas.fill(x: 210, y: 150, width: Int(min(1, (time - 2) / 10) * 220), height: 12, shade: 20)
            return canvas
        }
        let motion = found.filter { $0.why == .motion }
        let most = try #require(motion.max { $0.importance < $1.importance })
        #expect(motion.count >= 4 && motion.filter { $0.importance == most.importance }.count == 1)
        #expect((5...9).contains(most.time), "\(motion.map { ($0.time, $0.importance) })")
    }

    @Test("typing is not taken for blinking")
    func typing() {
        let found = candidates(seconds: 8, rate: 10) { time in
            var canvas = Canvas()
            for character in 0..<min(30, Int(time / 0.2)) {
                canvas.fill(x: 40 + character * 8, y: 100, width: 5, height: 9, shade: 10)
            }
            return canvas
        }
        #expect(found.count > 10)
        #expect(abs((found.last?.time ?? 0) - 6) < 0.15)
    }

    @Test("slow drift adds up")
    func drift() {
        // A quarter of a level each sample: no step is seen, the whole way is.
        let found = candidates(seconds: 20, rate: 10) { time in
            Canvas(shade: UInt8(40 + time * 2.5))
        }
        #expect(found.count >= 8)
        #expect(found.count <= 20)
    }

    @Test("motion that never settles gives a candidate each second or two, spread evenly")
    func motion() {
        let found = candidates(seconds: 16, rate: 15) { time in
            var canvas = Canvas()
            canvas.fill(x: Int(time * 30) % 500, y: 100, width: 140, height: 160, shade: UInt8(Int(time * 90) % 200))
            return canvas
        }
        let gaps = zip(found.dropFirst(), found).map { $0.time - $1.time }
        #expect((8...17).contains(found.count), "\(found.map(\.time))")
        #expect(gaps.allSatisfy { $0 <= 2.1 })
        #expect(gaps.dropLast().allSatisfy { $0 >= 0.9 })
        #expect(found.last?.why == .last)
    }

    @Test("first and last are there whatever happens, times go up")
    func firstAndLast() {
        var random = SeededGenerator(seed: 11)
        for round in 0..<12 {
            var selector = FrameSelector()
            var time = 0.0
            var canvas = Canvas(width: 320, height: 180)
            var lastSeen = 0.0
            for _ in 0..<60 {
                selector.consider(canvas.signature, time: time)
                lastSeen = time
                time += Double.random(in: 0.01...0.6, using: &random)
                canvas.fill(
                    x: Int.random(in: 0..<300, using: &random), y: Int.random(in: 0..<160, using: &random),
                    width: Int.random(in: 10...120, using: &random), height: Int.random(in: 10...90, using: &random),
                    shade: UInt8.random(in: 0...255, using: &random))
            }
            let found = selector.finish(duration: time)
            #expect(found.first?.time == 0, "round \(round)")
            #expect(found.first?.why == .first)
            #expect((found.last?.time ?? 0) <= lastSeen && (found.last?.time ?? 0) > lastSeen - 2)
            #expect(found.last?.why == .last)
            #expect(zip(found, found.dropFirst()).allSatisfy { $0.time < $1.time })
        }
    }

    @Test("remembers a bounded number of candidates, spread over the whole recording")
    func bounded() {
        var selector = FrameSelector(maximumCount: 40)
        let looks = [Canvas(shade: 10).signature, Canvas(shade: 90).signature, Canvas(shade: 170).signature]
        for index in 0..<2000 { selector.consider(looks[index % 3], time: Double(index)) }
        let found = selector.finish(duration: 2000)
        #expect(found.count <= 41)
        #expect(found.first?.time == 0 && found.last?.time == 1999)
        let gaps = zip(found.dropFirst(), found).map { $0.time - $1.time }
        #expect(gaps.max() ?? 0 < 700)
    }
}
