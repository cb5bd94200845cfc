import Desktop
import Foundation
import Glibc
import Media
import Testing

@testable import Media

@Suite struct VideoWriterTests {
    /// Times that are as uneven as a screen's.
    private static func unevenTimes(_ count: Int, seed: UInt64) -> [Double] {
        var random = SeededGenerator(seed: seed)
        var time = 0.0
        return (0..<count).map { _ in
            defer { time += [0.033, 0.034, 0.1, 0.5, 1.7][Int.random(in: 0..<5, using: &random)] }
            return time
        }
    }

    @Test("frames come back with their numbers and their times, uneven as they are")
    func roundTrip() throws {
        let scratch = try Scratch()
        let path = scratch.file("x.mkv")
        let times = Self.unevenTimes(40, seed: 1)
        let writer = try VideoWriter(path: path, width: 320, height: 240)
        var scene = Scene(width: 320, height: 240)
        for (number, time) in times.enumerated() {
            let changed = scene.draw(number: number)
            try writer.append(CapturedFrame(frame: scene.frame(at: time), changes: number == 0 ? nil : [changed]))
        }
        let end = (times.last ?? 0) + 2.5
        let statistics = try writer.finish(at: scene.frame(at: end).time)

        let found = try numberedFrames(of: path)
        #expect(found.map(\.number) == Array(0..<40) + [39])
        #expect(zip(found, times + [end]).allSatisfy { abs($0.time - $1) < 0.0011 })
        #expect(abs(statistics.seconds - end) < 0.0011)
        #expect(statistics.frames == 41)
        #expect(abs(try VideoReader(path: path).duration - end) < 0.002)
    }

    @Test("windows' titles come back with their times, from a file that was cut off as well", arguments: [true, false])
    func titles(isFinished: Bool) throws {
        let scratch = try Scratch()
        let path = scratch.file("x.mkv")
        let writer = try VideoWriter(path: path, width: 320, height: 240, hasTitles: true)
        var scene = Scene(width: 320, height: 240)
        func time(_ seconds: Double) -> UInt64 { scene.frame(at: seconds).time }
        try writer.note(title: "before anything is seen", at: time(0))
        for number in 0..<60 {
            let seconds = Double(number) / 10
            let changed = scene.draw(number: number)
            try writer.append(CapturedFrame(frame: scene.frame(at: seconds), changes: number == 0 ? nil : [changed]))
            let title = seconds < 2 ? "Ärger – 漢字" : seconds < 4 ? "" : String(repeating: "long ", count: 100)
            try writer.note(title: title, at: time(seconds + 0.05))
        }
        if isFinished { try writer.finish(at: time(6)) }
        let reader = try VideoReader(path: path)
        let titles = reader.windowTitles()
        #expect(titles.map(\.title) == ["Ärger – 漢字", "", String(repeating: "long ", count: 40)])
        #expect(zip(titles, [0.05, 2.05, 4.05]).allSatisfy { abs($0.time - $1) < 0.002 }, "\(titles)")
        // A file with titles is read, sought and timed like one without.
        #expect(abs(reader.duration - (isFinished ? 6 : 5.9)) < 0.12)
        #expect(try reader.frame(at: 4.31).number() == 43)
        #expect(try numberedFrames(of: path).map(\.number).prefix(60) == ArraySlice(0..<60))
    }

    @Test(
        "a recording without titles, and a film with subtitles of its own, have none",
        .enabled(if: Tool.has("ffmpeg"), "needs ffmpeg"))
    func noTitles() throws {
        let scratch = try Scratch()
        let path = scratch.file("x.mkv")
        let writer = try VideoWriter(path: path, width: 320, height: 240)
        var scene = Scene(width: 320, height: 240)
        scene.draw(number: 0)
        try writer.append(CapturedFrame(frame: scene.frame(at: 0), changes: nil))
        try writer.note(title: "nowhere to go", at: scene.frame(at: 0.5).time)
        try writer.finish(at: scene.frame(at: 1).time)
        #expect(try VideoReader(path: path).windowTitles().isEmpty)
        let words = scratch.file("x.srt")
        try Data("1\n00:00:00,000 --> 00:00:01,000\nHello\n".utf8).write(to: URL(filePath: words))
        let film = scratch.file("film.mkv")
        _ = try Tool.run("ffmpeg", ["-v", "error", "-i", path, "-i", words, "-c", "copy", "-c:s", "srt", film])
        #expect(try VideoReader(path: film).windowTitles().isEmpty)
    }

