import Desktop
import Evidence
import Testing

@Suite struct RecordingSurveyTests {
    /// A clock with hours and minutes, whose digits are in tiles of their own.
    private func clock(_ time: Double, on canvas: inout Canvas) {
        let seconds = Int(time) + 50
        for (place, digit) in [seconds / 3600, seconds / 60 % 60, seconds % 60].enumerated() {
            canvas.fill(x: 560 + place * 22, y: 2, width: 8, height: 7, shade: UInt8(digit * 37 % 200))
        }
    }

    @Test("the minutes of a clock are part of it")
    func minutes() {
        var selector = FrameSelector()
        for index in 0..<1300 {
            var canvas = Canvas()
            clock(Double(index) / 5, on: &canvas)
            if index >= 900 { canvas.fill(x: 100, y: 200, width: 300, height: 60, shade: 20) }
            selector.consider(canvas.signature, time: Double(index) / 5)
        }
        let found = selector.finish(duration: 260)
        #expect(found.contains { abs($0.time - 180) < 0.01 }, "\(found.map(\.time))")
        #expect(found.count <= 4, "\(found.map(\.time))")
    }

    @Test("what flashes up for a moment is kept, whatever follows it", arguments: [0.1, 0.15, 0.2, 0.4])
    func flashes(seconds: Double) {
        var selector = FrameSelector()
        for index in 0..<200 {
            let time = Double(index) / 20
            var canvas = Canvas()
            if time >= 4, time < 4 + seconds { canvas.fill(x: 400, y: 30, width: 200, height: 60, shade: 30) }
            selector.consider(canvas.signature, time: time)
        }
        let found = selector.finish(duration: 10)
        #expect(found.contains { abs($0.time - 4) < 0.01 }, "\(found.map(\.time))")
    }

    @Test("a stretch may be passed over when nothing but a clock differs, and then the clock still is one")
    func passes() {
        var selector = FrameSelector()
        func canvas(_ time: Double, box: Bool = false) -> Canvas {
            var canvas = Canvas()
            canvas.fill(x: 601, y: 2, width: 7, height: 6, shade: UInt8(Int(time) * 67 % 200))
            if box { canvas.fill(x: 100, y: 80, width: 200, height: 100, shade: 10) }
            return canvas
        }
        // Not before the clock is known as one.
        selector.consider(canvas(0).signature, time: 0)
        let early = selector.pass(to: canvas(1).signature, time: 1)
        #expect(!early)
        for index in 1...240 { selector.consider(canvas(Double(index) / 10).signature, time: Double(index) / 10) }
        let quiet = selector.pass(to: canvas(300.5).signature, time: 300.5)
        let busy = selector.pass(to: canvas(310, box: true).signature, time: 310)
        #expect(quiet && !busy)
        for index in 0...200 {
            let time = 300.5 + Double(index) / 10
            selector.consider(canvas(time, box: index >= 100).signature, time: time)
        }
        let found = selector.finish(duration: 321)
        #expect(found.contains { abs($0.time - 310.5) < 0.01 }, "\(found.map(\.time))")
        #expect(found.count <= 4, "\(found.map(\.time))")
    }

    @Test("a survey tells times that go up, and the last picture's")
    func survey() {
        var survey = RecordingSurvey()
        #expect(survey.lastTime == nil)
        let bytes = [UInt8](repeating: 90, count: 320 * 180)
        bytes.withUnsafeBytes { bytes in
            let luma = FrameSignature(LumaView(bytes: bytes, width: 320, height: 180, stride: 320))
            survey.look(at: luma, time: 0)
            let mayPass = survey.mayPass(to: luma, time: 4)
            #expect(mayPass)
            survey.look(at: luma, time: 4)
        }
        #expect(survey.lastTime == 4)
        let found = survey.finish(duration: 2)
        #expect(found.map(\.time) == [0])
    }

    @Test("of any candidates, for any budget: within the tokens, in order, no more than the engine takes")
    func budget() {
        var random = SeededGenerator(seed: 17)
        for round in 0..<300 {
            var time = 0.0
            let candidates = (0..<Int.random(in: 1...200, using: &random)).map { _ in
                time += Double.random(in: 0.05...9, using: &random)
                return Candidate(
                    time: time, why: .change(Double.random(in: 0...1, using: &random)),
                    importance: Double.random(in: 0...1, using: &random))
            }
            let tokens = Int.random(in: 200...60_000, using: &random)
            let most = Int.random(in: 1...70, using: &random)
            let plan = EvidencePlan(
                candidates: candidates, frameWidth: Int.random(in: 40...8000, using: &random),
                frameHeight: Int.random(in: 40...5000, using: &random), tokens: tokens, budget: .glm, labelTokens: 8,
                maximumCount: most)
            #expect(plan.tokens <= tokens, "round \(round)")
            #expect(plan.frames.count <= min(most, candidates.count) && !plan.frames.isEmpty)
            #expect(zip(plan.frames, plan.frames.dropFirst()).allSatisfy { $0.time < $1.time })
            #expect(plan.frames.first?.time == candidates.first?.time)
            if most > 1 { #expect(plan.frames.last?.time == candidates.last?.time) }
        }
    }
}
