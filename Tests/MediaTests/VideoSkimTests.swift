import Desktop
import Evidence
import Foundation
import Media
import Testing

@Suite struct VideoSkimTests {
    /// What skimming a video came to.
    private struct Skim {
        var times: [Double] = []
        var numbers: [Int] = []
        var offers: [Double] = []
    }

    /// Skims a video, and passes over what may be passed over when the numbers are the same.
    private func skim(_ path: String) throws -> Skim {
        var skim = Skim()
        try VideoReader(path: path).skim(
            measure: { $0.number },
            look: { number, time in
                skim.times.append(time)
                skim.numbers.append(number)
            },
            mayPass: { number, time in
                skim.offers.append(time)
                return number == skim.numbers.last
            })
        return skim
    }

    /// A desktop on which a caret blinks for two minutes; at 60.3 s a box with a number is shown, for as long as it is said.
    private func story(in scratch: Scratch, boxFor seconds: Double) throws -> String {
        let path = scratch.file("story.mkv")
        let writer = try VideoWriter(path: path, width: 1280, height: 720)
        var scene = Scene.desktop(width: 1280, height: 720)
        scene.draw(number: 1)
        try writer.append(CapturedFrame(frame: scene.frame(at: 0), changes: nil))
        let caret = Region(x: 700, y: 600, width: 2, height: 18)
        var shown = 1
        for beat in 1..<240 {
            let time = Double(beat) / 2
            let number = time >= 60.3 && time < 60.3 + seconds ? 777 : 1
            let shade: UInt8 = beat % 2 == 0 ? 20 : 220
            scene.fill(caret, red: shade, green: shade, blue: shade)
            var changes = [caret]
            if number != shown {
                changes += [scene.draw(number: number), scene.draw(number: number, x: 500, y: 200)]
                shown = number
            }
            try writer.append(CapturedFrame(frame: scene.frame(at: time), changes: changes))
        }
        try writer.finish(at: scene.frame(at: 120).time)
        return path
    }

    @Test("looks where something happens, and hardly at all where only a caret blinks")
    func passesOver() throws {
        let scratch = try Scratch()
        let skim = try skim(try story(in: scratch, boxFor: 7))
        #expect(zip(skim.times, skim.times.dropFirst()).allSatisfy { $0 < $1 })
        #expect(skim.times.first == 0)
        let shown = zip(skim.times, skim.numbers).filter { $0.1 == 777 }.map(\.0)
        #expect(abs((shown.first ?? 0) - 60.5) < 0.1, "\(shown)")
        #expect(shown.allSatisfy { $0 < 67.6 })
        #expect(!skim.offers.isEmpty)
        #expect(skim.times.count < 120, "\(skim.times.count) of 240")
        #expect((skim.times.last ?? 0) > 119)
    }

    @Test("what happens and is over before the next key frame is seen as well")
    func seesWhatIsOver() throws {
        let scratch = try Scratch()
        let skim = try skim(try story(in: scratch, boxFor: 1.5))
        let shown = zip(skim.times, skim.numbers).filter { $0.1 == 777 }.map(\.0)
        #expect(abs((shown.first ?? 0) - 60.5) < 0.1, "\(shown)")
    }

