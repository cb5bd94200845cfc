import Desktop
import Foundation
import TestSupport
import Testing

@testable import X11Desktop

@Suite(.serialized, .enabled(if: XServer.isInstalled, "needs Xvfb"))
struct StillCaptureTests {
    @Test("reads the screen byte for byte")
    func screen() async throws {
        let server = try XServer(width: 320, height: 200)
        defer { server.stop() }
        let card = try server.testCard("--bare", "--color", "FE8102", "--geometry", "100x80+10+20")
        defer { card.stop() }

        let picture = try await server.source.capture(.screen, withCursor: false)

        let frame = picture.frame
        #expect(picture.label == "screen")
        #expect(picture.region == Region(x: 0, y: 0, width: 320, height: 200))
        #expect((frame.width, frame.height, frame.format) == (320, 200, .bgrx))
        #expect(frame.count(of: 0xFE8102, in: Region(x: 10, y: 20, width: 100, height: 80)) == 8000)
        #expect(frame.count(of: 0xFE8102, in: frame.bounds) == 8000)
        #expect(frame.count(of: 0, in: frame.bounds) == 320 * 200 - 8000)
    }

    @Test(
        "reads without MIT-SHM, Composite and DAMAGE",
        arguments: [
            ["MIT-SHM"], ["Composite"], ["DAMAGE"], ["MIT-SHM", "Composite", "DAMAGE"],
        ])
    func missingExtensions(names: [String]) async throws {
        let server = try XServer(width: 320, height: 200, withoutExtensions: names)
        defer { server.stop() }
        let card = try server.testCard("--bare", "--color", "1080F0", "--geometry", "33x17+5+6")
        defer { card.stop() }
        let source = server.source

        let screen = try await source.capture(.screen, withCursor: true).frame
        let window = try await source.capture(.window(card.windowID), withCursor: false).frame

        #expect(screen.count(of: 0x1080F0, in: Region(x: 5, y: 6, width: 33, height: 17)) == 33 * 17)
        #expect(window.count(of: 0x1080F0, in: window.bounds) == 33 * 17)
        #expect(try await source.layout().displays.count == 1)
    }

    @Test(
        "shares memory by its descriptor, and by its number where that cannot be", arguments: SharedSegment.Way.allCases
    )
    func sharing(way: SharedSegment.Way) throws {
        let server = try XServer(width: 320, height: 200)
        defer { server.stop() }
        let card = try server.testCard("--bare", "--color", "FE8102", "--geometry", "100x80+10+20")
        defer { card.stop() }
        let connection = try X11Connection(
            X11Place(displayName: server.displayName, environment: server.environment))
        let still = StillCapture(connection: connection, reader: PixelReader(connection, sharing: [way]))

        let frames = try (0..<3).map { _ in try still.picture(of: .screen, withCursor: false).frame }

        #expect(SharedSegment(connection, byteCount: 4096, by: [way]) != nil)
        for frame in frames { #expect(frame.count(of: 0xFE8102, in: frame.bounds) == 8000) }
    }

    @Test("converts the colours of other depths", arguments: [8, 16, 30])
    func depths(depth: Int) async throws {
        let server = try XServer(width: 160, height: 120, depth: depth)
        defer { server.stop() }
        let card = try server.testCard("--bare", "--color", "FF0000", "--geometry", "31x20+3+4")
        defer { card.stop() }
        let source = server.source

        let red = try await source.capture(.screen, withCursor: false).frame
        try card.send("color 0000FF")
        let isBlue = try await eventually {
            try await source.capture(.screen, withCursor: false).frame.colour(10, 10) == 0x0000FF
        }

        #expect(red.count(of: 0xFF0000, in: Region(x: 3, y: 4, width: 31, height: 20)) == 620)
        #expect(red.colour(2, 4) == 0)
        #expect(isBlue)
    }

    @Test(
        "finds monitors by name, by the pointer, and says which there are", .enabled(if: isProgramInstalled("xrandr")))
    func monitors() async throws {
        let server = try XServer(width: 640, height: 200)
        defer { server.stop() }
        try server.finish("xrandr", "--setmonitor", "LEFT", "300/80x200/50+0+0", "screen")
        try server.finish("xrandr", "--setmonitor", "RIGHT", "340/90x200/50+300+0", "none")
        let card = try server.testCard("--bare", "--color", "00C000", "--geometry", "640x200+300+0")
        defer { card.stop() }
        let source = server.source

        let left = try await source.capture(.monitor("LEFT"), withCursor: false)
        let right = try await source.capture(.monitor("RIGHT"), withCursor: false)
        let focused = try await source.capture(.focusedMonitor, withCursor: false)
        let layout = try await source.layout()

        #expect(left.region == Region(x: 0, y: 0, width: 300, height: 200))
        #expect(left.frame.count(of: 0, in: left.frame.bounds) == 300 * 200)
        #expect(right.label == "RIGHT")
        #expect(right.frame.count(of: 0x00C000, in: right.frame.bounds) == 340 * 200)
        // The pointer starts in the middle.
        #expect(focused.label == "RIGHT")
        #expect(layout.displays.map(\.name) == ["LEFT", "RIGHT"])
        #expect(layout.session == "x11")
        await #expect(
            throws: CaptureFailure(.noTarget, "There is no monitor “DP-7”. There is: LEFT, RIGHT.")
        ) { try await source.capture(.monitor("DP-7"), withCursor: false) }
    }

