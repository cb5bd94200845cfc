import Desktop
import Evidence
import Media

/// How many of the events of made-up recordings have a frame that shows them.
struct Recall {
    /// What was seen of a number of recordings at one number of frames.
    struct Tally {
        var events: [StoryEvent.Kind: (seen: Int, all: Int)] = [:]
        var frames = 0
        /// Frames that show nothing but what the frame before shows, apart from clock, caret and spinner.
        var falseKeeps = 0
        var weakest = 1.0

        var recall: Double {
            Double(events.values.reduce(0) { $0 + $1.seen }) / Double(max(1, events.values.reduce(0) { $0 + $1.all }))
        }

        /// How many of the events of each kind were seen, in words.
        var kinds: String {
            StoryEvent.Kind.allCases.map { kind in
                let (seen, all) = events[kind] ?? (0, 0)
                return "\(kind.rawValue) \(seen)/\(all)"
            }.joined(separator: ", ")
        }

        /// The kind of which the smallest share was seen, with that share.
        var weakestKind: String {
            let shares = events.map { ($0.key.rawValue, Double($0.value.seen) / Double(max(1, $0.value.all))) }
            guard let weakest = shares.min(by: { ($0.1, $0.0) < ($1.1, $1.0) }) else { return "none" }
            return "\(weakest.0) with \(Recall.text(weakest.1))"
        }

        mutating func add(_ times: [Double], of story: Story) {
            var seen = 0
            for event in story.events {
                let isSeen = times.contains { $0 >= event.start - 0.001 && $0 < event.end }
                events[event.kind, default: (0, 0)].all += 1
                events[event.kind, default: (0, 0)].seen += isSeen ? 1 : 0
                seen += isSeen ? 1 : 0
            }
            weakest = min(weakest, Double(seen) / Double(story.events.count))
            frames += times.count
            // The last frame goes whatever is on it.
            for (before, after) in zip(times, times.dropFirst().dropLast())
            where story.state(at: before) == story.state(at: after) {
                falseKeeps += 1
            }
        }
    }

    let width = 1280
    let height = 720
    let rate = 15.0
    /// Whether the recordings are encoded and decoded, or their pictures looked at as they are drawn.
    let throughVideo: Bool

    /// Measures, and prints a line for each number of frames.
    func run(seeds: ClosedRange<UInt64>, counts: [Int], isVerbose: Bool) throws {
        var chosen: [Int: Tally] = [:]
        var uniform: [Int: Tally] = [:]
        var candidateCount = 0
        for seed in seeds {
            let story = Story(seed: seed, width: width, height: height)
            let candidates = try candidates(of: story, seed: seed)
            candidateCount += candidates.count
            for count in counts {
                let plan = EvidencePlan(
                    candidates: candidates, frameWidth: width, frameHeight: height, tokens: .max / 2, budget: .glm,
                    maximumCount: count)
                chosen[count, default: Tally()].add(plan.frames.map(\.time), of: story)
                let even = (0..<count).map { story.seconds * Double($0) / Double(max(1, count - 1)) - 0.001 }
                uniform[count, default: Tally()].add(even.map { max(0, $0) }, of: story)
                if isVerbose, count == 32 { explain(plan, of: story, seed: seed) }
            }
        }
        let size = Double(seeds.count)
        print("  recordings \(seeds.count), candidates a recording \(Self.text(Double(candidateCount) / size))")
        for count in counts {
            guard let mine = chosen[count], let even = uniform[count] else { continue }
            print(
                "  \(count) frames: recall \(Self.text(mine.recall)) (uniform \(Self.text(even.recall))), false keeps "
                    + "\(mine.falseKeeps) of \(mine.frames) = "
                    + "\(Self.text(100 * Double(mine.falseKeeps) / Double(max(1, mine.frames)))) %")
            print("    \(mine.kinds); weakest: \(mine.weakestKind), and a recording with \(Self.text(mine.weakest))")
        }
    }

    private func candidates(of story: Story, seed: UInt64) throws -> [Candidate] {
        var screen = StoryScreen(story, width: width, height: height, isDark: seed % 2 == 0)
        if throughVideo { return try encodedCandidates(of: story, on: &screen) }
        var selector = FrameSelector()
        var time = 0.0
        while time < story.seconds {
            screen.canvas(at: time).withLuma { selector.consider(FrameSignature($0), time: time) }
            time += 1 / rate
        }
        return selector.finish(duration: story.seconds)
    }

    private func encodedCandidates(of story: Story, on screen: inout StoryScreen) throws -> [Candidate] {
        let path = try Scratch.file("recall.mkv")
        defer { Scratch.remove(path) }
        try screen.write(to: path, rate: rate)
        return try Survey.candidates(of: path)
    }

    private func explain(_ plan: EvidencePlan, of story: Story, seed: UInt64) {
        for event in story.events
        where !plan.frames.contains(where: { $0.time >= event.start - 0.001 && $0.time < event.end }) {
            print("    \(seed): missed \(event.kind.rawValue) \(Self.text(event.start))–\(Self.text(event.end))")
        }
        for (before, after) in zip(plan.frames, plan.frames.dropFirst().dropLast())
        where story.state(at: before.time) == story.state(at: after.time) {
            print("    \(seed): nothing new at \(Self.text(after.time)) since \(Self.text(before.time)) (\(after.why))")
        }
    }

    static func text(_ number: Double) -> String { "\((number * 1000).rounded() / 1000)" }
}
