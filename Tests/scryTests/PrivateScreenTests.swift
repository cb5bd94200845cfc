import Desktop
import Testing

@testable import scry

@Suite("The private screen")
struct PrivateScreenTests {
    /// A desktop of 100×100 pixels with the windows that a test puts there.
    private final class FakeScreen: ScreenSource {
        private let list: [Window]
        private let frameCount: Int

        init(_ windows: [Window], frameCount: Int = 0) {
            list = windows
            self.frameCount = frameCount
        }

        func windows() async -> [Window] { list }

        func layout() async throws -> DesktopLayout { DesktopLayout(session: "x11", displays: [], windows: list) }

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

    private func window(
        _ application: String, title: String = "secret", id: UInt64 = 1, x: Int = 10, isActive: Bool = false,
        isMinimised: Bool = false
    ) -> Window {
        Window(
            id: id, title: title, application: application, region: Region(x: x, y: x, width: 20, height: 20),
            isActive: isActive, isMinimised: isMinimised)
    }

    private func screen(_ windows: [Window], frameCount: Int = 0) -> PrivateScreen {
        PrivateScreen(source: FakeScreen(windows, frameCount: frameCount), forbidden: ["KeePassXC"])
    }

    @Test("a forbidden window is black in a picture, by its application or its title")
    func blackens() async throws {
        for windows in [
            [window("Firefox"), window("keepassxc", x: 0)], [window("Firefox", title: "My KeePassXC", x: 0)],
        ] {
            let picture = try await screen(windows).capture(.screen, withCursor: true)
            #expect(picture.frame.pixels.withBytes { Array($0) } == [0, 0, 0, 4])
        }
        let picture = try await screen([window("Firefox", x: 0)]).capture(.screen, withCursor: true)
        #expect(picture.frame.pixels.withBytes { Array($0) } == [1, 2, 3, 4])
    }

    @Test("refuses a picture of a forbidden window itself, and says which")
    func refuses() async throws {
        let failure = await #expect(throws: CaptureFailure.self) {
            try await screen([window("Firefox"), window("keepassxc", id: 7)]).capture(.window(7), withCursor: true)
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

    @Test("a forbidden window is black in every frame of a recording, and a recording of itself ends at once")
    func recording() async throws {
        var pixels: [[UInt8]] = []
        for windows in [[window("KeePassXC", x: 0)], [window("Firefox", x: 0)]] {
            for try await frame in screen(windows, frameCount: 9).frames(of: .screen, rate: 10, withCursor: true) {
                pixels.append(frame.frame.pixels.withBytes { Array($0) })
            }
        }
        #expect(pixels == Array(repeating: [0, 0, 0, 4], count: 9) + Array(repeating: [1, 2, 3, 4], count: 9))
        for target in [CaptureTarget.window(1), .focusedMonitor] {
            var count = 0
            await #expect(throws: CaptureFailure.self) {
                let frames = screen([window("KeePassXC")], frameCount: 9).frames(of: target, rate: 10, withCursor: true)
                for try await _ in frames { count += 1 }
            }
            #expect(count == 0)
        }
    }

    @Test("the title of a forbidden window is not told, nor that of one outside of what is captured")
    func titles() async throws {
        let careful = screen([
            window("KeePassXC", id: 7, isActive: true), window("Firefox", title: "GitHub", id: 2),
            window("keepassxc", id: 8, isMinimised: true),
        ])
        #expect(await careful.windows().map(\.title) == ["GitHub"])
        for target in [CaptureTarget.screen, .activeWindow, .window(7), .window(8)] {
            #expect(await careful.title(for: target, in: nil) == nil)
        }
        #expect(await careful.title(for: .window(2), in: nil) == "GitHub")

        let open = screen([window("Firefox", title: "GitHub", isActive: true)])
        #expect(await open.title(for: .screen, in: nil) == "GitHub")
        let beside = Region(x: 50, y: 50, width: 40, height: 40)
        #expect(await open.title(for: .region(beside), in: beside) == nil)
    }

    @Test("paints over what the person says, and reads where that is")
    func redacts() async throws {
        let redacted = RedactedScreen(
            source: FakeScreen([], frameCount: 2), parts: [Region(x: 0, y: 0, width: 1, height: 1)])

        #expect(try await redacted.capture(.screen, withCursor: true).frame.pixels.withBytes { $0[0] } == 0x08)
        for try await frame in redacted.frames(of: .screen, rate: 10, withCursor: true) {
            #expect(frame.frame.pixels.withBytes { $0[2] } == 0x08)
        }
        #expect(Redaction(argument: "10,20,30x40")?.region == Region(x: 10, y: 20, width: 30, height: 40))
        for wrong in ["", "10,20", "10,20,0x5", "-1,2,3x4", "10,20,30x40x", "1e3,2,3x4", "99999999999999,1,1x1"] {
            #expect(Redaction(argument: wrong) == nil)
        }
    }
}
