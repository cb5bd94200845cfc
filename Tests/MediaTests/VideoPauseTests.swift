import Desktop
import Media
import Testing

@testable import Media

@Suite struct VideoPauseTests {
    private static func frames(of path: String) throws -> [(number: Int, time: Double)] {
        var found: [(Int, Double)] = []
        try VideoReader(path: path).forEachFrame { frame, time in found.append((frame.number(), time)) }
        return found
    }

    /// A writer, and a scene that is appended with its numbers as they are drawn.
    private struct Take {
        let path: String
        let writer: VideoWriter
        var scene = Scene(width: 320, height: 240)
        private var isFirst = true

        init(_ scratch: Scratch) throws {
            path = scratch.file("x.mkv")
            writer = try VideoWriter(path: path, width: 320, height: 240)
        }

        mutating func append(_ number: Int, at time: Double) throws {
            let changed = scene.draw(number: number)
            try writer.append(CapturedFrame(frame: scene.frame(at: time), changes: isFirst ? nil : [changed]))
            isFirst = false
        }

        func clock(_ time: Double) -> UInt64 { scene.frame(at: time).time }
    }

    @Test("the time of a pause is cut out, and it goes on with what is on the screen by then")
    func cutsPauses() throws {
        let scratch = try Scratch()
        var take = try Take(scratch)
        try take.append(0, at: 0)
        try take.append(1, at: 1)
        try take.writer.pause(at: take.clock(2))
        // Never seen: only the last one is what the recording goes on with.
        try take.append(2, at: 3)
        try take.append(3, at: 50)
        try take.writer.resume(at: take.clock(102))
        try take.append(4, at: 103)
        // A pause in which nothing changes.
        try take.writer.pause(at: take.clock(104))
        try take.writer.resume(at: take.clock(1104))
        try take.append(5, at: 1105)
        let statistics = try take.writer.finish(at: take.clock(1106))

        let found = try Self.frames(of: take.path)
        #expect(found.map(\.number) == [0, 1, 1, 3, 4, 4, 5, 5])
        let times = [0, 1, 2, 2.001, 3, 4, 5, 6]
        #expect(zip(found, times).allSatisfy { abs($0.time - $1) < 0.0021 }, "\(found.map(\.time))")
        #expect(abs(statistics.seconds - 6) < 0.002)
    }

    @Test("what is stopped during a pause ends where the pause began")
    func endsPaused() throws {
        let scratch = try Scratch()
        var take = try Take(scratch)
        try take.append(0, at: 0)
        try take.writer.pause(at: take.clock(1.5))
        try take.append(1, at: 3)
        let statistics = try take.writer.finish(at: take.clock(90))
        #expect(abs(statistics.seconds - 1.5) < 0.002)
        #expect(try Self.frames(of: take.path).map(\.number) == [0, 0])
    }

    @Test("what is paused before its first frame has that frame, and begins when it goes on")
    func beginsPaused() throws {
        let scratch = try Scratch()
        var take = try Take(scratch)
        try take.writer.pause(at: take.clock(0))
        try take.append(0, at: 1)
        try take.append(1, at: 2)
        try take.writer.resume(at: take.clock(11))
        try take.append(2, at: 12)
        let statistics = try take.writer.finish(at: take.clock(13))
        #expect(try Self.frames(of: take.path).map(\.number) == [0, 1, 2, 2])
        #expect(abs(statistics.seconds - 2) < 0.003)
    }

    @Test("switching in any order and number gives frames in order, and never more time than was recorded")
    func bearsSwitching() throws {
        var random = SeededGenerator(seed: 5)
        for _ in 0..<20 {
            let scratch = try Scratch()
            var take = try Take(scratch)
            var (time, recorded, isPaused, hasFrame) = (0.0, 0.0, false, false)
            for number in 0..<40 {
                let step = [0.0, 0.005, 0.3, 7][Int.random(in: 0..<4, using: &random)]
                time += step
                if hasFrame && !isPaused { recorded += step }
                switch Int.random(in: 0..<4, using: &random) {
                case 0:
                    try take.writer.pause(at: take.clock(time))
                    isPaused = true
                case 1:
                    try take.writer.resume(at: take.clock(time))
                    isPaused = false
                default:
                    try take.append(number, at: time)
                    hasFrame = true
                }
            }
            guard hasFrame else { continue }
            let statistics = try take.writer.finish(at: take.clock(time))
            // Each frame needs a millisecond of its own.
            #expect(abs(statistics.seconds - recorded) <= 0.1, "\(statistics.seconds) of \(recorded)")
            let times = try Self.frames(of: take.path).map(\.time)
            #expect(zip(times, times.dropFirst()).allSatisfy { $0 < $1 })
        }
    }
}
