public import Desktop
import Synchronization

/// Keys of an X11 desktop that reach us in every window.
///
/// They are held by a connection of their own, on a thread of its own that sleeps until the server has something to say.
public struct X11Hotkeys: HotkeySource {
    private let place: X11Place

    /// - Parameters:
    ///   - displayName: The server, as ":0"; nil for the one that the environment names.
    ///   - environment: Read for DISPLAY, WAYLAND_DISPLAY and XDG_SESSION_TYPE.
    public init(displayName: String?, environment: [String: String]) {
        place = X11Place(displayName: displayName, environment: environment)
    }

    /// Holds keys; see `HotkeySource`.
    public func hold(_ hotkeys: [Hotkey]) -> AsyncThrowingStream<HotkeyEvent, any Error> {
        let (stream, continuation) = AsyncThrowingStream<HotkeyEvent, any Error>.makeStream()
        let wake = WakeSignal()
        continuation.onTermination = { _ in wake.send() }
        let place = place
        BlockingThread.start {
            do {
                try BrokenPipe.tolerated {
                    try HotkeyWatch(X11Connection(place), hotkeys).run(until: wake) { continuation.yield($0) }
                }
                continuation.finish()
            } catch let fault as X11Fault {
                continuation.finish(throwing: fault.failure("the desktop"))
            } catch {
                continuation.finish(throwing: error)
            }
        }
        return stream
    }
}
