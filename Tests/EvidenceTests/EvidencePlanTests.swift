@testable import Evidence
import Testing

@Suite struct EvidencePlanTests {
    private func steps(_ count: Int) -> [Candidate] {
        (0..<count).map { Candidate(time: Double($0), why: $0 == 0 ? .first : .change(0.3), importance: 0.5) }
    }

    @Test("shows everything at full size when there is room")
    func roomy() {
        let plan = EvidencePlan(
            candidates: steps(3), frameWidth: 1280, frameHeight: 720, tokens: 20_000, budget: .glm)
        #expect(plan.frames.map(\.time) == [0, 1, 2])
        #expect((plan.width, plan.height) == (1280, 720))
        #expect(plan.tokens == 3 * (46 * 26 + 2))
    }

    @Test(
        "stays within the tokens, shows first and last, in order of time", arguments: [900, 2500, 6000, 15_000, 40_000])
    func keepsToTheTokens(tokens: Int) {
        let plan = EvidencePlan(
            candidates: steps(100), frameWidth: 1920, frameHeight: 1080, tokens: tokens, budget: .glm, labelTokens: 12)
        #expect(plan.tokens <= tokens)
        #expect(plan.frames.first?.time == 0 && plan.frames.last?.time == 99)
        #expect(zip(plan.frames, plan.frames.dropFirst()).allSatisfy { $0.time < $1.time })
        #expect(plan.frames.count >= 2)
    }

    @Test("shows fewer frames rather than unreadable ones")
    func staysLegible() {
        let plan = EvidencePlan(
            candidates: steps(100), frameWidth: 1920, frameHeight: 1080, tokens: 6000, budget: .glm)
        #expect(plan.width >= 952)
        #expect(plan.frames.count < 10)
        let small = EvidencePlan(
            candidates: steps(100), frameWidth: 640, frameHeight: 360, tokens: 6000, budget: .glm)
        #expect((small.width, small.height) == (640, 360))
    }

    @Test("spreads frames that are as good as each other over time")
    func spreads() {
        let plan = EvidencePlan(
            candidates: steps(101), frameWidth: 640, frameHeight: 360, tokens: 5 * 302, budget: .glm)
        #expect(plan.frames.count == 5)
        let gaps = zip(plan.frames.dropFirst(), plan.frames).map { $0.time - $1.time }
        #expect((gaps.max() ?? 100) <= 26)
    }

    @Test("prefers a new picture to one that was seen")
    func prefersTheNew() {
        var selector = FrameSelector()
        var dialog = Canvas()
        dialog.fill(x: 100, y: 50, width: 400, height: 250, shade: 30)
        var other = Canvas()
        other.fill(x: 0, y: 300, width: 640, height: 60, shade: 120)
        // The dialog opens and closes again and again; the other picture is there once.
        for second in 0..<40 {
            let canvas = second == 31 ? other : second / 5 % 2 == 1 ? dialog : Canvas()
            selector.consider(canvas.signature, time: Double(second))
        }
        let candidates = selector.finish(duration: 40)
        let plan = EvidencePlan(
            candidates: candidates, frameWidth: 640, frameHeight: 360, tokens: 4 * 302, budget: .glm)
        #expect(plan.frames.count == 4)
        #expect(plan.frames.contains { $0.time == 31 })
    }

    @Test("spreads the pictures of one motion rather than showing all of it and nothing else")
    func spreadsMotion() {
        func canvas(_ shade: Int) -> [UInt8] { Array(repeating: UInt8(shade), count: 576) }
        // Eight pictures of a page that scrolls, each new altogether; then a bar of a fortieth of the picture.
        var candidates = [Candidate(time: 0, why: .first, importance: 1, sketch: canvas(0))]
        for step in 1...8 {
            candidates.append(
                Candidate(time: Double(step) * 1.5, why: .motion, importance: 0.4, sketch: canvas(step * 20)))
        }
        var box = canvas(250)
        candidates.append(Candidate(time: 20, why: .change(0.2), importance: 0.8, sketch: box))
        for place in 0..<8 { box[place] = 10 }
        candidates.append(Candidate(time: 23, why: .motion, importance: 0.4, sketch: box))
        for place in 8..<16 { box[place] = 10 }
        candidates.append(Candidate(time: 26, why: .last, importance: 0.8, sketch: box))
        let plan = EvidencePlan(candidates: candidates, showing: 8, width: 640, height: 360)
        #expect(plan.frames.contains { $0.time == 23 }, "\(plan.frames.map(\.time))")
        let scroll = plan.frames.map(\.time).filter { $0 > 0 && $0 < 20 }
        let tight = zip(scroll, scroll.dropFirst()).filter { $1 - $0 < 3 }
        #expect(scroll.count == 4 && tight.count <= 1, "\(scroll)")
    }

    @Test("does not show how a motion comes to rest beside its last picture")
    func restsOnce() {
        func canvas(_ shade: Int) -> [UInt8] { Array(repeating: UInt8(shade), count: 576) }
        // Two pages that scroll: their last pictures are a fifth of a second from where they come to rest.
        var candidates = [Candidate(time: 0, why: .first, importance: 1, sketch: canvas(0))]
        for start in [10.0, 50] {
            for step in 0..<3 {
                let shade = Int(start) + step * 20 + 20
                candidates.append(
                    Candidate(
                        time: start + Double(step) * 3, why: .motion, importance: 0.4, sketch: canvas(shade)))
            }
            candidates.append(
                Candidate(
                    time: start + 6.2, why: .change(1), importance: 0.8, sketch: canvas(Int(start) + 65)))
        }
        candidates.append(Candidate(time: 90, why: .last, importance: 0.8, sketch: canvas(250)))
        let plan = EvidencePlan(candidates: candidates, showing: 8, width: 640, height: 360)
        #expect(plan.frames.map(\.time) == [0, 10, 13, 16.2, 50, 53, 56.2, 90])
    }

    @Test("takes the engine's number of pictures and empty input")
    func limits() {
        let one = EvidencePlan(
            candidates: steps(9), frameWidth: 1920, frameHeight: 1080, tokens: 9000, budget: .glm, maximumCount: 1)
        #expect(one.frames.map(\.time) == [0])
        let none = EvidencePlan(candidates: [], frameWidth: 1920, frameHeight: 1080, tokens: 9000, budget: .glm)
        #expect(none.frames.isEmpty && none.tokens == 0)
        let poor = EvidencePlan(candidates: steps(9), frameWidth: 1920, frameHeight: 1080, tokens: 10, budget: .glm)
        #expect(poor.frames.map(\.time) == [0, 8])
        #expect(poor.width > 0 && poor.height > 0)
    }
}
