import Desktop
import Foundation
import TestSupport
import Testing

@testable import PortalDesktop

@Suite(.serialized, .enabled(if: WaylandSession.pipeWireObstacle == nil, "\(WaylandSession.pipeWireObstacle ?? "")"))
struct PipeWireScreenSourceTests {
    private let session: WaylandSession

    init() throws { session = try WaylandSession("--bare") }

    @Test(
        "reads every format that screens have, to the pixel",
        arguments: [
            "BGRx", "BGRA", "RGBx", "RGBA", "xRGB", "ARGB", "xBGR", "ABGR", "BGR", "RGB", "xRGB_210LE", "ARGB_210LE",
            "xBGR_210LE", "ABGR_210LE",
        ])
    func formats(name: String) async throws {
        let node = try session.node(["--format", name, "--size", "520x60"])
        defer { node.stop() }

        let picture = try await session.source().capture(.screen, withCursor: true)

        #expect(picture.label == "scry-test")
        #expect(picture.region == Region(x: 0, y: 0, width: 520, height: 60))
        #expect(TestCard(picture.frame) != nil)
        #expect(picture.frame.faults() == 0)
    }

    @Test(
        "finds the rows wherever they lie",
        arguments: [
            ["--pad", "52"], ["--offset", "4096"], ["--pad", "7", "--offset", "13"], ["--bottom-up"],
            ["--bottom-up", "--pad", "36"], ["--no-stride"], ["--memptr"], ["--dmabuf"], ["--no-header"],
            ["--memptr", "--no-stride", "--no-header"], ["--damage"],
        ])
    func rows(options: [String]) async throws {
        let node = try session.node(["--size", "520x60"] + options)
        defer { node.stop() }

        let picture = try await session.source().capture(.screen, withCursor: true)

        #expect(TestCard(picture.frame) != nil)
        #expect(picture.frame.faults() == 0)
    }

    @Test("shows what is inside of the crop, and a region of it")
    func crop() async throws {
        let node = try session.node(["--size", "640x200", "--crop", "100,60,300,100"])
        defer { node.stop() }

        let whole = try await session.source().capture(.screen, withCursor: true)
        let part = try await session.source().capture(
            .region(Region(x: 50, y: 20, width: 100, height: 30)), withCursor: true)
        let failure = await #expect(throws: CaptureFailure.self) {
            try await session.source().capture(
                .region(Region(x: 300, y: 0, width: 10, height: 10)), withCursor: true)
        }

