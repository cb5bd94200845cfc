import Desktop
import Evidence
import Media
import Testing

@testable import Media

@Suite struct RecordedLooksTests {
    @Test("what is chosen while it is recorded is what reading the file chooses", arguments: [1, 2, 3] as [UInt64])
    func agrees(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let scratch = try Scratch()
        let path = scratch.file("x.mkv")
        let writer = try VideoWriter(path: path, width: 640, height: 360)
        var scene = Scene(width: 640, height: 360)
        var recorded = FrameSelector()
        var time = 0.0
        for number in 0..<60 {
            let changed = scene.draw(number: number * 37)
            try writer.append(CapturedFrame(frame: scene.frame(at: time), changes: number == 0 ? nil : [changed]))
            writer.withLastPicture { luma, time in recorded.consider(FrameSignature(luma), time: time) }
            time += [0.05, 0.1, 0.4, 1.2][Int.random(in: 0..<4, using: &random)]
        }
        let statistics = try writer.finish(at: scene.frame(at: time).time)
        let known = recorded.finish(duration: statistics.seconds)

        var read = FrameSelector()
        let reader = try VideoReader(path: path)
        try reader.forEachLuma { luma, time in read.consider(FrameSignature(luma), time: time) }
        let found = read.finish(duration: statistics.seconds)

        #expect(known.count > 10)
        #expect(known.map(\.time).map { ($0 * 1000).rounded() } == found.map(\.time).map { ($0 * 1000).rounded() })
        #expect(known.map(\.why.description) == found.map(\.why.description))
    }

    @Test("before the first frame there is nothing to look at")
    func empty() throws {
        let scratch = try Scratch()
        let writer = try VideoWriter(path: scratch.file("x.mkv"), width: 64, height: 64)
        #expect(writer.withLastPicture { _, _ in true } == nil)
    }
}
