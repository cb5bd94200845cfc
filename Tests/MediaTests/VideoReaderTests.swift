import Desktop
import Evidence
import Foundation
import Media
import Testing

@Suite struct VideoReaderTests {
    /// Writes a recording with numbered frames and returns its path.
    private func recording(in scratch: Scratch, frames: Int = 50, step: Double = 0.25) throws -> String {
        let path = scratch.file("recording.mkv")
        let writer = try VideoWriter(path: path, width: 320, height: 240)
        var scene = Scene(width: 320, height: 240)
        for number in 0..<frames {
            let changed = scene.draw(number: number)
            scene.fill(Region(x: number * 5 % 300, y: 100, width: 20, height: 90), red: 200, green: 40, blue: 90)
            try writer.append(
                CapturedFrame(
                    frame: scene.frame(at: Double(number) * step),
                    changes: [changed, Region(x: number * 5 % 300, y: 100, width: 20, height: 90)]))
        }
        try writer.finish(at: scene.frame(at: Double(frames) * step).time)
        return path
    }

    @Test("gives exactly the frame that is shown at a time, in any order")
    func isExact() throws {
        let scratch = try Scratch()
        let reader = try VideoReader(path: try recording(in: scratch))
        var random = SeededGenerator(seed: 21)
        for _ in 0..<60 {
            let time = Double.random(in: 0..<12.5, using: &random)
            let frame = try reader.frame(at: time)
            #expect(frame.number() == Int(time / 0.25), "at \(time)")
            #expect(frame.time <= UInt64(time * 1e9) + 1_000_000)
        }
        for number in 0..<50 { #expect(try reader.frame(at: Double(number) * 0.25).number() == number) }
        #expect(try reader.frame(at: -3).number() == 0)
        #expect(try reader.frame(at: 1e12).number() == 49)
        #expect(try reader.frame(at: .infinity).number() == 49)
        #expect(try reader.frame(at: .nan).number() == 0)
        #expect(abs(reader.duration - 12.5) < 0.002)
    }

    @Test(
        "reads other containers with frames out of order, as ffmpeg does",
        .enabled(if: Tool.has("ffmpeg"), "needs ffmpeg"),
        arguments: [
            ["-c:v", "libx264", "-bf", "3", "-g", "20", "x.mp4"],
            ["-c:v", "libx264", "-bf", "2", "-f", "mpegts", "x.ts"],
            ["-c:v", "mpeg4", "x.avi"], ["-c:v", "libvpx", "-b:v", "2M", "-deadline", "realtime", "x.webm"],
            ["-c:v", "libx264", "-pix_fmt", "yuv420p10le", "-profile:v", "high10", "x10.mkv"], ["x.gif"],
        ])
    func readsOthers(arguments: [String]) throws {
        let scratch = try Scratch()
        let source = try recording(in: scratch, frames: 30, step: 0.2)
        let path = scratch.file(arguments.last ?? "")
        _ = try Tool.run(
            "ffmpeg", ["-v", "error", "-i", source, "-vf", "fps=5"] + arguments.dropLast() + [path])
        let reader = try VideoReader(path: path)
        var numbers: [Int] = []
        var times: [Double] = []
        try reader.forEachFrame { frame, time in
            numbers.append(frame.number())
            times.append(time)
        }
        #expect(numbers.prefix(30) == Array(0..<30).prefix(30))
        #expect(zip(times, times.dropFirst()).allSatisfy { abs($1 - $0 - 0.2) < 0.012 })
        var luma = 0
        try reader.forEachLuma { view, time in
            #expect((view.width, view.height) == (320, 240))
            #expect(abs(time - times[luma]) < 1e-9)
            // The lowest bit of the number: black or white.
            #expect((view.bytes[8 * view.stride + 8] > 128) == (numbers[luma] & 1 == 1))
            luma += 1
        }
        #expect(luma == numbers.count)
        for number in [25, 3, 17, 0, 29] {
            #expect(try reader.frame(at: times[number]).number() == number)
            #expect(try reader.frame(at: times[number] + 0.19).number() == number)
        }
    }

    @Test("a recording read once gives the moments that matter")
    func feedsTheSelector() throws {
        let scratch = try Scratch()
        let path = scratch.file("story.mkv")
        let writer = try VideoWriter(path: path, width: 1280, height: 720)
        var scene = Scene.desktop(width: 1280, height: 720)
        try writer.append(CapturedFrame(frame: scene.frame(at: 0), changes: nil))
        // A caret blinks all the time; a window opens at 4.1 s, a line of text appears at 8.3 s.
        let caret = Region(x: 700, y: 600, width: 2, height: 18)
        for beat in 1..<24 {
            let time = Double(beat) / 2
            if beat == 9 {
                let window = Region(x: 760, y: 100, width: 300, height: 200)
                scene.fill(window, red: 240, green: 240, blue: 255)
                try writer.append(CapturedFrame(frame: scene.frame(at: 4.1), changes: [window]))
            }
            if beat == 17 {
                let line = Region(x: 780, y: 150, width: 90, height: 12)
                scene.fill(line, red: 10, green: 10, blue: 10)
                try writer.append(CapturedFrame(frame: scene.frame(at: 8.3), changes: [line]))
            }
            let shade: UInt8 = beat % 2 == 0 ? 20 : 220
            scene.fill(caret, red: shade, green: shade, blue: shade)
            try writer.append(CapturedFrame(frame: scene.frame(at: time), changes: [caret]))
        }
        try writer.finish(at: scene.frame(at: 12).time)

        let reader = try VideoReader(path: path)
        var selector = FrameSelector()
        try reader.forEachLuma { luma, time in selector.consider(FrameSignature(luma), time: time) }
        let candidates = selector.finish(duration: reader.duration)
        let times = candidates.map(\.time)

        #expect(times.first == 0)
        #expect(times.contains { abs($0 - 4.1) < 0.002 }, "\(times)")
        #expect(times.contains { abs($0 - 8.3) < 0.002 }, "\(times)")
        #expect(times.count <= 5, "\(times)")
        let plan = EvidencePlan(
            candidates: candidates, frameWidth: reader.width, frameHeight: reader.height, tokens: 4000, budget: .glm)
        for choice in plan.frames {
            let frame = try reader.frame(at: choice.time)
            let picture = try StillEncoder().encode(frame, size: (plan.width, plan.height))
            #expect((picture.width, picture.height) == (plan.width, plan.height))
        }
    }

    @Test("a file cut off anywhere is read as far as it goes")
    func readsCutFiles() throws {
        let scratch = try Scratch()
        let bytes = try Scratch.read(try recording(in: scratch))
        var random = SeededGenerator(seed: 31)
        var most = 0
        for _ in 0..<25 {
            let path = try scratch.write(
                Array(bytes.prefix(Int.random(in: 0..<bytes.count, using: &random))), to: "cut.mkv")
            guard let reader = try? VideoReader(path: path) else { continue }
            var numbers: [Int] = []
            try reader.forEachFrame { frame, _ in numbers.append(frame.number()) }
            #expect(numbers == Array(0..<numbers.count) || numbers == Array(0..<50) + [49])
            most = max(most, numbers.count)
            #expect(try reader.frame(at: 1e6).number() == numbers.last)
            if numbers.count > 4 { #expect(try reader.frame(at: 1.0).number() == 4) }
        }
        #expect(most > 10)
    }

    @Test("bears damage and noise")
    func bearsDamage() throws {
        let scratch = try Scratch()
        let bytes = try Scratch.read(try recording(in: scratch, frames: 12))
        var random = SeededGenerator(seed: 41)
        for round in 0..<60 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...40, using: &random) {
                damaged[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            if round % 6 == 0 { damaged = (0..<4000).map { _ in UInt8.random(in: 0...255, using: &random) } }
            if round % 6 == 1 {
                damaged.replaceSubrange(60..<min(900, damaged.count), with: [UInt8](repeating: 0xff, count: 840))
            }
            let path = try scratch.write(damaged, to: "damaged.mkv")
            do {
                let reader = try VideoReader(path: path)
                #expect(reader.duration >= 0)
                try reader.forEachFrame { frame, time in #expect(frame.width > 0 && time >= 0) }
                _ = try? reader.frame(at: 2)
            } catch let failure as MediaFailure {
                #expect(failure.message.hasSuffix("."))
            }
        }
    }

    @Test("reads nothing but the file: no playlists, no addresses, no devices")
    func readsFilesOnly() throws {
        let scratch = try Scratch()
        let video = try recording(in: scratch, frames: 3)
        let traps = [
            ("a.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nfile://\(video)\n#EXT-X-ENDLIST\n"),
            ("b.txt", "ffconcat version 1.0\nfile '\(video)'\n"), ("c.sdp", "v=0\nm=video 5004 RTP/AVP 96\n"),
        ]
        for (name, text) in traps {
            let path = try scratch.write(Array(text.utf8), to: name)
            #expect(throws: MediaFailure.self, "\(name)") { _ = try VideoReader(path: path) }
        }
        for path in [
            "/dev/zero", scratch.path, scratch.file("missing.mkv"), "concat:\(video)", "http://127.0.0.1:1/x.mkv", "",
        ] {
            #expect {
                _ = try VideoReader(path: path)
            } throws: { ($0 as? MediaFailure)?.kind == .notFound }
        }
        let odd = scratch.file("a:b %20 ü.mkv")
        try FileManager.default.copyItem(atPath: video, toPath: odd)
        #expect(try VideoReader(path: odd).width == 320)
    }

    @Test("an error of the caller ends the reading")
    func stops() throws {
        struct Enough: Error {}
        let scratch = try Scratch()
        let reader = try VideoReader(path: try recording(in: scratch))
        var count = 0
        #expect(throws: Enough.self) {
            try reader.forEachLuma { _, _ in
                count += 1
                if count == 3 { throw Enough() }
            }
        }
        #expect(count == 3)
        #expect(try reader.frame(at: 2).number() == 8)
    }

    @Test("prints what it costs")
    func printsItsCost() throws {
        let scratch = try Scratch()
        let path = scratch.file("x.mkv")
        let writer = try VideoWriter(path: path, width: 1920, height: 1080)
        var scene = Scene.desktop(width: 1920, height: 1080)
        for number in 0..<30 {
            let changed = scene.draw(number: number, x: 400, y: 400)
            try writer.append(
                CapturedFrame(frame: scene.frame(at: Double(number) / 5), changes: number == 0 ? nil : [changed]))
        }
        try writer.finish(at: scene.frame(at: 6).time)
        let reader = try VideoReader(path: path)
        var count = 0
        let luma = try Cost.measure { try reader.forEachLuma { _, _ in count += 1 } }
        let frames = try Cost.measure { try reader.forEachFrame { _, _ in } }
        let one = try Cost.measure { _ = try reader.frame(at: 3) }
        #expect(count == 31)
        Cost.report(
            "1080p: luma of \(count) frames in \(Int(luma.wall)) ms, colours in \(Int(frames.wall)) ms, "
                + "one frame in the middle in \(Int(one.wall)) ms")
    }
}
