import Evidence
import Testing

@Suite struct RecordingPartTests {
    private func candidates(_ times: [Double], large: Set<Double> = []) -> [Candidate] {
        times.map { Candidate(time: $0, why: .change(large.contains($0) ? 0.9 : 0.02), importance: 0.5) }
    }

    @Test("a short recording is one part, and nothing is none")
    func short() {
        let parts = RecordingPart.cut(candidates([0, 3, 8]), duration: 10, longest: 60, mostCandidates: 50)
        #expect(parts.count == 1)
        #expect(parts.first?.start == 0 && parts.first?.end == 10)
        #expect(RecordingPart.cut([], duration: 10, longest: 60, mostCandidates: 50).isEmpty)
    }

    @Test("it is cut where most of the picture changes")
    func cutsAtScenes() {
        let times = Array(stride(from: 0.0, through: 118, by: 2))
        let parts = RecordingPart.cut(
            candidates(times, large: [44, 90]), duration: 120, longest: 60, mostCandidates: 99)
        #expect(parts.map(\.start) == [0, 44, 90])
        #expect(parts.map(\.end) == [44, 90, 120])
    }

    @Test("a long stretch in which nothing changes stays in one piece")
    func stillness() {
        let parts = RecordingPart.cut(candidates([0, 500, 501]), duration: 900, longest: 60, mostCandidates: 9)
        #expect(parts.map(\.start) == [0, 500])
        #expect(parts.last?.end == 900)
    }

    @Test("parts follow each other without gaps, hold every candidate once, and are no larger than asked for")
    func properties() {
        var random = SeededGenerator(seed: 91)
        for round in 0..<200 {
            var time = 0.0
            var all: [Candidate] = []
            for _ in 0..<Int.random(in: 1...300, using: &random) {
                all.append(
                    Candidate(
                        time: time, why: .change(Double.random(in: 0...1, using: &random)), importance: 0.5))
                time += Double.random(in: 0.05...20, using: &random)
            }
            let longest = Double.random(in: 1...90, using: &random)
            let most = Int.random(in: 1...40, using: &random)
            let parts = RecordingPart.cut(all, duration: time, longest: longest, mostCandidates: most)
            #expect(parts.first?.start == 0 && parts.last?.end == time, "round \(round)")
            #expect(zip(parts, parts.dropFirst()).allSatisfy { $0.end == $1.start })
            #expect(parts.flatMap(\.candidates) == all)
            for part in parts {
                #expect(!part.candidates.isEmpty && part.candidates.count <= most)
                let span = (part.candidates.last?.time ?? 0) - part.start
                #expect(span <= longest, "round \(round)")
            }
        }
    }
}
