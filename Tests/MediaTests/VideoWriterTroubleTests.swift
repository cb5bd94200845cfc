import Desktop
import Foundation
import Glibc
import Testing

@testable import Media

/// What befalls a recording: it is killed, the disk is full, the clock goes back, an encoder is missing.
@Suite struct VideoWriterTroubleTests {
    /// Whether a small disk can be made here; a container often forbids it to root, too.
    private static let mayMount: Bool = {
        guard getuid() == 0, let scratch = try? Scratch() else { return false }
        let path = scratch.file("probe")
        guard mkdir(path, 0o700) == 0, mount("tmpfs", path, "tmpfs", 0, "size=64k") == 0 else { return false }
        umount2(path, 2)
        return true
    }()

    @Test("a writer that is killed leaves all its frames: each copy of the growing file can be played")
    func survivesKill() throws {
        let scratch = try Scratch()
        let path = scratch.file("x.mkv")
        let writer = try VideoWriter(path: path, width: 320, height: 240)
        var scene = Scene(width: 320, height: 240)
        for number in 0..<60 {
            scene.draw(number: number)
            try writer.append(CapturedFrame(frame: scene.frame(at: Double(number) / 10), changes: nil))
            guard number % 7 == 0 else { continue }
            let copy = try scratch.write(Scratch.read(path), to: "copy.mkv")
            #expect(try numberedFrames(of: copy).map(\.number) == Array(0...number))
            let reader = try VideoReader(path: copy)
            #expect(abs(reader.duration - Double(number) / 10) < 0.1)
            #expect(try reader.frame(at: Double(number / 2) / 10).number() == number / 2)
        }
        try writer.extend(to: scene.frame(at: 60).time)
        let copy = try scratch.write(Scratch.read(path), to: "copy.mkv")
        #expect(abs(try VideoReader(path: copy).duration - 60) < 0.1)
    }

    @Test("only the owner may read the file, whatever was there before")
    func isPrivate() throws {
        let scratch = try Scratch()
        let path = try scratch.write([1, 2, 3], to: "x.mkv")
        chmod(path, 0o644)
        let writer = try VideoWriter(path: path, width: 64, height: 64)
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
        try writer.finish(at: 0)
    }

    @Test("times that stand still or go back give frames in order")
    func bearsTime() throws {
        let scratch = try Scratch()
        let path = scratch.file("x.mkv")
        let writer = try VideoWriter(path: path, width: 320, height: 240)
        var scene = Scene(width: 320, height: 240)
        for (number, time) in [0, 0.5, 0.5, 0.2, 0.5004, 0.8].enumerated() {
            scene.draw(number: number)
            try writer.append(CapturedFrame(frame: scene.frame(at: time), changes: nil))
        }
        try writer.finish(at: scene.frame(at: 0.1).time)
        let found = try numberedFrames(of: path)
        #expect(found.map(\.number) == [0, 1, 2, 3, 4, 5])
        #expect(zip(found, found.dropFirst()).allSatisfy { $0.time < $1.time })
    }

    @Test(
        "a place that cannot be written is refused in a sentence", arguments: ["/nowhere/x.mkv", "/tmp", "/proc/x.mkv"])
    func refusesPlaces(path: String) {
        #expect {
            _ = try VideoWriter(path: path, width: 64, height: 64)
        } throws: { error in
            (error as? MediaFailure)?.kind == .notWritten && "\(error)".hasSuffix(".") && "\(error)".contains(path)
        }
    }

    @Test("a full disk is told from the start", .enabled(if: access("/dev/full", W_OK) == 0, "needs /dev/full"))
    func fullDevice() {
        #expect {
            let writer = try VideoWriter(path: "/dev/full", width: 640, height: 480)
            try writer.append(CapturedFrame(frame: Scene(width: 640, height: 480).frame(), changes: nil))
        } throws: { ($0 as? MediaFailure)?.kind == .diskFull }
    }

    @Test(
        "when the disk fills up the file is intact up to there", .enabled(if: Self.mayMount, "needs to mount a tmpfs"))
    func diskFillsUp() throws {
        let scratch = try Scratch()
        let small = scratch.file("small")
        try FileManager.default.createDirectory(atPath: small, withIntermediateDirectories: true)
        try #require(mount("tmpfs", small, "tmpfs", 0, "size=256k") == 0)
        defer { umount2(small, 2) }
        let path = small + "/x.mkv"
        let writer = try VideoWriter(path: path, width: 320, height: 240)
        var random = SeededGenerator(seed: 4)
        var written = 0
        var failure: MediaFailure?
        while failure == nil, written < 500 {
            var scene = Scene(width: 320, height: 240)
            for y in stride(from: 40, to: 240, by: 4) {
                for x in stride(from: 0, to: 320, by: 4) {
                    let shade = UInt8(truncatingIfNeeded: random.next())
                    scene.fill(Region(x: x, y: y, width: 4, height: 4), red: shade, green: shade, blue: shade)
                }
            }
            scene.draw(number: written)
            do {
                try writer.append(CapturedFrame(frame: scene.frame(at: Double(written) / 10), changes: nil))
                written += 1
            } catch {
                failure = error
            }
        }
        #expect(failure?.kind == .diskFull)
        #expect(failure?.message.contains("disk") == true)
        #expect(throws: MediaFailure.self) { try writer.finish(at: UInt64.max) }
        let found = try numberedFrames(of: path).map(\.number)
        #expect(written > 3 && found.count >= written - 1)
        #expect(found.prefix(written - 1) == Array(0..<written).prefix(written - 1))
    }

    @Test("without x264 the other encoders do it", arguments: ["libx264", "libopenh264", "mpeg4"])
    func fallsBack(name: String) throws {
        let scratch = try Scratch()
        let path = scratch.file("x.mkv")
        let writer: VideoWriter
        do {
            writer = try VideoWriter(path: path, width: 320, height: 240, encoder: name)
        } catch {
            #expect(name == "libopenh264", "only this one may be missing: \(error)")
            return
        }
        var scene = Scene(width: 320, height: 240)
        for number in 0..<12 {
            let changed = scene.draw(number: number)
            try writer.append(CapturedFrame(frame: scene.frame(at: Double(number) / 3), changes: [changed]))
        }
        try writer.finish(at: scene.frame(at: 5).time)
        #expect(try numberedFrames(of: path).map(\.number) == Array(0..<12) + [11])
    }

    @Test("sizes that cannot be", arguments: [(0, 10), (10, 0), (-1, 5), (20_000, 10)])
    func refusesSizes(size: (Int, Int)) throws {
        let scratch = try Scratch()
        #expect(throws: MediaFailure.self) {
            _ = try VideoWriter(path: scratch.file("x.mkv"), width: size.0, height: size.1)
        }
    }
}
