import Desktop
import PortalDesktop
import Testing
import X11Desktop

@testable import scry

@Suite struct ScreensTests {
    @Test(
        "goes by the session, not by DISPLAY, which Xwayland sets as well",
        arguments: [
            (["DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0", "XDG_SESSION_TYPE": "wayland"], true),
            (["DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"], true),
            (["WAYLAND_DISPLAY": "wayland-0", "XDG_SESSION_TYPE": "tty"], true),
            (["XDG_SESSION_TYPE": "wayland"], true),
            (["DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0", "XDG_SESSION_TYPE": "x11"], false),
            (["DISPLAY": ":0", "WAYLAND_DISPLAY": ""], false), (["DISPLAY": ":0"], false), ([:], false),
        ] as [([String: String], Bool)])
    func session(environment: [String: String], isWayland: Bool) {
        let screens = Screens(.auto, environment: environment, tokenFile: "/nonexistent/token")

        #expect((screens.portal != nil) == isWayland)
        #expect((screens.source is DoubtfulScreen) == !isWayland)
    }

    @Test("does as it is told")
    func choices() throws {
        func source(_ text: String) throws -> any ScreenSource {
            let choice = try #require(Configuration.Capture.Source(text))
            return Screens(choice, environment: ["WAYLAND_DISPLAY": "w"], tokenFile: "/nonexistent/token").source
        }

        for text in ["auto", "x11", "portal", "pipewire:a b"] {
            #expect(Configuration.Capture.Source(text)?.rawValue == text)
        }
        #expect(try source("x11") is X11ScreenSource)
        #expect(try source("portal") is PortalScreenSource)
        #expect(try source("pipewire:cam") is PipeWireScreenSource)
        for text in ["", "X11", "pipewire", "pipewire:", "wayland", "portal "] {
            #expect(Configuration.Capture.Source(text) == nil)
        }
    }

    @Test("leaves a source that cannot see for the other one, once, and keeps to one that can")
    func doubtful() async throws {
        let blind = FakeScreen(failure: CaptureFailure(.unsupported, "black"))
        let seeing = FakeScreen(failure: nil)
        let broken = FakeScreen(failure: CaptureFailure(.noDesktop, "no server"))

        #expect(try await DoubtfulScreen(first: blind, second: seeing).layout().session == "fake")
        var frames = 0
        for try await _ in DoubtfulScreen(first: blind, second: seeing).frames(of: .screen, rate: 1, withCursor: true) {
            frames += 1
        }
        await #expect(throws: CaptureFailure(.noDesktop, "no server")) {
            try await DoubtfulScreen(first: broken, second: seeing).layout()
        }

        #expect(frames == 1)
    }
}

/// A desktop that shows one frame, or fails.
private struct FakeScreen: ScreenSource {
    let failure: CaptureFailure?

    func layout() async throws -> DesktopLayout {
        if let failure { throw failure }
        return DesktopLayout(session: "fake", displays: [], windows: [])
    }

    func capture(_ target: CaptureTarget, withCursor: Bool) async throws -> CapturedPicture {
        if let failure { throw failure }
        let region = Region(x: 0, y: 0, width: 1, height: 1)
        return CapturedPicture(frame: frame, label: "fake", region: region)
    }

    func frames(of target: CaptureTarget, rate: Double, withCursor: Bool) -> AsyncThrowingStream<
        CapturedFrame, any Error
    > {
        AsyncThrowingStream { continuation in
            if failure == nil { continuation.yield(CapturedFrame(frame: frame, changes: nil)) }
            continuation.finish(throwing: failure)
        }
    }

    private var frame: Frame {
        Frame(
            width: 1, height: 1, stride: 4, format: .bgrx,
            pixels: PixelBuffer(byteCount: 4) { $0.initializeMemory(as: UInt8.self, repeating: 0) }, time: 0)
    }
}
