import Desktop
import Evidence
import Foundation
import Media
import Testing

/// Files that are larger, deeper or less true than others.
@Suite(.enabled(if: Tool.has("ffmpeg"), "needs ffmpeg"))
struct VideoTroubleTests {
    /// A grey field with a white box in its middle from the second second on; three seconds long.
    private static func film(_ path: String, size: String, options: [String]) throws {
        let box = "drawbox=x=iw/3:y=ih/3:w=iw/3:h=ih/3:color=white:t=fill:enable='gte(t,1)'"
        _ = try Tool.run(
            "ffmpeg",
            ["-v", "error", "-f", "lavfi", "-i", "color=gray:s=\(size):d=3:r=4", "-vf", box] + options + [path])
    }

    /// The times worth showing, and how bright the middle of the picture is before and after the box came.
    private static func look(_ path: String) throws -> (times: [Double], before: Int, after: Int) {
        let reader = try VideoReader(path: path)
        var survey = RecordingSurvey()
        try reader.skim(
            measure: { FrameSignature($0) }, look: { survey.look(at: $0, time: $1) },
            mayPass: { survey.mayPass(to: $0, time: $1) })
        let times = survey.finish(duration: 3).map(\.time)
        func middle(_ time: Double) throws -> Int {
            let frame = try reader.frame(at: time)
            return frame.color(x: frame.width / 2, y: frame.height / 2).reduce(0, +) / 3
        }
        return (times, try middle(0.5), try middle(1.5))
    }

    @Test(
        "ten and twelve bits, full colour and uneven rates are seen as they are",
        arguments: [
            ["-c:v", "libx264", "-pix_fmt", "yuv420p10le"], ["-c:v", "libx264", "-pix_fmt", "yuv444p10le"],
            ["-c:v", "libx265", "-pix_fmt", "yuv420p12le", "-x265-params", "log-level=none"],
            ["-c:v", "ffv1", "-pix_fmt", "gbrp"],
            ["-c:v", "libx264", "-pix_fmt", "yuv420p", "-fps_mode", "passthrough", "-enc_time_base", "1/1000"],
        ])
    func depths(options: [String]) throws {
        let scratch = try Scratch()
        let path = scratch.file("film.mkv")
        try Self.film(path, size: "320x240", options: options)
        let seen = try Self.look(path)
        #expect(seen.times.count == 2 && abs(seen.times[1] - 1) < 0.01, "\(seen.times)")
        #expect(abs(seen.before - 128) < 6 && seen.after > 245, "\(seen)")
    }

    @Test("8K is read in a few pictures' memory")
    func large() throws {
        let scratch = try Scratch()
        let path = scratch.file("film.mp4")
        try Self.film(
            path, size: "7680x4320", options: ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"])
        let start = Self.residentMegabytes
        let seen = try Self.look(path)
        #expect(seen.times.count == 2 && seen.before < 140 && seen.after > 245, "\(seen)")
        // A picture has 50 MB as it is coded and 133 MB with colours.
        #expect(Self.residentMegabytes - start < 1500)
    }

    @Test("a file that says that it lasts for ages is read in no time", arguments: [1e3, 1e9, 1e300, -5, .nan])
    func lyingLength(milliseconds: Double) throws {
        let scratch = try Scratch()
        let path = scratch.file("film.mkv")
        try Self.film(path, size: "320x240", options: ["-c:v", "libx264", "-pix_fmt", "yuv420p"])
        var bytes = try Scratch.read(path)
        // Matroska: the element 0x4489, eight bytes long, is the duration in milliseconds as a number of 64 bits.
        let mark: [UInt8] = [0x44, 0x89, 0x88]
        let place = try #require(bytes.indices.dropLast(11).first { Array(bytes[$0..<$0 + 3]) == mark })
        for (index, shift) in stride(from: 56, through: 0, by: -8).enumerated() {
            bytes[place + 3 + index] = UInt8(truncatingIfNeeded: milliseconds.bitPattern >> UInt64(shift))
        }
        let lying = try scratch.write(bytes, to: "lying.mkv")
        let start = ContinuousClock.now
        let seen = try Self.look(lying)
        #expect(seen.times.count == 2 && seen.before < 140 && seen.after > 245, "\(seen)")
        let reader = try VideoReader(path: lying)
        #expect(reader.duration >= 0 && reader.duration.isFinite)
        let end = try reader.frame(at: max(0, reader.duration))
        #expect(end.color(x: 160, y: 120).allSatisfy { $0 > 245 })
        #expect(ContinuousClock.now - start < .seconds(60))
    }

    private static var residentMegabytes: Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
        return (Int(line.filter(\.isNumber)) ?? 0) / 1024
    }
}