        #expect((whole.frame.width, whole.frame.height) == (300, 100))
        #expect(whole.frame.faults(x: 100, y: 60) == 0)
        #expect((part.frame.width, part.frame.height) == (100, 30))
        #expect(part.frame.faults(x: 150, y: 80) == 0)
        #expect(part.region == Region(x: 50, y: 20, width: 100, height: 30))
        #expect(failure?.message == "The region lies outside of what is shared. It is 300x100 pixels large.")
    }

    @Test("never shows a buffer that is marked as corrupted, is empty, or lies about its rows")
    func badBuffers() async throws {
        let node = try session.node(
            ["--size", "520x60", "--fps", "60", "--corrupt", "3", "--empty", "5", "--lie", "7"])
        defer { node.stop() }

        var numbers: [UInt32] = []
        for try await captured in session.source().frames(of: .screen, rate: 60, withCursor: true) {
            #expect(captured.frame.faults() == 0)
            numbers.append(try #require(TestCard(captured.frame)).number)
            if numbers.count == 20 { break }
        }

        #expect(numbers.allSatisfy { $0 % 3 != 2 && $0 % 5 != 4 && $0 % 7 != 6 })
        #expect(numbers == numbers.sorted())
    }

    @Test("records a clock in order, dates the frames as they were drawn, and marks exactly what changed")
    func recording() async throws {
        let node = try session.node(["--size", "640x200", "--damage"])
        defer { node.stop() }

        var kept: [UInt8] = []
        var readings: [(card: TestCard, time: UInt64)] = []
        for try await captured in session.source().frames(of: .screen, rate: 30, withCursor: true) {
            let frame = captured.frame
            readings.append((try #require(TestCard(frame)), frame.time))
            frame.pixels.withBytes { bytes in
                for box in captured.changes ?? [frame.bounds] {
                    #expect(box.intersection(frame.bounds) == box)
                    if kept.isEmpty { kept = Array(bytes) }
                    for y in box.y..<box.y + box.height {
                        let row = y * frame.stride + box.x * 4
                        kept.replaceSubrange(row..<row + box.width * 4, with: bytes[row..<row + box.width * 4])
                    }
                }
                // What is not marked has not changed.
                #expect(kept.elementsEqual(bytes))
            }
            if readings.count > 1 { #expect(captured.changes?.allSatisfy { $0.y + $0.height <= 48 } == true) }
            if readings.count == 40 { break }
        }

        for (earlier, later) in zip(readings, readings.dropFirst()) {
            #expect(later.card.number > earlier.card.number)
            #expect(later.time > earlier.time)
        }
        for reading in readings {
            #expect(abs(Int64(reading.time / 1_000_000) - Int64(reading.card.milliseconds)) <= 1)
        }
    }

    @Test("keeps to the rate, and misses nothing of what the screen shows in the end")
    func rate() async throws {
        let node = try session.node(["--size", "520x60", "--fps", "60"])
        defer { node.stop() }

        var times: [UInt64] = []
        for try await captured in session.source().frames(of: .screen, rate: 10, withCursor: true) {
            times.append(captured.frame.time)
            if times.count == 12 { break }
        }

        let seconds = Double(try #require(times.last) - (try #require(times.first))) / 1e9
        #expect((0.9...1.6).contains(seconds), "\(seconds) s for 11 intervals")
    }

    @Test("goes on when the source gets another size")
    func resize() async throws {
        let node = try session.node(["--size", "640x200"])
        defer { node.stop() }
        var frames = session.source().frames(of: .screen, rate: 30, withCursor: true).makeAsyncIterator()

        let first = try #require(try await frames.next())
        try node.send("resize 560 120")
        var last = first
        for _ in 0..<60 where last.frame.width != 560 { last = try #require(try await frames.next()) }

        #expect((first.frame.width, first.frame.height) == (640, 200))
        #expect((last.frame.width, last.frame.height) == (560, 120))
        #expect(last.changes == nil)
        #expect(last.frame.faults() == 0)
        #expect(TestCard(last.frame) != nil)
    }

    @Test("waits while the source pauses")
    func pause() async throws {
        let node = try session.node(["--size", "520x60"])
        defer { node.stop() }
        var frames = session.source().frames(of: .screen, rate: 30, withCursor: true).makeAsyncIterator()

        var times: [UInt64] = []
        for _ in 0..<3 { times.append(try #require(try await frames.next()).frame.time) }
        try node.send("pause")
        // Long enough to tell the pause from the time between two frames.
        try await Task.sleep(for: .milliseconds(400))
        try node.send("resume")
        for _ in 0..<12 { times.append(try #require(try await frames.next()).frame.time) }

        let longest = zip(times, times.dropFirst()).map { $1 - $0 }.max() ?? 0
        #expect(longest > 250_000_000)
    }

    @Test("says that the node has gone, whether it was closed or killed", arguments: ["quit", "die"])
    func gone(way: String) async throws {
        let node = try session.node(["--size", "520x60"])
        defer { node.stop() }
        var frames = session.source().frames(of: .screen, rate: 30, withCursor: true).makeAsyncIterator()

        for _ in 0..<3 { #expect(try await frames.next() != nil) }
        try node.send(way)
        let failure = await #expect(throws: CaptureFailure.self) { while try await frames.next() != nil {} }

        #expect(failure == CaptureFailure(.gone, "The PipeWire node “scry-test” has gone."))
    }

    @Test("says that PipeWire has ended")
    func daemonGone() async throws {
        let node = try session.node(["--size", "520x60"])
        defer { node.stop() }
        var frames = session.source().frames(of: .screen, rate: 30, withCursor: true).makeAsyncIterator()

        for _ in 0..<3 { #expect(try await frames.next() != nil) }
        try session.signal("PIPEWIRE", SIGKILL)
        let failure = await #expect(throws: CaptureFailure.self) { while try await frames.next() != nil {} }

        #expect(failure?.kind == .gone)
        #expect(failure?.message.contains("PipeWire closed the connection") == true)
    }

    @Test("draws the pointer that comes as metadata, where it is wanted, and follows it")
    func cursor() async throws {
        let node = try session.node(["--size", "640x200", "--cursor", "104,108"])
        defer { node.stop() }
        let source = session.source()

        let with = try await source.capture(.screen, withCursor: true).frame
        let without = try await source.capture(.screen, withCursor: false).frame
        var frames = source.frames(of: .screen, rate: 30, withCursor: true).makeAsyncIterator()
        #expect(try await frames.next() != nil)
        try node.send("cursor 304 148")
        var moved = with
        for _ in 0..<30 where moved.colour(300, 140) != 0xFF0000 { moved = try #require(try await frames.next()).frame }

        // The hot spot is at 4, 8; the left half is red, the right one is transparent.
        #expect(with.colour(100, 100) == 0xFF0000 && with.colour(107, 115) == 0xFF0000)
        #expect(with.colour(108, 100) == without.colour(108, 100) && with.colour(99, 100) == without.colour(99, 100))
        #expect(without.faults() == 0)
        #expect(moved.colour(300, 140) == 0xFF0000)
        #expect(moved.colour(100, 100) == without.colour(100, 100))
    }

    @Test("turns a turned picture back", arguments: 1...7)
    func transform(number: Int) async throws {
        let node = try session.node(["--size", "520x60", "--transform", "\(number)"])
        defer { node.stop() }

        let frame = try await session.source().capture(.screen, withCursor: false).frame

        let isLying = number % 2 == 1
        #expect((frame.width, frame.height) == (isLying ? 60 : 520, isLying ? 520 : 60))
        // The corner at the buffer's bottom right, and the one at its top right, and where they have to be.
        let corners = [(0, 0), (frame.width - 1, 0), (frame.width - 1, frame.height - 1), (0, frame.height - 1)]
        let seen = corners.map { frame.colour($0.0, $0.1) }
        func drawn(_ x: Int, _ y: Int) -> UInt32 {
            UInt32((x * 3 + y) & 255) << 16 | UInt32((x + y * 5) & 255) << 8 | UInt32((x ^ y) & 255)
        }
        let (right, bottom) = (drawn(519, 59), drawn(0, 59))
        // Clockwise from the top left: which corners of the buffer's lower edge are where.
        let places: [Int: (right: Int, left: Int)] = [
            1: (3, 0), 2: (0, 1), 3: (1, 2), 4: (3, 2), 5: (2, 1), 6: (1, 0), 7: (0, 3),
        ]
        let place = try #require(places[number])
        #expect(seen[place.right] == right)
        #expect(seen[place.left] == bottom)
    }

    @Test("says what there is when the node is not there, and what is in the way when it does not start")
    func absent() async throws {
        let node = try session.node(["--name", "other", "--size", "520x60"])
        defer { node.stop() }
        let tiled = try session.node(["--name", "tiled", "--tiled"])
        defer { tiled.stop() }

        await #expect(
            throws: CaptureFailure(
                .noTarget, "There is no PipeWire node “nonsense”. Those with video are: other, tiled.")
        ) {
            try await session.source("nonsense").capture(.screen, withCursor: true)
        }
        let silent = await #expect(throws: CaptureFailure.self) {
            try await session.source("tiled").capture(.screen, withCursor: true)
        }
        #expect(silent?.kind == .unsupported)
        #expect(silent?.message.contains("no pixels in a format that can be read") == true)
        // By its number, as `pw-cli ls Node` shows it.
        let picture = try await session.source("\(node.windowID)").capture(.screen, withCursor: true)
        #expect(picture.frame.faults() == 0)
        await #expect(throws: CaptureFailure.self) {
            try await session.source("other").capture(.activeWindow, withCursor: true)
        }
    }

    @Test("says that PipeWire does not run, and how to start it")
    func noDaemon() async throws {
        let source = PipeWireScreenSource(node: "x", environment: ["XDG_RUNTIME_DIR": "/nonexistent"])

        let failure = await #expect(throws: CaptureFailure.self) {
            for try await _ in source.frames(of: .screen, rate: 30, withCursor: true) {}
        }

        #expect(failure?.kind == .noDesktop)
        #expect(failure?.message.contains("systemctl --user start pipewire wireplumber") == true)
    }
}