    @Test("states the rate of frames that come evenly", .enabled(if: Tool.has("ffprobe"), "needs ffmpeg"))
    func statesRate() throws {
        let scratch = try Scratch()
        let path = scratch.file("x.mkv")
        let writer = try VideoWriter(path: path, width: 320, height: 240, framesPerSecond: 2)
        var scene = Scene(width: 320, height: 240)
        for number in 0..<7 {
            scene.draw(number: number)
            try writer.append(CapturedFrame(frame: scene.frame(at: Double(number) / 2), changes: nil))
        }
        try writer.finish(at: scene.frame(at: 3.5).time)

        let stream = try Tool.lines(
            "ffprobe",
            ["-v", "error", "-show_entries", "stream=avg_frame_rate:format=duration", "-of", "csv=p=0", path])
        // What a reader that multiplies the two takes for the number of frames.
        #expect(stream == ["2/1", "3.500000"] || stream == ["2/1", "4.000000"], "\(stream)")
    }

    @Test("ffprobe agrees on times, duration, codec and colours", .enabled(if: Tool.has("ffprobe"), "needs ffmpeg"))
    func probeAgrees() throws {
        let scratch = try Scratch()
        let path = scratch.file("x.mkv")
        let times = Self.unevenTimes(25, seed: 2)
        let writer = try VideoWriter(path: path, width: 320, height: 240)
        var scene = Scene(width: 320, height: 240)
        for (number, time) in times.enumerated() {
            scene.draw(number: number)
            try writer.append(CapturedFrame(frame: scene.frame(at: time), changes: nil))
        }
        let end = (times.last ?? 0) + 1.25
        let statistics = try writer.finish(at: scene.frame(at: end).time)

        let probed = try Tool.lines(
            "ffprobe", ["-v", "error", "-show_entries", "frame=pts_time", "-of", "csv=p=0", path])
        let seconds = probed.compactMap { Double($0.split(separator: ",").first ?? "") }
        #expect(seconds.count == 26)
        #expect(zip(seconds, times + [end]).allSatisfy { abs($0 - $1) < 0.0011 })
        let duration = try Tool.lines(
            "ffprobe", ["-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", path])
        #expect(abs((Double(duration.first ?? "") ?? 0) - end) < 0.002)
        let stream = try Tool.lines(
            "ffprobe",
            [
                "-v", "error", "-show_entries", "stream=codec_name,pix_fmt,color_space,color_range", "-of", "csv=p=0",
                path,
            ])
        #expect(stream == ["h264,yuv420p,tv,bt709"])
        let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
        #expect(abs(size - statistics.bytes) < 2000)
    }

    @Test(
        "only what changed is converted, and nothing beside it is lost", arguments: [(640, 360), (647, 363), (50, 20)])
    func convertsChanges(size: (Int, Int)) throws {
        let scratch = try Scratch()
        let path = scratch.file("x.mkv")
        let (width, height) = size
        let writer = try VideoWriter(path: path, width: width, height: height)
        var scene = Scene(width: width, height: height, shade: 90)
        var shown: [Scene] = [scene]
        try writer.append(CapturedFrame(frame: scene.frame(), changes: nil))
        var random = SeededGenerator(seed: 8)
        for step in 1...30 {
            let region = Region(
                x: Int.random(in: -5..<width, using: &random), y: Int.random(in: -5..<height, using: &random),
                width: Int.random(in: 0...width / 2, using: &random),
                height: Int.random(in: 0...height / 2, using: &random))
            scene.fill(region, red: UInt8(step * 8), green: 120, blue: UInt8(250 - step * 8))
            try writer.append(CapturedFrame(frame: scene.frame(at: Double(step) / 10), changes: [region]))
            shown.append(scene)
        }
        try writer.finish(at: scene.frame(at: 3.5).time)
        #expect((writer.width, writer.height) == (width & ~1, height & ~1))

        var index = 0
        try VideoReader(path: path).forEachFrame { frame, _ in
            let expected = shown[min(index, shown.count - 1)].frame().packed
            let actual = frame.packed
            var far = 0
            for y in 0..<frame.height {
                for x in 0..<frame.width {
                    // Green carries most of the brightness, which has full resolution.
                    let at = (y * frame.width + x) * 3 + 1
                    if abs(Int(actual[at]) - Int(expected[(y * width + x) * 3 + 1])) > 40 { far += 1 }
                }
            }
            // Colours bleed by a pixel along edges; a part that was not converted would be a great many pixels.
            #expect(far < frame.width * frame.height / 12, "frame \(index) is wrong at \(far) places")
            index += 1
        }
        #expect(index == 32)
    }

