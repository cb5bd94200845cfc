import Desktop
import TestSupport
import Testing

@testable import X11Desktop

/// Choosing with real keys and a real pointer, as far as the XTEST extension makes them.
@Suite(.serialized, .enabled(if: XServer.isInstalled && isProgramInstalled("xdotool"), "needs Xvfb and xdotool"))
struct ChoosingTests {
    private func begin(
        on server: XServer, last: Region? = nil, withCursor: Bool = false
    ) async throws -> Task<CapturedPicture?, any Error> {
        let task = Task { try await server.source.chooseRegion(last: last, withCursor: withCursor) }
        #expect(try await isChoosing(server))
        return task
    }

    /// Whether the screen is dimmed and held by now.
    private func isChoosing(_ server: XServer, _ expected: Bool = true) async throws -> Bool {
        let connection = try X11Connection(X11Place(displayName: server.displayName, environment: server.environment))
        return await eventually {
            let windows = (try? connection.children(of: connection.root)) ?? []
            return windows.contains { connection.title(of: $0) == "Scry: choose a region" } == expected
        }
    }

    @Test("what is dragged over is cut out of the screen as it was", arguments: [8, 16, 24, 30])
    func drags(depth: Int) async throws {
        let server = try XServer(width: 320, height: 240, depth: depth)
        defer { server.stop() }
        let card = try server.testCard("--bare", "--color", "FF0000", "--geometry", "100x80+50+40")
        defer { card.stop() }

        let choosing = try await begin(on: server)
        // The picture was taken before.
        try card.send("color 00FF00")
        try server.finish("xdotool", "mousemove", "40", "30", "mousedown", "1", "mousemove", "100", "90")
        try server.finish("xdotool", "mousemove", "159", "129", "mouseup", "1", "key", "Return")
        let picture = try #require(try await choosing.value)

        #expect(picture.region == Region(x: 40, y: 30, width: 120, height: 100))
        #expect(picture.label == "120x100+40+30")
        #expect((picture.frame.width, picture.frame.height) == (120, 100))
        #expect(picture.frame.count(of: 0xFF0000, in: Region(x: 10, y: 10, width: 100, height: 80)) == 8000)
        #expect(picture.frame.count(of: 0xFF0000, in: picture.frame.bounds) == 8000)
        #expect(try await isChoosing(server, false))
    }

    @Test("arrow keys begin with the last region, move and stretch it; Enter takes it")
    func keys() async throws {
        let server = try XServer(width: 320, height: 240)
        defer { server.stop() }

        let choosing = try await begin(on: server, last: Region(x: 100, y: 100, width: 50, height: 40))
        try server.finish("xdotool", "key", "Left", "key", "Left", "key", "Left", "key", "Down", "key", "ctrl+Up")
        try server.finish("xdotool", "key", "shift+Right", "key", "shift+Up", "key", "shift+Up", "key", "KP_Enter")
        let picture = try #require(try await choosing.value)

        #expect(picture.region == Region(x: 98, y: 91, width: 51, height: 38))
    }

    @Test("a click into what is chosen takes it")
    func clicks() async throws {
        let server = try XServer(width: 320, height: 240)
        defer { server.stop() }

        let choosing = try await begin(on: server)
        try server.finish("xdotool", "mousemove", "10", "10", "mousedown", "1", "mousemove", "59", "59", "mouseup", "1")
        try server.finish("xdotool", "mousemove", "30", "30", "click", "1")

        #expect(try await choosing.value?.region == Region(x: 10, y: 10, width: 50, height: 50))
    }

    @Test(
        "Escape and the right button choose nothing, and give keyboard and pointer back", arguments: ["key", "click"])
    func cancels(way: String) async throws {
        let server = try XServer(width: 320, height: 240)
        defer { server.stop() }

        let choosing = try await begin(on: server)
        try server.finish("xdotool", way, way == "key" ? "Escape" : "3")

        #expect(try await choosing.value == nil)
        // Whoever chooses next gets both.
        let again = try await begin(on: server)
        try server.finish("xdotool", "key", "Escape")
        #expect(try await again.value == nil)
    }

    @Test("cancelling the task ends it at once")
    func taskCancelled() async throws {
        let server = try XServer(width: 320, height: 240)
        defer { server.stop() }

        let choosing = try await begin(on: server)
        choosing.cancel()

        await #expect(throws: CancellationError.self) { try await choosing.value }
        #expect(try await isChoosing(server, false))
    }

    @Test("two at once: the second says who is in the way")
    func heldBySomebodyElse() async throws {
        let server = try XServer(width: 320, height: 240)
        defer { server.stop() }
        let first = try await begin(on: server)

        let failure = await #expect(throws: CaptureFailure.self) {
            try await server.source.chooseRegion(last: nil, withCursor: false)
        }
        try server.finish("xdotool", "key", "Escape")

        #expect(failure?.kind == .refused)
        #expect(failure?.message.contains("pointer") == true)
        #expect(try await first.value == nil)
    }

    @Test("the server's death in the middle is a sentence")
    func serverGone() async throws {
        let server = try XServer(width: 320, height: 240)
        let choosing = try await begin(on: server)

        server.stop()

        let failure = await #expect(throws: CaptureFailure.self) { try await choosing.value }
        #expect(failure?.kind == .gone)
    }

    @Test("the pointer is where it was when the screen was frozen")
    func pointer() async throws {
        let server = try XServer(width: 320, height: 240)
        defer { server.stop() }
        // Its own pointer: a white square of 16 pixels, whose hot spot is at 4, 8.
        let card = try server.testCard("--bare", "--color", "000040", "--geometry", "320x240+0+0", "--cursor")
        defer { card.stop() }
        try server.finish("xdotool", "mousemove", "100", "60")

        let choosing = try await begin(on: server, withCursor: true)
        try server.finish(
            "xdotool", "mousemove", "80", "40", "mousedown", "1", "mousemove", "179", "99", "mouseup", "1")
        try server.finish("xdotool", "key", "Return")
        let frame = try #require(try await choosing.value).frame

        #expect(frame.count(of: 0xFFFFFF, in: Region(x: 16, y: 12, width: 16, height: 16)) == 256)
        #expect(frame.count(of: 0xFFFFFF, in: frame.bounds) == 256)
    }
}
