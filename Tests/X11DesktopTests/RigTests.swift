import Desktop
import TestSupport
import Testing

@testable import X11Desktop

/// Desktops as people have them: two monitors, one turned, dense, deep, with a compositor.
@Suite(.serialized, .enabled(if: XServer.isInstalled && isProgramInstalled("xrandr"), "needs Xvfb and xrandr"))
struct RigTests {
    @Test("two monitors, one upright: each is byte for byte what is on it", arguments: [24, 30])
    func twoMonitors(depth: Int) async throws {
        // A wide one, and one that stands on its side, lower by 100.
        let server = try XServer(width: 1000, height: 700, depth: depth)
        defer { server.stop() }
        try server.finish("xrandr", "--setmonitor", "WIDE", "640/160x400/100+0+100", "screen")
        try server.finish("xrandr", "--setmonitor", "TALL", "360/90x640/160+640+0", "none")
        let wide = try server.testCard("--bare", "--color", "FF0000", "--geometry", "640x400+0+100")
        defer { wide.stop() }
        let tall = try server.testCard("--bare", "--color", "0000FF", "--geometry", "360x640+640+0")
        defer { tall.stop() }
        let source = server.source

        let first = try await source.capture(.monitor("WIDE"), withCursor: false)
        let second = try await source.capture(.monitor("TALL"), withCursor: false)
        let all = try await source.capture(.screen, withCursor: false).frame

        #expect(first.region == Region(x: 0, y: 100, width: 640, height: 400))
        #expect(first.frame.count(of: 0xFF0000, in: first.frame.bounds) == 640 * 400)
        #expect(second.region == Region(x: 640, y: 0, width: 360, height: 640))
        #expect(second.frame.count(of: 0x0000FF, in: second.frame.bounds) == 360 * 640)
        #expect(all.count(of: 0, in: all.bounds) == 1000 * 700 - 640 * 400 - 360 * 640)
    }

    @Test("a region may lie on two monitors", .enabled(if: isProgramInstalled("xdotool"), "needs xdotool"))
    func regionAcross() async throws {
        let server = try XServer(width: 800, height: 300)
        defer { server.stop() }
        try server.finish("xrandr", "--setmonitor", "LEFT", "400/100x300/80+0+0", "screen")
        try server.finish("xrandr", "--setmonitor", "RIGHT", "400/100x300/80+400+0", "none")
        let card = try server.testCard("--bare", "--color", "FF8000", "--geometry", "400x300+400+0")
        defer { card.stop() }
        let source = server.source
        let connection = try X11Connection(X11Place(displayName: server.displayName, environment: server.environment))

        let choosing = Task { try await source.chooseRegion(last: nil, withCursor: false) }
        let isChoosing = await eventually {
            ((try? connection.children(of: connection.root)) ?? []).contains {
                connection.title(of: $0) == "Scry: choose a region"
            }
        }
        #expect(isChoosing)
        try server.finish("xdotool", "mousemove", "350", "50", "mousedown", "1", "mousemove", "400", "90")
        try server.finish("xdotool", "mousemove", "449", "149", "mouseup", "1", "key", "Return")
        let picture = try #require(try await choosing.value)

        #expect(picture.region == Region(x: 350, y: 50, width: 100, height: 100))
        #expect(picture.frame.count(of: 0, in: Region(x: 0, y: 0, width: 50, height: 100)) == 5000)
        #expect(picture.frame.count(of: 0xFF8000, in: Region(x: 50, y: 0, width: 50, height: 100)) == 5000)
    }

    @Test("on a dense screen pictures have the screen's own pixels, and the scale is told", arguments: [96, 192])
    func dense(dpi: Int) async throws {
        let server = try XServer(width: 640, height: 400)
        defer { server.stop() }
        let resources = try server.run("sh", "-c", "echo 'Xft.dpi: \(dpi)' | xrdb -merge")
        resources.waitUntilExit()
        let card = try server.testCard("--bare", "--color", "10C020", "--geometry", "301x199+7+9")
        defer { card.stop() }

        let layout = try await server.source.layout()
        let window = try await server.source.capture(.window(card.windowID), withCursor: false).frame

        #expect(layout.displays.map(\.scale) == [Double(dpi) / 96])
        #expect((window.width, window.height) == (301, 199))
        #expect(window.count(of: 0x10C020, in: window.bounds) == 301 * 199)
    }

    @Test(
        "with a compositor: screen, covered windows and hidden ones as without",
        .enabled(if: isProgramInstalled("picom"), "needs picom"))
    func compositor() async throws {
        let server = try XServer(width: 400, height: 300)
        defer { server.stop() }
        let compositor = try server.run("picom", "--backend", "xrender", "--config", "/dev/null")
        defer { compositor.stop() }
        let connection = try X11Connection(X11Place(displayName: server.displayName, environment: server.environment))
        let isComposing = await eventually {
            StillCapture(connection: connection, reader: PixelReader(connection)).hasCompositor
        }
        #expect(isComposing)
        let below = try server.testCard("--bare", "--color", "FF0000", "--geometry", "200x150+50+50")
        defer { below.stop() }
        let above = try server.testCard("--bare", "--color", "00FF00", "--geometry", "200x150+100+80")
        defer { above.stop() }
        let source = server.source

        let isShown = try await eventually {
            let frame = try await source.capture(.screen, withCursor: false).frame
            return frame.count(of: 0x00FF00, in: frame.bounds) == 200 * 150
        }
        let covered = try await source.capture(.window(below.windowID), withCursor: false).frame
        let hidden = try await source.capture(.screen, withCursor: false, hiding: above.windowID).frame

        #expect(isShown)
        #expect(covered.count(of: 0xFF0000, in: covered.bounds) == 200 * 150)
        #expect(hidden.count(of: 0xFF0000, in: hidden.bounds) == 200 * 150)
        #expect(hidden.count(of: 0x00FF00, in: hidden.bounds) == 0)
    }
}