    @Test("a change of size in the middle is fitted in, and back again")
    func changesSize() throws {
        let scratch = try Scratch()
        let path = scratch.file("x.mkv")
        let writer = try VideoWriter(path: path, width: 640, height: 360)
        for (number, size) in [(0, (640, 360)), (1, (320, 200)), (2, (1280, 720)), (3, (400, 800)), (4, (640, 360))] {
            var scene = Scene(width: size.0, height: size.1, shade: 200)
            scene.draw(number: number)
            try writer.append(CapturedFrame(frame: scene.frame(at: Double(number)), changes: []))
        }
        try writer.finish(at: Scene(width: 2, height: 2).frame(at: 5).time)

        var index = 0
        try VideoReader(path: path).forEachFrame { frame, _ in
            #expect((frame.width, frame.height) == (640, 360))
            switch index {
            case 0: #expect(frame.number() == 0 && frame.color(x: 600, y: 340)[0] > 180)
            case 1:
                #expect(frame.number(x: 160, y: 80) == 1)
                #expect(frame.color(x: 20, y: 20)[0] < 20 && frame.color(x: 300, y: 200)[0] > 180)
            case 2: #expect(frame.number(scale: 0.5) == 2 && frame.color(x: 630, y: 350)[0] > 180)
            case 3:
                #expect(frame.number(x: 230, scale: 0.45) == 3)
                #expect(frame.color(x: 600, y: 200)[0] < 20 && frame.color(x: 320, y: 340)[0] > 180)
            default: #expect(frame.number() == 4 && frame.color(x: 10, y: 300)[0] > 180)
            }
            index += 1
        }
        #expect(index == 6)
    }

    @Test("colours come back as they were")
    func keepsColours() throws {
        let scratch = try Scratch()
        let path = scratch.file("x.mkv")
        let writer = try VideoWriter(path: path, width: 256, height: 128)
        var scene = Scene(width: 256, height: 128)
        let colors: [[UInt8]] = [
            [255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255], [0, 0, 0], [200, 120, 40],
        ]
        for (index, color) in colors.enumerated() {
            scene.fill(
                Region(x: index * 40, y: 0, width: 40, height: 128), red: color[0], green: color[1], blue: color[2])
        }
        try writer.append(CapturedFrame(frame: scene.frame(), changes: nil))
        try writer.finish(at: scene.frame(at: 1).time)

        let frame = try VideoReader(path: path).frame(at: 0)
        for (index, color) in colors.enumerated() {
            let found = frame.color(x: index * 40 + 20, y: 64)
            #expect(zip(found, color).allSatisfy { abs($0 - Int($1)) <= 8 }, "\(found) for \(color)")
        }
    }

    @Test("prints what it costs", arguments: [(1920, 1080), (3840, 2160)])
    func printsItsCost(size: (Int, Int)) throws {
        let scratch = try Scratch()
        let desktop = Scene.desktop(width: size.0, height: size.1)
        let still = desktop.frame()
        // Frames made beforehand: a moving area of 960×540, then all of the screen.
        let moving: [CapturedFrame] = (0..<2).map { step in
            var scene = desktop
            let area = Region(x: 100, y: 100, width: 960, height: 540)
            for bar in 0..<12 {
                let shade = UInt8((bar * 20 + step * 100) % 256)
                scene.fill(
                    Region(x: 100 + bar * 80, y: 100, width: 80, height: 540), red: shade, green: 90, blue: 255 - shade)
            }
            return CapturedFrame(frame: scene.frame(), changes: [area])
        }
        func run(_ name: String, count: Int, _ captured: (Int) -> CapturedFrame) throws {
            let writer = try VideoWriter(path: scratch.file("x.mkv"), width: size.0, height: size.1)
            try writer.append(CapturedFrame(frame: still, changes: nil))
            let cost = try Cost.measure {
                for index in 1...count {
                    let next = captured(index)
                    let frame = next.frame
                    let timed = Frame(
                        width: frame.width, height: frame.height, stride: frame.stride, format: frame.format,
                        pixels: frame.pixels, time: still.time + UInt64(index) * 33_333_333)
                    try writer.append(CapturedFrame(frame: timed, changes: next.changes))
                }
            }
            let statistics = try writer.finish(at: 0)
            #expect(statistics.frames == count + 1)
            Cost.report(
                "\(size.0)x\(size.1) \(name): \(Int(cost.cpu / Double(count) * 300)) ms CPU for 10 s at 30 fps, "
                    + "\(Int(cost.wall / Double(count))) ms a frame, \(statistics.bytes) bytes")
        }
        try run("moving area", count: 40) { moving[$0 % 2] }
        try run("everything", count: 10) { CapturedFrame(frame: moving[$0 % 2].frame, changes: nil) }
        try run("a caret", count: 40) { _ in
            CapturedFrame(frame: moving[0].frame, changes: [Region(x: 100, y: 100, width: 2, height: 18)])
        }
    }
}
