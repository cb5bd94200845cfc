import Desktop
import TestSupport
import Testing

@testable import X11Desktop

@Suite(.serialized, .enabled(if: XServer.isInstalled, "needs Xvfb"))
struct HidingTests {
    @Test("shows what is behind a window and in front of it, and moves nothing")
    func hides() async throws {
        let server = try XServer(width: 400, height: 300)
        defer { server.stop() }
        let below = try server.testCard("--bare", "--color", "FF0000", "--geometry", "200x150+50+50")
        defer { below.stop() }
        let hidden = try server.testCard("--bare", "--color", "00FF00", "--geometry", "200x150+100+80")
        defer { hidden.stop() }
        let above = try server.testCard("--bare", "--color", "0000FF", "--geometry", "40x40+180+100")
        defer { above.stop() }
        let source = server.source
        let before = try await source.capture(.screen, withCursor: false).frame

        let screen = try await source.capture(.screen, withCursor: false, hiding: hidden.windowID).frame
        let part = try await source.capture(
            .region(Region(x: 90, y: 90, width: 100, height: 50)), withCursor: false, hiding: hidden.windowID
        ).frame
        let after = try await source.capture(.screen, withCursor: false).frame

        #expect(screen.count(of: 0x00FF00, in: screen.bounds) == 0)
        #expect(screen.count(of: 0x0000FF, in: screen.bounds) == 1600)
        // All of the red window but what the blue one covers.
        let covered = Region(x: 50, y: 50, width: 200, height: 150).intersection(
            Region(x: 180, y: 100, width: 40, height: 40))
        #expect(screen.count(of: 0xFF0000, in: screen.bounds) == 200 * 150 - covered.area)
        #expect(screen.colour(290, 220) == 0)
        #expect(part.count(of: 0x0000FF, in: part.bounds) == 10 * 40)
        #expect(part.count(of: 0xFF0000, in: part.bounds) == 100 * 50 - 400)
        #expect(before.count(of: 0x00FF00, in: before.bounds) == after.count(of: 0x00FF00, in: after.bounds))
    }

    @Test(
        "a region is chosen on a screen without the window",
        .enabled(if: isProgramInstalled("xdotool"), "needs xdotool"))
    func choosing() async throws {
        let server = try XServer(width: 400, height: 300)
        defer { server.stop() }
        let below = try server.testCard("--bare", "--color", "FF0000", "--geometry", "200x150+50+50")
        defer { below.stop() }
        let hidden = try server.testCard("--bare", "--color", "00FF00", "--geometry", "200x150+100+80")
        defer { hidden.stop() }
        let source = server.source

        async let chosen = source.chooseRegion(last: nil, withCursor: false, hiding: hidden.windowID)
        try server.finish("xdotool", "search", "--sync", "--name", "Scry: choose a region")
        try server.finish("xdotool", "mousemove", "110", "90", "mousedown", "1", "mousemove", "150", "120")
        try server.finish("xdotool", "mousemove", "209", "169", "mouseup", "1", "key", "Return")
        let picture = try #require(try await chosen)

        #expect(picture.region == Region(x: 110, y: 90, width: 100, height: 80))
        #expect(picture.frame.count(of: 0xFF0000, in: picture.frame.bounds) == 100 * 80)
    }

    @Test("a window that is away, minimised or beside the picture changes nothing")
    func nothingToHide() async throws {
        let server = try XServer(width: 400, height: 300)
        defer { server.stop() }
        let card = try server.testCard("--bare", "--color", "00FF00", "--geometry", "100x100+0+0")
        defer { card.stop() }
        let source = server.source
        let beside = CaptureTarget.region(Region(x: 150, y: 0, width: 50, height: 50))

        #expect(try await source.capture(.screen, withCursor: true, hiding: 0xDEAD).frame.colour(5, 5) == 0x00FF00)
        #expect(try await source.capture(beside, withCursor: true, hiding: card.windowID).frame.width == 50)
        let window = try await source.capture(.window(card.windowID), withCursor: true, hiding: card.windowID)
        #expect(window.frame.colour(5, 5) == 0x00FF00)
    }
}
