import Desktop
import Foundation
import TestSupport
import Testing

@testable import X11Desktop

@Suite(.serialized, .enabled(if: XServer.isInstalled, "needs Xvfb"))
struct RecordingTests {
    @Test("shows a clock's frames in order, when they were drawn, and marks exactly what changed")
    func clock() async throws {
        let server = try XServer(width: 1280, height: 720)
        defer { server.stop() }
        let card = try server.testCard("--fullscreen", "--clock", "--fps", "30")
        defer { card.stop() }

        var readings: [(card: TestCard, time: UInt64)] = []
        var kept: [UInt8] = []
        for try await captured in server.source.frames(of: .screen, rate: 30, withCursor: true) {
            let frame = captured.frame
            readings.append((try #require(TestCard(frame), "frame \(readings.count) is torn"), frame.time))
            try frame.pixels.withBytes { bytes in
                let start = try #require(bytes.baseAddress)
                // What is not marked has not changed.
                if let changes = captured.changes {
                    for box in changes {
                        #expect(box.intersection(frame.bounds) == box)
                        for y in box.y..<box.y + box.height {
                            let row = y * frame.stride + box.x * 4
                            kept.replaceSubrange(row..<row + box.width * 4, with: bytes[row..<row + box.width * 4])
                        }
                    }
                } else {
                    kept = Array(bytes)
                }
                #expect(memcmp(kept, start, kept.count) == 0)
            }
            if readings.count == 40 { break }
        }

        for (earlier, later) in zip(readings, readings.dropFirst()) {
            #expect(later.card.number > earlier.card.number)
            #expect(later.time > earlier.time)
        }
        for reading in readings {
            // Drawn before it was read, and not long before: a slow machine may take its time.
            let age = Int64(reading.time / 1_000_000) - Int64(reading.card.milliseconds)
            #expect((-1...1000).contains(age), "\(age) ms")
        }
    }

    @Test("sends the first frame of a still screen and then nothing until something changes")
    func stillScreen() async throws {
        let server = try XServer(width: 320, height: 200)
        defer { server.stop() }
        let card = try server.testCard("--bare", "--color", "400000", "--geometry", "100x80+10+20")
        defer { card.stop() }
        var frames = server.source.frames(of: .screen, rate: 50, withCursor: true).makeAsyncIterator()

        let first = try #require(try await frames.next())
        // The same pixels painted again are no change; the second colour is one.
        try card.send("color 400000")
        try card.send("color 400000")
        try card.send("color 004000")
        let second = try #require(try await frames.next())

        #expect(first.changes == nil)
        #expect(first.frame.colour(50, 50) == 0x400000)
        #expect(second.frame.colour(50, 50) == 0x004000)
        #expect(second.changes == [Region(x: 10, y: 20, width: 100, height: 80)])
    }

    @Test("draws the moving cursor and takes the old one away", .enabled(if: isProgramInstalled("xdotool")))
    func movingCursor() async throws {
        let server = try XServer(width: 320, height: 200)
        defer { server.stop() }
        let card = try server.testCard("--fullscreen", "--cursor", "--color", "202020")
        defer { card.stop() }
        try server.finish("xdotool", "mousemove", "100", "60")
        var frames = server.source.frames(of: .screen, rate: 50, withCursor: true).makeAsyncIterator()

        let first = try #require(try await frames.next())
        try server.finish("xdotool", "mousemove", "200", "150")
        let second = try #require(try await frames.next())

        let (old, new) = (Region(x: 96, y: 52, width: 16, height: 16), Region(x: 196, y: 142, width: 16, height: 16))
        #expect(first.frame.count(of: 0xFFFFFF, in: old) == 256)
        #expect(second.frame.count(of: 0xFFFFFF, in: new) == 256)
        #expect(second.frame.count(of: 0xFFFFFF, in: second.frame.bounds) == 256)
        let changes = try #require(second.changes)
        for place in [old, new] { #expect(changes.contains { $0.intersection(place) == place }) }
    }

    @Test("follows a window that moves, is covered and changes its size, and says when it was closed")
    func window() async throws {
        let server = try XServer(width: 640, height: 400)
        defer { server.stop() }
        let card = try server.testCard(
            "--bare", "--clock", "--fps", "30", "--geometry", "520x100+10+10", "--title", "Clock")
        defer { card.stop() }
        let cover = try server.testCard("--bare", "--color", "00FF00", "--geometry", "300x300+0+0")
        defer { cover.stop() }
        let source = server.source
        var frames = source.frames(of: .window(card.windowID), rate: 30, withCursor: false).makeAsyncIterator()

        // The first frame may still show what covered the window, until it has painted itself.
        var number: UInt32?
        for _ in 0..<10 where number == nil {
            let captured = try #require(try await frames.next())
            number = TestCard(captured.frame)?.number
        }
        try card.send("move 100 200")
        for _ in 0..<5 {
            let captured = try #require(try await frames.next())
            let reading = try #require(TestCard(captured.frame))
            #expect(reading.number > (number ?? 0))
            number = reading.number
        }
        try card.send("resize 560 120")
        var size = (0, 0)
        for _ in 0..<60 where size != (560, 120) {
            let captured = try #require(try await frames.next())
            if (captured.frame.width, captured.frame.height) != size, size != (0, 0) {
                #expect(captured.changes == nil)
            }
            size = (captured.frame.width, captured.frame.height)
        }
        #expect(size == (560, 120))
        try card.send("quit")
        let failure = await #expect(throws: CaptureFailure.self) { while try await frames.next() != nil {} }
        #expect(failure == CaptureFailure(.gone, "The window “Clock” was closed."))
    }

    @Test("says that the server is gone, and the process lives on")
    func lostServer() async throws {
        let server = try XServer(width: 320, height: 200)
        let card = try server.testCard("--fullscreen", "--clock", "--fps", "30")
        defer { card.stop() }
        var frames = server.source.frames(of: .screen, rate: 30, withCursor: true).makeAsyncIterator()

        for _ in 0..<3 { #expect(try await frames.next() != nil) }
        kill(server.processID, SIGKILL)
        let failure = await #expect(throws: CaptureFailure.self) { while try await frames.next() != nil {} }
        server.stop()

        #expect(failure?.kind == .gone)
        #expect(failure?.message.contains("X server") == true)
    }

    @Test("says at once what cannot be recorded")
    func unknownTargets() async throws {
        let server = try XServer(width: 320, height: 200)
        defer { server.stop() }
        let source = server.source
        for target in [CaptureTarget.monitor("DP-7"), .window(0x7FFF), .activeWindow] {
            var frames = source.frames(of: target, rate: 30, withCursor: false).makeAsyncIterator()
            let failure = await #expect(throws: CaptureFailure.self) { try await frames.next() }
            #expect(failure?.kind == .noTarget)
        }
    }

    @Test("ends when its reader is cancelled or goes away, and leaves the server", arguments: [true, false])
    func ending(isCancelled: Bool) async throws {
        let server = try XServer(width: 320, height: 200, endsWithLastClient: true)
        defer { server.stop() }
        let source = server.source
        let (started, start) = AsyncStream.makeStream(of: Void.self)
        let reader = Task {
            for try await _ in source.frames(of: .screen, rate: 30, withCursor: false) {
                start.yield()
                if !isCancelled { break }
            }
        }
        for await _ in started { break }
        if isCancelled { reader.cancel() }
        try await reader.value

        #expect(server.waitUntilExit())
    }

    @Test("looks for changes itself where the server has no DAMAGE")
    func withoutDamage() async throws {
        let server = try XServer(width: 320, height: 200, withoutExtensions: ["DAMAGE"])
        defer { server.stop() }
        let card = try server.testCard("--bare", "--color", "400000", "--geometry", "100x80+10+20")
        defer { card.stop() }
        var frames = server.source.frames(of: .screen, rate: 50, withCursor: false).makeAsyncIterator()

        _ = try await frames.next()
        try card.send("color 004000")
        let second = try #require(try await frames.next())

        #expect(second.frame.colour(50, 50) == 0x004000)
        #expect(second.changes == [Region(x: 0, y: 20, width: 320, height: 80)])
    }

    @Test("goes on in the new size when the resolution changes", .enabled(if: isProgramInstalled("xrandr")))
    func resolution() async throws {
        let server = try XServer(width: 800, height: 600)
        defer { server.stop() }
        var frames = server.source.frames(of: .screen, rate: 30, withCursor: false).makeAsyncIterator()
        let first = try #require(try await frames.next())
        try server.finish("xrandr", "--newmode", "small", "0", "640", "640", "640", "640", "480", "480", "480", "480")
        try server.finish("xrandr", "--addmode", "screen", "small")
        try server.finish("xrandr", "--output", "screen", "--mode", "small")

        var size = (first.frame.width, first.frame.height)
        for _ in 0..<10 where size != (640, 480) {
            let frame = try #require(try await frames.next()).frame
            size = (frame.width, frame.height)
        }

        #expect((first.frame.width, first.frame.height) == (800, 600))
        #expect(size == (640, 480))
    }
}