    @Test(
        "gives the numbers in order and at their times, however the file is coded",
        .enabled(if: Tool.has("ffmpeg"), "needs ffmpeg"),
        arguments: [
            ["-c:v", "libx264", "-bf", "3", "-g", "50", "x.mp4"],
            ["-c:v", "libx264", "-bf", "2", "-g", "30", "-x264-params", "open-gop=1", "-f", "mpegts", "x.ts"],
            ["-c:v", "mjpeg", "-q:v", "3", "x.avi"],
            ["-c:v", "libvpx", "-b:v", "2M", "-deadline", "realtime", "x.webm"],
            ["-c:v", "libx264", "-pix_fmt", "yuv420p10le", "-profile:v", "high10", "x10.mkv"],
            ["-c:v", "libx265", "-x265-params", "log-level=none:keyint=20", "x265.mp4"], ["-c:v", "ffv1", "xffv1.mkv"],
            // More packets between key frames than are kept, and a group as others are behind them.
            ["-vf", "fps=160", "-c:v", "libx264", "-g", "2200", "-sc_threshold", "0", "xlong.mp4"],
        ])
    func readsOthers(arguments: [String]) throws {
        let scratch = try Scratch()
        let source = scratch.file("source.mkv")
        let writer = try VideoWriter(path: source, width: 320, height: 240)
        var scene = Scene(width: 320, height: 240)
        for number in 0..<20 {
            let changed = scene.draw(number: number)
            try writer.append(CapturedFrame(frame: scene.frame(at: Double(number) * 0.8), changes: [changed]))
        }
        try writer.finish(at: scene.frame(at: 16).time)
        let path = scratch.file(arguments.last ?? "")
        _ = try Tool.run(
            "ffmpeg", ["-v", "error", "-i", source, "-vf", "fps=25"] + arguments.dropLast() + [path])
        let skim = try skim(path)
        // Each number when it is first seen.
        var first: [Int: Double] = [:]
        for (time, number) in zip(skim.times, skim.numbers) where first[number] == nil { first[number] = time }
        #expect(first.keys.sorted() == Array(0..<20), "\(first.keys.sorted())")
        for (number, time) in first { #expect(abs(time - Double(number) * 0.8) < 0.1, "\(number) at \(time)") }
        #expect(zip(skim.times, skim.times.dropFirst()).allSatisfy { $0 < $1 })
    }

    @Test(
        "turns frames as a phone's mark says", .enabled(if: Tool.has("ffmpeg"), "needs ffmpeg"),
        arguments: [90, 180, 270])
    func turns(degrees: Int) throws {
        let scratch = try Scratch()
        let source = scratch.file("source.mp4")
        // A red field above, a blue one below.
        _ = try Tool.run(
            "ffmpeg",
            [
                "-v", "error", "-f", "lavfi", "-i", "color=red:s=320x120:d=1:r=5", "-f", "lavfi", "-i",
                "color=blue:s=320x120:d=1:r=5", "-filter_complex", "vstack", "-pix_fmt", "yuv420p", source,
            ])
        let turned = scratch.file("turned.mp4")
        _ = try Tool.run(
            "ffmpeg", ["-v", "error", "-i", source, "-metadata:s:v", "rotate=\(degrees)", "-c", "copy", turned])
        let reference = scratch.file("reference.png")
        _ = try Tool.run("ffmpeg", ["-v", "error", "-i", turned, "-frames:v", "1", reference])
        let expected = try StillDecoder().decode(try Scratch.read(reference))
        let reader = try VideoReader(path: turned)
        let frame = try reader.frame(at: 0)
        #expect((reader.width, reader.height) == (expected.width, expected.height))
        #expect((frame.width, frame.height) == (expected.width, expected.height))
        for (x, y) in [(8, 8), (frame.width - 9, 8), (8, frame.height - 9), (frame.width - 9, frame.height - 9)] {
            let difference = zip(frame.color(x: x, y: y), expected.color(x: x, y: y)).map { abs($0 - $1) }.max() ?? 255
            #expect(difference < 24, "at \(x), \(y)")
        }
    }

    @Test("files cut off anywhere are skimmed as far as they go")
    func cut() throws {
        let scratch = try Scratch()
        let bytes = try Scratch.read(try story(in: scratch, boxFor: 7))
        var random = SeededGenerator(seed: 77)
        for _ in 0..<12 {
            let path = try scratch.write(
                Array(bytes.prefix(Int.random(in: 0..<bytes.count, using: &random))), to: "cut.mkv")
            guard let reader = try? VideoReader(path: path) else { continue }
            var times: [Double] = []
            try reader.skim(measure: { $0.width }, look: { times.append($1) }, mayPass: { _, _ in true })
            #expect(zip(times, times.dropFirst()).allSatisfy { $0 < $1 })
            #expect(times.first == 0)
        }
    }

    @Test("bears damage and noise")
    func damage() throws {
        let scratch = try Scratch()
        let bytes = try Scratch.read(try story(in: scratch, boxFor: 7))
        var random = SeededGenerator(seed: 43)
        for _ in 0..<25 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...60, using: &random) {
                damaged[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            let path = try scratch.write(damaged, to: "damaged.mkv")
            guard let reader = try? VideoReader(path: path) else { continue }
            var times: [Double] = []
            try reader.skim(measure: { $0.width }, look: { times.append($1) }, mayPass: { _, _ in false })
            #expect(zip(times, times.dropFirst()).allSatisfy { $0 < $1 })
        }
    }

    @Test("sound alone is no video, and says so in a sentence", .enabled(if: Tool.has("ffmpeg"), "needs ffmpeg"))
    func soundAlone() throws {
        let scratch = try Scratch()
        let path = scratch.file("sound.mkv")
        _ = try Tool.run("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", "sine=d=1", path])
        #expect {
            _ = try VideoReader(path: path)
        } throws: { error in
            let message = (error as? MediaFailure)?.message ?? ""
            return message.contains("There is no video in") && message.hasSuffix(".")
        }
        let empty = try scratch.write([], to: "empty.mp4")
        #expect(throws: MediaFailure.self) { _ = try VideoReader(path: empty) }
    }

    @Test("an error of who is told of the progress ends the reading")
    func stops() throws {
        struct Enough: Error {}
        let scratch = try Scratch()
        let reader = try VideoReader(path: try story(in: scratch, boxFor: 7))
        #expect(throws: Enough.self) {
            try reader.skim(
                measure: { $0.width }, look: { _, _ in }, mayPass: { _, _ in true },
                progress: { if $0 > 30 { throw Enough() } })
        }
        #expect(try reader.frame(at: 62).number() == 777)
    }
}

extension LumaView {
    /// The number that a scene carries.
    fileprivate var number: Int {
        (0..<16).reduce(0) { number, bit in
            let (x, y) = (bit % 8 * Scene.cell + Scene.cell / 2, bit / 8 * Scene.cell + Scene.cell / 2)
            return number | (bytes[y * stride + x] > 128 ? 1 << bit : 0)
        }
    }
}
