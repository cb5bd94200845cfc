import Desktop
import Testing

@testable import scry

@Suite("The private screen")
struct PrivateScreenTests {
    /// A desktop of 100×100 pixels with the windows that a test puts there.
    private final class FakeScreen: ScreenSource {
        let windows: [Window]
        let frameCount: Int

        init(_ windows: [Window], frameCount: Int = 0) {
            self.windows = windows
            self.frameCount = frameCount
        }

        func layout() async throws -> DesktopLayout { DesktopLayout(session: "x11", displays: [], windows: windows) }

        func capture(_ target: CaptureTarget, withCursor: Bool) async throws -> CapturedPicture {
            var region = Region(x: 0, y: 0, width: 100, height: 100)
            if case .region(let part) = target { region = part }
            return CapturedPicture(frame: frame(0), label: "screen", region: region)
        }

        func frames(of target: CaptureTarget, rate: Double, withCursor: Bool)
            -> AsyncThrowingStream<CapturedFrame, any Error>
        {
            AsyncThrowingStream { stream in
                for number in 0..<frameCount {
                    stream.yield(CapturedFrame(frame: frame(UInt64(number) * 400_000_000), changes: nil))
                }
                stream.finish()
            }
        }

        private func frame(_ time: UInt64) -> Frame {
            let pixels = PixelBuffer(byteCount: 4) { $0.copyBytes(from: [1, 2, 3, 4]) }
            return Frame(width: 1, height: 1, stride: 4, format: .bgrx, pixels: pixels, time: time)
        }
    }

    private func window(_ application: String, x: Int = 10, isMinimised: Bool = false) -> Window {
        Window(
            id: 1, title: "secret", application: application, region: Region(x: x, y: 10, width: 20, height: 20),
            isActive: false, isMinimised: isMinimised)
    }

    private func screen(_ windows: [Window], frameCount: Int = 0) -> PrivateScreen {
        PrivateScreen(source: FakeScreen(windows, frameCount: frameCount), forbidden: ["KeePassXC"])
    }

    @Test("refuses a picture that a forbidden window is in, and says which")
    func refuses() async throws {
        let failure = await #expect(throws: CaptureFailure.self) {
            try await screen([window("Firefox"), window("keepassxc")]).capture(.screen, withCursor: true)
        }
        #expect(failure?.kind == .refused)
        #expect(failure?.message.contains("keepassxc") == true)
    }

    @Test("takes a picture beside a forbidden window, and when it is minimised")
    func allows() async throws {
        let part = CaptureTarget.region(Region(x: 50, y: 50, width: 40, height: 40))
        #expect(try await screen([window("KeePassXC")]).capture(part, withCursor: true).region.x == 50)
        _ = try await screen([window("KeePassXC", isMinimised: true)]).capture(.screen, withCursor: true)
        _ = try await screen([window("Firefox")]).capture(.screen, withCursor: true)
    }

    @Test("ends a recording when a forbidden window is in sight, before a frame of it gets out")
    func recording() async throws {
        var count = 0
        await #expect(throws: CaptureFailure.self) {
            for try await _ in screen([window("KeePassXC")], frameCount: 9).frames(
                of: .screen, rate: 10, withCursor: true)
            {
                count += 1
            }
        }
        #expect(count == 0)
        for try await _ in screen([window("Firefox")], frameCount: 9).frames(of: .screen, rate: 10, withCursor: true) {
            count += 1
        }
        #expect(count == 9)
    }

    @Test("names the settings that have no effect yet, and only when they are set")
    func unheeded() {
        var configuration = Configuration()
        #expect(configuration.unheeded.isEmpty)
        configuration.capture.source = .portal
        #expect(configuration.unheeded.isEmpty)
        configuration.capture.hidesTerminal = true
        #expect(configuration.unheeded.count == 1)
    }
}
