import CX11
public import Desktop
import Dispatch

/// An X11 desktop that can be looked at.
///
///     let source = X11ScreenSource(displayName: nil, environment: ProcessInfo.processInfo.environment)
///     let picture = try await source.capture(.activeWindow, withCursor: true)
///
/// It connects when it is first asked for something, and again after the server was lost. Pictures are taken on a queue
/// of its own; each recording has its own connection and thread, which end with the stream.
public actor X11ScreenSource: ScreenSource {
    private let executor = QueueExecutor(label: "scry.x11")
    let place: X11Place
    private var still: StillCapture?

    /// Runs the actor's work on its own queue: Xlib blocks, and the shared threads must not.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Makes a source; nothing is connected yet.
    ///
    /// - Parameters:
    ///   - displayName: The server, as ":0"; nil for the one that the environment names.
    ///   - environment: Read for DISPLAY, WAYLAND_DISPLAY and XDG_SESSION_TYPE. (Xlib itself reads XAUTHORITY.)
    public init(displayName: String?, environment: [String: String]) {
        place = X11Place(displayName: displayName, environment: environment)
    }

    /// Lists monitors and windows; see `ScreenSource`.
    public func layout() async throws -> DesktopLayout {
        try use { still in
            do {
                return try still.connection.layout()
            } catch let fault as X11Fault {
                throw fault.failure("the desktop")
            }
        }
    }

    /// The windows, topmost first; none when the desktop cannot be reached.
    public func windows() async -> [Window] { (try? await layout().windows) ?? [] }

    /// The title of the window that a capture would show, or of the one that has the focus; see `ScreenSource`.
    public func title(for target: CaptureTarget, in region: Region?) async -> String? {
        try? use { still throws in
            let client: XID = if case .window(let id) = target { XID(id) } else { try still.connection.activeClient() }
            let window = client == 0 ? nil : still.connection.window(client, isActive: true, isManaged: true)
            return window.flatMap { [$0].title(for: target, in: region) }
        }
    }

    /// Takes one picture; see `ScreenSource`.
    public func capture(_ target: CaptureTarget, withCursor: Bool) async throws -> CapturedPicture {
        try use { try $0.picture(of: target, withCursor: withCursor) }
    }

    /// Takes one picture as if a window were not there: what is behind it is in its place.
    ///
    /// Nothing moves on the screen. Where there is no compositor, applications get a moment to paint what was covered.
    public func capture(
        _ target: CaptureTarget, withCursor: Bool, hiding window: UInt64
    ) async throws -> CapturedPicture {
        try use { try $0.picture(of: target, withCursor: withCursor, hiding: XID(window)) }
    }

    /// Takes pictures until the stream is no longer read, at most `rate` a second, and only when something changed.
    ///
    /// Nothing happens before the first frame is asked for. Ending or cancelling the reading ends the recording and frees
    /// what it had on the server.
    public nonisolated func frames(
        of target: CaptureTarget, rate: Double, withCursor: Bool
    ) -> AsyncThrowingStream<CapturedFrame, any Error> {
        let recording = Recording(place: place, target: target, rate: rate, withCursor: withCursor)
        return AsyncThrowingStream { try await recording.next() }
    }

    func use<Result>(_ body: (StillCapture) throws -> Result) throws -> Result {
        // A server that restarted is another connection; the lost one is good for nothing.
        if let still, still.connection.isLost { self.still = nil }
        return try BrokenPipe.tolerated {
            if let still { return try body(still) }
            let connection = try X11Connection(place)
            let still = StillCapture(connection: connection, reader: PixelReader(connection))
            self.still = still
            return try body(still)
        }
    }
}

/// Runs an actor on a serial queue.
private final class QueueExecutor: SerialExecutor {
    private let queue: DispatchQueue

    init(label: String) { queue = DispatchQueue(label: label) }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}
