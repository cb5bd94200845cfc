import Desktop
import Media
import PortalDesktop
import X11Desktop

/// Which way leads to the screen of this session.
struct Screens: Sendable {
    /// What pictures are taken of.
    let source: any ScreenSource
    /// The desktop's portal, where that is the way.
    let portal: PortalScreenSource?
    /// The X11 desktop, which also knows windows; of no use in a Wayland session.
    let x11: X11ScreenSource
    /// Who lets the person choose a region; nil where nobody can.
    let chooser: (any RegionChooser)?

    /// Nobody may believe that a password is safe when it is not.
    static let blindness =
        "[privacy] never_capture cannot be kept to here: Wayland tells no program which windows are on the screen."

    /// Chooses; nothing is connected yet.
    ///
    /// - Parameters:
    ///   - choice: What the person wants.
    ///   - tokenFile: Where the portal's token is kept.
    init(_ choice: Configuration.Capture.Source, environment: [String: String], tokenFile: String) {
        let x11 = X11ScreenSource(displayName: nil, environment: environment)
        self.x11 = x11
        let portal = PortalScreenSource(environment: environment, tokenFile: tokenFile) {
            try StillDecoder().decode($0)
        }
        switch choice {
        case .x11: (source, self.portal, chooser) = (x11, nil, x11)
        case .pipewire(let node):
            (source, self.portal, chooser) = (PipeWireScreenSource(node: node, environment: environment), nil, nil)
        case .auto where !Self.isWayland(environment):
            // A server that turns out to be Xwayland shows nothing of the desktop around it.
            (source, self.portal, chooser) = (DoubtfulScreen(first: x11, second: portal), nil, x11)
        case .auto, .portal:
            (source, self.portal) = (portal, portal)
            chooser = SlurpChooser(source: portal, environment: environment, tokenFile: tokenFile)
        }
    }

    /// Whether the session is a Wayland one, whatever DISPLAY says: Xwayland sets that as well.
    static func isWayland(_ environment: [String: String]) -> Bool {
        switch environment["XDG_SESSION_TYPE"] {
        case "x11": false
        case "wayland": true
        default: !(environment["WAYLAND_DISPLAY"] ?? "").isEmpty
        }
    }
}

/// A desktop that may turn out to be of another kind than it seemed; found out when it is first looked at.
actor DoubtfulScreen: ScreenSource {
    private let first: any ScreenSource
    private let second: any ScreenSource
    private var chosen: (any ScreenSource)?

    init(first: any ScreenSource, second: any ScreenSource) {
        self.first = first
        self.second = second
    }

    func layout() async throws -> DesktopLayout { try await choice().layout() }

    func windows() async -> [Window] { await (try? choice())?.windows() ?? [] }

    func title(for target: CaptureTarget, in region: Region?) async -> String? {
        await (try? choice())?.title(for: target, in: region)
    }

    func capture(_ target: CaptureTarget, withCursor: Bool) async throws -> CapturedPicture {
        try await choice().capture(target, withCursor: withCursor)
    }

    nonisolated func frames(
        of target: CaptureTarget, rate: Double, withCursor: Bool
    ) -> AsyncThrowingStream<CapturedFrame, any Error> {
        let stream = LazyFrames { try await self.choice().frames(of: target, rate: rate, withCursor: withCursor) }
        return AsyncThrowingStream { try await stream.next() }
    }

    private func choice() async throws -> any ScreenSource {
        if let chosen { return chosen }
        do {
            _ = try await first.layout()
        } catch let failure as CaptureFailure where failure.kind == .unsupported {
            chosen = second
            return second
        }
        chosen = first
        return first
    }
}

/// Frames of a source that is not known before the first one is wanted.
actor LazyFrames {
    private let open: @Sendable () async throws -> AsyncThrowingStream<CapturedFrame, any Error>
    private var frames: AsyncThrowingStream<CapturedFrame, any Error>.AsyncIterator?

    init(open: @escaping @Sendable () async throws -> AsyncThrowingStream<CapturedFrame, any Error>) {
        self.open = open
    }

    func next() async throws -> CapturedFrame? {
        var iterator: AsyncThrowingStream<CapturedFrame, any Error>.AsyncIterator
        if let frames { iterator = frames } else { iterator = try await open().makeAsyncIterator() }
        let frame = try await iterator.next(isolation: self)
        frames = iterator
        return frame
    }
}
