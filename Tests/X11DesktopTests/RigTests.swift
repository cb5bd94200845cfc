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

    /// Runs a compositor, and waits until it composes.
    private func compose(_ server: XServer) async throws -> TestProcess {
        let compositor = try server.run("picom", "--backend", "xrender", "--config", "/dev/null")
        let connection = try X11Connection(X11Place(displayName: server.displayName, environment: server.environment))
        let isComposing = await eventually { connection.hasCompositor }
        #expect(isComposing)
        return compositor
    }

    @Test(
        "with a compositor: screen, covered windows and hidden ones as without",
        .enabled(if: isProgramInstalled("picom"), "needs picom"))
    func compositor() async throws {
        let server = try XServer(width: 400, height: 300)
        defer { server.stop() }
        let compositor = try await compose(server)
        defer { compositor.stop() }
        let below = try server.testCard("--bare", "--color", "FF0000", "--geometry", "200x150+50+50")
        defer { below.stop() }
        let above = try server.testCard("--bare", "--color", "00FF00", "--geometry", "200x150+100+80")
        defer { above.stop() }
        let source = server.source

        let isShown = try await eventually {
            let frame = try await source.capture(.screen, withCursor: false).frame
            return frame.count(of: 0x00FF00, in: frame.bounds) == 200 * 150
        }
        // It says that it composes before it has taken over what is there.
        let isWhole = try await eventually {
            let covered = try await source.capture(.window(below.windowID), withCursor: false).frame
            return covered.count(of: 0xFF0000, in: covered.bounds) == 200 * 150
        }
        let hidden = try await source.capture(.screen, withCursor: false, hiding: above.windowID).frame

        #expect(isShown)
        #expect(isWhole)
        #expect(hidden.count(of: 0xFF0000, in: hidden.bounds) == 200 * 150)
        #expect(hidden.count(of: 0x00FF00, in: hidden.bounds) == 0)
    }

    @Test(
        "with a compositor: what shines through a window is in the screen's picture, and not in the window's",
        .enabled(if: isProgramInstalled("picom"), "needs picom"))
    func transparent() async throws {
        let server = try XServer(width: 400, height: 300)
        defer { server.stop() }
        let compositor = try await compose(server)
        defer { compositor.stop() }
        let below = try server.testCard("--bare", "--color", "FF0000", "--geometry", "200x150+50+50")
        defer { below.stop() }
        let glass = try server.testCard("--bare", "--color", "00FF00", "--alpha", "80", "--geometry", "100x80+100+80")
        defer { glass.stop() }
        let source = server.source

        // 128 of 255 of green, and 127 of red behind it; renderers round as they like.
        let mixed: Set<UInt32> = [0x7E8000, 0x7F8000, 0x808000, 0x7F7F00, 0x7F8100]
        let isMixed = try await eventually {
            let colour = try await source.capture(.screen, withCursor: false).frame.colour(150, 120)
            return mixed.contains(colour)
        }
        let screen = try await source.capture(.screen, withCursor: false).frame
        let window = try await source.capture(.window(glass.windowID), withCursor: false).frame

        #expect(isMixed, "\(String(screen.colour(150, 120), radix: 16))")
        #expect(screen.count(of: screen.colour(150, 120), in: screen.bounds) == 100 * 80)
        #expect(screen.count(of: 0xFF0000, in: screen.bounds) == 200 * 150 - 100 * 80)
        // What the window drew, on white: 128 of 255 of green, and 127 of white.
        #expect(window.count(of: 0x7FFF7F, in: window.bounds) == 100 * 80)
    }

    @Test(
        "a monitor that is turned: the picture is upright, byte for byte, and the pointer where it is",
        .enabled(
            if: isProgramInstalled("Xephyr") && isProgramInstalled("xdotool"), "needs Xephyr and xdotool"),
        arguments: ["left", "inverted", "right", "normal"])
    func rotated(turn: String) async throws {
        let outer = try XServer(width: 1000, height: 1000)
        defer { outer.stop() }
        let server = try XServer(nestedIn: outer, width: 400, height: 300)
        defer { server.stop() }
        try server.finish("xrandr", "-o", turn)
        let isUpright = turn == "left" || turn == "right"
        let (width, height) = isUpright ? (300, 400) : (400, 300)
        let card = try server.testCard("--bare", "--color", "2080F0", "--geometry", "100x50+30+220", "--cursor")
        defer { card.stop() }
        try server.finish("xdotool", "mousemove", "84", "248")
        let source = server.source

        let layout = try await source.layout()
        let without = try await source.capture(.monitor(layout.displays[0].name), withCursor: false)
        let with = try await source.capture(.screen, withCursor: true).frame

        #expect(layout.displays.map(\.region) == [Region(x: 0, y: 0, width: width, height: height)])
        #expect((without.frame.width, without.frame.height) == (width, height))
        let place = Region(x: 30, y: 220, width: 100, height: 50)
        #expect(without.frame.count(of: 0x2080F0, in: place) == 100 * 50)
        #expect(without.frame.count(of: 0x2080F0, in: without.frame.bounds) == 100 * 50)
        // Its hot spot is at 4, 8.
        #expect(with.count(of: 0xFFFFFF, in: Region(x: 80, y: 240, width: 16, height: 16)) == 256)
        #expect(with.count(of: 0x2080F0, in: place) == 100 * 50 - 256)
    }
}
