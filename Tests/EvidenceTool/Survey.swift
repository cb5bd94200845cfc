import Desktop
import Evidence
import Glibc
import Media

/// What the program does with a video before it chooses frames.
enum Survey {
    static func candidates(of path: String) throws -> [Candidate] {
        let reader = try VideoReader(path: path)
        var survey = RecordingSurvey()
        try reader.skim(
            measure: { FrameSignature($0) }, look: { survey.look(at: $0, time: $1) },
            mayPass: { survey.mayPass(to: $0, time: $1) })
        return survey.finish(duration: reader.duration)
    }

    /// Chooses 32 frames and encodes them; says how often it looked, what it passed over and, if asked, what it found.
    static func choose(_ path: String, isVerbose: Bool) throws {
        let reader = try VideoReader(path: path)
        var survey = RecordingSurvey()
        var (looks, passes, offers) = (0, 0, 0)
        try reader.skim(
            measure: { FrameSignature($0) },
            look: {
                looks += 1
                survey.look(at: $0, time: $1)
            },
            mayPass: {
                offers += 1
                let mayPass = survey.mayPass(to: $0, time: $1)
                if mayPass { passes += 1 }
                return mayPass
            })
        let candidates = survey.finish(duration: reader.duration)
        let reading = CPUTime.seconds
        let plan = EvidencePlan(
            candidates: candidates, frameWidth: reader.width, frameHeight: reader.height, tokens: .max / 2,
            budget: .glm, maximumCount: 32)
        for choice in plan.frames {
            _ = try StillEncoder().encode(try reader.frame(at: choice.time), size: (plan.width, plan.height))
        }
        print(
            "  \(reader.duration) s: \(looks) pictures looked at, \(passes) of \(offers) quiet stretches passed over, "
                + "\(candidates.count) candidates, \(plan.frames.count) frames; CPU-seconds: "
                + "reading \(Recall.text(reading)), encoding \(Recall.text(CPUTime.seconds - reading))")
        guard isVerbose else { return }
        let chosen = Set(plan.frames.map(\.time))
        for candidate in candidates {
            print(
                "    \(Recall.text(candidate.time)) \(candidate.why)\(chosen.contains(candidate.time) ? ", goes" : "")")
        }
    }
}

/// What all threads of this process have used.
enum CPUTime {
    static var seconds: Double { Double(clock()) / Double(CLOCKS_PER_SEC) }
}

extension StoryScreen {
    /// Records the story as the program records a screen: a frame for each change.
    mutating func write(to path: String, rate: Double) throws {
        let writer = try VideoWriter(path: path, width: width, height: height)
        var before: [UInt8] = []
        var time = 0.0
        while time < story.seconds {
            let canvas = canvas(at: time)
            if canvas.bytes != before {
                try writer.append(CapturedFrame(frame: canvas.frame(at: 1 + time), changes: nil))
                before = canvas.bytes
            }
            time += 1 / rate
        }
        try writer.finish(at: UInt64((1 + story.seconds) * 1e9))
    }
}
