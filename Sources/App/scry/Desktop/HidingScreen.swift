import Desktop
import X11Desktop

/// A desktop whose pictures show what is behind the terminal in which this program runs.
///
/// Recordings show the terminal.
struct HidingScreen: ScreenSource {
    let source: any ScreenSource
    let x11: X11ScreenSource
    /// Where the terminal says it is.
    let terminal: ChatDoor.Answer

    func layout() async throws -> DesktopLayout { try await source.layout() }

    func windows() async -> [Window] { await source.windows() }

    func capture(_ target: CaptureTarget, withCursor: Bool) async throws -> CapturedPicture {
        switch target {
        case .activeWindow, .window, .chosenRegion, .lastRegion:
            return try await source.capture(target, withCursor: withCursor)
        case .screen, .focusedMonitor, .monitor, .region:
            let processes = ProcessTree.ancestors(of: terminal.process)
            guard let window = try? await x11.window(saidToBe: terminal.window, orOf: processes) else {
                return try await source.capture(target, withCursor: withCursor)
            }
            return try await x11.capture(target, withCursor: withCursor, hiding: window)
        }
    }

    func frames(of target: CaptureTarget, rate: Double, withCursor: Bool) -> AsyncThrowingStream<
        CapturedFrame, any Error
    > {
        source.frames(of: target, rate: rate, withCursor: withCursor)
    }
}
