import Desktop
import TestSupport
import Testing

@testable import X11Desktop

@Suite(.serialized, .enabled(if: XServer.isInstalled, "needs Xvfb"))
struct LayoutTests {
    @Test(
        "lists windows with a window manager: order, focus, titles, minimised ones",
        .enabled(if: isProgramInstalled("openbox"), "needs openbox"))
    func managed() async throws {
        let server = try XServer(width: 640, height: 400)
        defer { server.stop() }
        let manager = try await startWindowManager(on: server)
        defer { manager.stop() }
        let below = try server.testCard(
            "--geometry", "200x100+20+40", "--title", "Schlüssel \u{1B}[31m\u{202E}– naïve", "--class", "Notes")
        defer { below.stop() }
        let above = try server.testCard(
            "--geometry", "200x100+60+80", "--title", "Above", "--class", "Browser", "--color", "AB00CD")
        defer { above.stop() }
        let source = server.source

        let isFocused = try await eventually {
            try await source.layout().windows.first { $0.isActive }?.id == above.windowID
        }
        let windows = try await source.layout().windows
        let picture = try await source.capture(.activeWindow, withCursor: false)
        try below.send("hide")
        let isHidden = try await eventually {
            try await source.layout().windows.contains { $0.id == below.windowID && $0.isMinimised }
        }

        #expect(isFocused)
        #expect(windows.map(\.id) == [above.windowID, below.windowID])
        #expect(windows.map(\.title) == ["Above", "Schlüssel [31m– naïve"])
        #expect(windows.map(\.application) == ["Browser", "Notes"])
        #expect(picture.label == "Above")
        #expect(picture.region == windows[0].region)
        #expect((picture.frame.width, picture.frame.height) == (200, 100))
        #expect(picture.frame.count(of: 0xAB00CD, in: picture.frame.bounds) == 20_000)
        #expect(isHidden)
        // The title is above the contents.
        #expect(windows.allSatisfy { $0.frame.y < $0.region.y && $0.frame.height > $0.region.height })
        let failure = await #expect(throws: CaptureFailure.self) {
            try await source.capture(.window(below.windowID), withCursor: false)
        }
        #expect(failure?.kind == .noTarget)
        #expect(failure?.message.contains("minimised") == true)
    }

    @Test("lists windows without a window manager, and knows the one below the pointer")
    func unmanaged() async throws {
        let server = try XServer(width: 640, height: 400)
        defer { server.stop() }
        let card = try server.testCard("--geometry", "400x300+200+80", "--title", "Alone")
        defer { card.stop() }

        let layout = try await server.source.layout()

        #expect(
            layout.windows == [
                Window(
                    id: card.windowID, title: "Alone", application: "Testcard",
                    region: Region(x: 200, y: 80, width: 400, height: 300), isActive: true)
            ])
        #expect(layout.displays.map(\.region) == [Region(x: 0, y: 0, width: 640, height: 400)])
    }
}
