public import Desktop

/// Something on the clipboard of an X11 desktop, for as long as this lives or until somebody else copies.
///
/// X11 has no place for it: who pastes asks the program that copied. A thread of its own answers, and sleeps otherwise.
public final class X11ClipboardOwner: Sendable {
    private let wake = WakeSignal()

    /// Takes the clipboard.
    ///
    /// - Parameters:
    ///   - contents: The bytes by their types, as "image/png" or "UTF8_STRING".
    ///   - displayName: The server, as ":0"; nil for the one that the environment names.
    ///   - environment: Read for DISPLAY, WAYLAND_DISPLAY and XDG_SESSION_TYPE.
    /// - Throws: `CaptureFailure` when there is no such desktop.
    public init(
        offering contents: [String: [UInt8]], displayName: String? = nil, environment: [String: String]
    ) throws(CaptureFailure) {
        let connection = try X11Connection(X11Place(displayName: displayName, environment: environment))
        let server: ClipboardServer
        do throws(X11Fault) {
            server = try ClipboardServer(connection, contents)
        } catch {
            throw error.failure("the clipboard")
        }
        let wake = wake
        // Handed over whole: nobody else has the connection.
        nonisolated(unsafe) let owned = server
        BlockingThread.start { BrokenPipe.tolerated { owned.run(until: wake) } }
    }

    deinit { wake.send() }
}