    @Test("cuts regions to the desktop, and refuses what lies outside")
    func regions() async throws {
        let server = try XServer(width: 320, height: 200)
        defer { server.stop() }
        let source = server.source

        let picture = try await source.capture(
            .region(Region(x: -50, y: 150, width: 100, height: 500)), withCursor: false)

        #expect(picture.region == Region(x: 0, y: 150, width: 50, height: 50))
        #expect((picture.frame.width, picture.frame.height) == (50, 50))
        let outside = Region(x: 320, y: 0, width: 10, height: 10)
        await #expect(
            throws: CaptureFailure(.noTarget, "The region 10x10+320+0 lies outside of the desktop, which is 320x200.")
        ) { try await source.capture(.region(outside), withCursor: false) }
    }

    @Test("sees a window that another one covers, and one that is partly off the screen")
    func coveredWindow() async throws {
        let server = try XServer(width: 320, height: 200)
        defer { server.stop() }
        let below = try server.testCard("--bare", "--color", "AA0000", "--geometry", "100x80+10+20", "--title", "Below")
        defer { below.stop() }
        let above = try server.testCard("--bare", "--color", "00BB00", "--geometry", "100x80+60+50")
        defer { above.stop() }
        let source = server.source
        let window = below.windowID

        let covered = try await source.capture(.window(window), withCursor: false)
        try below.send("move -40 20")
        let isMoved = try await eventually {
            try await source.capture(.screen, withCursor: false).frame.colour(0, 30) == 0xAA0000
        }
        let outside = try await source.capture(.window(window), withCursor: false)

        #expect(covered.label == "Below")
        #expect(covered.region == Region(x: 10, y: 20, width: 100, height: 80))
        #expect(covered.frame.count(of: 0xAA0000, in: covered.frame.bounds) == 8000)
        #expect(isMoved)
        #expect(outside.region == Region(x: -40, y: 20, width: 100, height: 80))
        #expect(outside.frame.count(of: 0xAA0000, in: outside.frame.bounds) == 8000)
    }

    @Test("draws the cursor where it is, cut at the edges", .enabled(if: isProgramInstalled("xdotool")))
    func cursor() async throws {
        let server = try XServer(width: 320, height: 200)
        defer { server.stop() }
        let card = try server.testCard("--fullscreen", "--cursor", "--color", "202020")
        defer { card.stop() }
        let source = server.source

        try server.finish("xdotool", "mousemove", "100", "60")
        let with = try await source.capture(.screen, withCursor: true).frame
        let without = try await source.capture(.screen, withCursor: false).frame
        let part = try await source.capture(.region(Region(x: 90, y: 50, width: 50, height: 50)), withCursor: true)
            .frame
        try server.finish("xdotool", "mousemove", "319", "199")
        let corner = try await source.capture(.screen, withCursor: true).frame

        // A square of 16 whose hot spot is at 4, 8.
        #expect(with.count(of: 0xFFFFFF, in: Region(x: 96, y: 52, width: 16, height: 16)) == 256)
        #expect(with.count(of: 0xFFFFFF, in: with.bounds) == 256)
        #expect(without.count(of: 0xFFFFFF, in: without.bounds) == 0)
        #expect(part.count(of: 0xFFFFFF, in: Region(x: 6, y: 2, width: 16, height: 16)) == 256)
        #expect(corner.count(of: 0xFFFFFF, in: corner.bounds) == 5 * 9)
    }

    @Test("survives windows that close while they are captured")
    func closingWindows() async throws {
        let server = try XServer(width: 320, height: 200)
        defer { server.stop() }
        let source = server.source
        for round in 0..<8 {
            let card = try server.testCard("--bare", "--geometry", "200x100+0+0", "--color", "123456")
            let window = card.windowID
            // Covered, so that all of the way is gone: redirection, waiting, reading.
            let cover = try server.testCard("--bare", "--geometry", "50x50+0+0")
            async let closing: Void = {
                if round % 2 == 0 { try card.send("quit") } else { kill(card.processID, SIGKILL) }
            }()
            var failure: CaptureFailure?
            while failure == nil {
                do { _ = try await source.capture(.window(window), withCursor: true) } catch {
                    failure = try #require(error as? CaptureFailure)
                }
            }
            try await closing
            #expect(failure?.kind == .gone || failure?.kind == .noTarget)
            card.stop()
            cover.stop()
        }
        let picture = try await source.capture(.screen, withCursor: false)
        #expect(picture.frame.count(of: 0, in: picture.frame.bounds) == 320 * 200)
    }

    @Test("says that there is no desktop, or that it is a Wayland one")
    func noDesktop() async throws {
        let nowhere = X11ScreenSource(displayName: nil, environment: [:])
        let dead = X11ScreenSource(displayName: ":9999", environment: [:])
        let wayland = X11ScreenSource(
            displayName: nil,
            environment: ["DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0", "XDG_SESSION_TYPE": "wayland"])

        for (source, kind, words) in [
            (nowhere, CaptureFailure.Kind.noDesktop, "DISPLAY is not set"), (dead, .noDesktop, "“:9999”"),
            (wayland, .unsupported, "Wayland"),
        ] {
            let failure = await #expect(throws: CaptureFailure.self) { try await source.layout() }
            #expect(failure?.kind == kind)
            #expect(failure?.message.contains(words) == true)
        }
    }

    @Test("says that the server was lost, and connects anew", arguments: 1...5)
    func lostServer(round: Int) async throws {
        let server = try XServer(width: 320, height: 200)
        let source = server.source
        _ = try await source.capture(.screen, withCursor: false)
        kill(server.processID, SIGKILL)
        server.waitUntilExit()

        let first = await #expect(throws: CaptureFailure.self) { try await source.capture(.screen, withCursor: false) }
        // Another thread may close what the first one found broken. (A new server may have taken the number meanwhile.)
        for _ in 0..<20 { _ = try? await source.layout() }

        #expect(first?.kind == .gone)
    }

    @Test("keeps a picture as it was while others are taken, larger and smaller ones too")
    func keepsPictures() async throws {
        let server = try XServer(width: 320, height: 200)
        defer { server.stop() }
        let card = try server.testCard("--bare", "--color", "FF0000", "--geometry", "100x80+10+20")
        defer { card.stop() }
        let source = server.source
        let part = CaptureTarget.region(Region(x: 10, y: 20, width: 50, height: 40))

        let red = try await source.capture(.screen, withCursor: false).frame
        let smallRed = try await source.capture(part, withCursor: false).frame
        try card.send("color 0000FF")
        let isBlue = try await eventually {
            try await source.capture(.screen, withCursor: false).frame.colour(10, 20) == 0x0000FF
        }
        // These get the memory of pictures that are gone, which were larger and hold other pixels.
        let smallBlue = try await source.capture(part, withCursor: false).frame
        let blue = try await source.capture(.screen, withCursor: false).frame

        #expect(isBlue)
        #expect(red.count(of: 0xFF0000, in: red.bounds) == 8000)
        #expect(smallRed.count(of: 0xFF0000, in: smallRed.bounds) == 2000)
        #expect(smallBlue.count(of: 0x0000FF, in: smallBlue.bounds) == 2000)
        #expect(blue.count(of: 0x0000FF, in: blue.bounds) == 8000)
        #expect(blue.count(of: 0, in: blue.bounds) == 320 * 200 - 8000)
    }

    @Test("a picture outlives its source and its server")
    func outlives() async throws {
        let server = try XServer(width: 320, height: 200)
        let card = try server.testCard("--bare", "--color", "FF8000", "--geometry", "100x80+10+20")
        let frame = try await server.source.capture(.screen, withCursor: false).frame

        card.stop()
        server.stop()

        #expect(frame.count(of: 0xFF8000, in: frame.bounds) == 8000)
    }

    @Test("prints what a warm picture costs", arguments: [(1920, 1080), (3840, 2160)])
    func cost(width: Int, height: Int) async throws {
        let server = try XServer(width: width, height: height)
        defer { server.stop() }
        let source = server.source
        _ = try await source.capture(.screen, withCursor: true)
        var times: [Duration] = []
        for _ in 0..<15 {
            times.append(
                try await ContinuousClock().measure { _ = try await source.capture(.screen, withCursor: true) })
        }
        times.sort()
        print("warm picture of \(width)x\(height): median \(times[7]), best \(times[0])")
    }
}
