public import Desktop
import Dispatch

/// A Wayland desktop, or any other with xdg-desktop-portal, that can be looked at.
///
///     let source = PortalScreenSource(environment: environment, tokenFile: path) { try decode($0) }
///     let picture = try await source.capture(.screen, withCursor: true)
///
/// The desktop asks the person what to share, once: the session is kept for all pictures and recordings, and the desktop's
/// token brings the choice back in the next run. Windows are asked for each time, in the desktop's own picker. Programs
/// see no layout: a `.screen` is the monitor that was shared, and regions are parts of it.
public actor PortalScreenSource: ScreenSource {
    private let executor = QueueExecutor(label: "scry.portal")
    let environment: [String: String]
    let tokens: RestoreTokens
    let trouble: PortalTrouble
    private let decode: @Sendable ([UInt8]) throws -> Frame
    private let turnstile = Turnstile()
    private let door = Turnstile()
    private var desk: Desk?
    /// The session of the monitor that is shared.
    private var cast: Cast?
    /// Its stream, kept for a while after it was last used.
    private var stream: LiveStream?
    private var uses = 0
    private let losses = BackendLosses()
    private let questions = PortalQuestions()

    /// The name of the `.desktop` file that tells the portal who asks, without its ending.
    public static let applicationName = "io.github.scry.Scry"

    /// How long a stream is kept that nobody uses: the next picture is there at once, and the compositor works for it.
    private static let warmth = 20
    /// How long to wait for a picture of a screen on which nothing changes, before asking for it in another way: the first
    /// comes 40 to 150 ms after connecting, or not at all.
    private static let patience = Duration.milliseconds(500)
    private static let lastPatience = Duration.seconds(5)

    /// Runs the actor's work on its own queue.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// What was found of the portal, for the time of a connection.
    struct Desk: Sendable {
        var portal: Portal
        var casts: ScreenCastPortal
        var abilities: ScreenCastPortal.Abilities?
        /// Kept as long as the connection is.
        let watch: BusSubscription
    }

    /// Makes a source; nothing is connected yet.
    ///
    /// - Parameters:
    ///   - environment: Read for the session bus's address and the desktop's name.
    ///   - tokenFile: Where the desktop's word for an earlier choice is kept, readable by its owner alone.
    ///   - decode: Reads a PNG, as the Screenshot portal writes them.
    public init(
        environment: [String: String], tokenFile: String, decode: @escaping @Sendable ([UInt8]) throws -> Frame
    ) {
        self.environment = environment
        self.decode = decode
        tokens = RestoreTokens(path: tokenFile)
        trouble = PortalTrouble(environment: environment)
    }

    /// Has `body` told when the desktop has been asking the person for a second what to share, and when it no longer does.
    public nonisolated func onQuestion(_ body: @escaping @Sendable (_ isOpen: Bool) -> Void) { questions.listen(body) }

    // MARK: - ScreenSource

    /// Lists the shared monitor, once there is one; it never asks the person.
    ///
    /// No program is told what else there is.
    public func layout() async throws -> DesktopLayout {
        var displays: [Display] = []
        let size = stream.flatMap { $0.core.newest.map { ($0.width, $0.height) } ?? $0.core.agreed }
        if let cast, let (width, height) = size {
            let region = Region(x: cast.grant.x, y: cast.grant.y, width: width, height: height)
            displays = [Display(name: "screen", region: region, scale: 1, isPrimary: true)]
        }
        return DesktopLayout(session: "wayland", displays: displays, windows: [])
    }

    /// Takes one picture; see `ScreenSource`.
    public func capture(_ target: CaptureTarget, withCursor: Bool) async throws -> CapturedPicture {
        do {
            return try await survivingBackend {
                guard try await self.canCast() else { return try await self.screenshot(target) }
                let watched = try await self.watch(target, rate: 30, withCursor: withCursor)
                return try await self.picture(of: target, from: watched, withCursor: withCursor)
            }
        } catch {
            throw trouble.explain(error)
        }
    }

    /// Takes pictures until the stream is no longer read; see `ScreenSource`.
    public nonisolated func frames(
        of target: CaptureTarget, rate: Double, withCursor: Bool
    ) -> AsyncThrowingStream<CapturedFrame, any Error> {
        let recording = StreamRecording(rate: rate, withCursor: withCursor) { rate in
            do {
                return try await self.survivingBackend {
                    let watched = try await self.watch(target, rate: rate, withCursor: withCursor)
                    try await self.provideFirst(target, watched)
                    return watched
                }
            } catch {
                throw self.trouble.explain(error)
            }
        }
        return AsyncThrowingStream { try await recording.next() }
    }

    // MARK: - Pictures

    private func picture(
        of target: CaptureTarget, from watched: WatchedStream, withCursor: Bool
    ) async throws -> CapturedPicture {
        defer { coolDown() }
        do {
            let frame = try await watched.picture(withCursor: withCursor, within: Self.patience)
            return captured(frame, target, watched)
        } catch is Late {
            switch try await seed(target, watched) {
            case .seeded:
                return captured(try await watched.picture(withCursor: withCursor, within: .zero), target, watched)
            case .other(let frame) where watched.area == nil:
                let region = Region(x: 0, y: 0, width: frame.width, height: frame.height)
                return CapturedPicture(frame: frame, label: Self.label(target), region: region)
            case .other, .none: break
            }
        }
        do {
            let frame = try await watched.picture(withCursor: withCursor, within: Self.lastPatience)
            return captured(frame, target, watched)
        } catch is Late {
            throw CaptureFailure(
                .unsupported,
                "The screen is shared, but the compositor sends no picture as long as nothing on it changes. Move the"
                    + " pointer and try again, or install xdg-desktop-portal-gtk for the Screenshot portal.")
        }
    }

    /// Sees to it that a recording of a still screen begins with a picture.
    private func provideFirst(_ target: CaptureTarget, _ watched: WatchedStream) async throws {
        do {
            try await watched.stream.core.reach(.picture, within: Self.patience)
        } catch is Late {
            _ = try await seed(target, watched)
        }
    }

    /// What the Screenshot portal had in place of a stream's picture.
    private enum Seed {
        /// The stream begins with it.
        case seeded
        /// It shows something else than the stream, as all monitors instead of one.
        case other(Frame)
        case none
    }

    /// Asks the Screenshot portal for what the stream does not send.
    ///
    /// Compositors send a frame when something changes, and some not even the first one.
    private func seed(_ target: CaptureTarget, _ watched: WatchedStream) async throws -> Seed {
        // A window's picture would be another question to the person.
        if case .activeWindow = target { return .none }
        do {
            let portal = ScreenshotPortal(portal: try await open().portal)
            guard try await portal.version() != nil else { return .none }
            let whole = try decode(try await portal.take(isInteractive: false)).whole()
            guard let shown = watched.stream.core.agreed else { return .other(whole) }
            let sizes = [(shown.width, shown.height), (shown.height, shown.width)]
            if sizes.contains(where: { $0 == (whole.width, whole.height) }) {
                watched.stream.core.seed(whole)
                return .seeded
            }
            guard
                let part = WaylandDesktop.survey(environment: environment)?.place(
                    of: shown, inPicture: (whole.width, whole.height))
            else { return .other(whole) }
            watched.stream.core.seed(try whole.cropped(to: part))
            return .seeded
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            return .none
        }
    }

    private func captured(_ frame: Frame, _ target: CaptureTarget, _ watched: WatchedStream) -> CapturedPicture {
        let corner = watched.area ?? Region(x: 0, y: 0, width: 0, height: 0)
        let region = Region(x: max(0, corner.x), y: max(0, corner.y), width: frame.width, height: frame.height)
        return CapturedPicture(frame: frame, label: Self.label(target), region: region)
    }

    private func screenshot(_ target: CaptureTarget) async throws -> CapturedPicture {
        let desk = try await open()
        let portal = ScreenshotPortal(portal: desk.portal)
        guard try await portal.version() != nil else { throw trouble.noBackend }
        let isWindow = if case .activeWindow = target { true } else { false }
        let whole = try decode(try await portal.take(isInteractive: isWindow))
        let area = try Self.area(of: target)
        let frame =
            try area.map { try whole.cropped(to: $0) } ?? whole.whole()
        let region = Region(x: area?.x ?? 0, y: area?.y ?? 0, width: frame.width, height: frame.height)
        return CapturedPicture(frame: frame, label: Self.label(target), region: region)
    }

    private static func label(_ target: CaptureTarget) -> String {
        switch target {
        case .region(let region): "\(region)"
        case .chosenRegion, .lastRegion: "region"
        case .activeWindow, .window: "window"
        case .screen, .focusedMonitor, .monitor: "screen"
        }
    }

    /// The part of what is shared that a target means; nil for all of it.
    private static func area(of target: CaptureTarget) throws(CaptureFailure) -> Region? {
        switch target {
        case .screen, .focusedMonitor, .activeWindow: return nil
        case .monitor(let name) where name == "screen": return nil
        case .region(let region): return region
        case .chosenRegion, .lastRegion: throw CaptureFailure.mustChoose
        case .monitor(let name):
            throw CaptureFailure(
                .unsupported,
                "Wayland tells no program which monitors there are, so “\(name.withoutControls)” cannot be named. Leave the"
                    + " monitor out: the desktop asks which one to share.")
        case .window:
            throw CaptureFailure(
                .unsupported,
                "Wayland tells no program which windows there are. Say --window active: the desktop asks which one.")
        }
    }

    // MARK: - Sessions and streams

    /// Whether screens can be cast here; if not, single pictures may still be had.
    private func canCast() async throws -> Bool {
        let desk = try await open()
        guard let abilities = desk.abilities, !abilities.kinds.isEmpty else { return false }
        return PipeWireLibrary.version != nil
    }

    private func watch(_ target: CaptureTarget, rate: UInt32, withCursor: Bool) async throws -> WatchedStream {
        let area = try Self.area(of: target)
        return try await turnstile.pass {
            try await self.findStream(target, area, rate: rate, withCursor: withCursor)
        }
    }

    private func findStream(
        _ target: CaptureTarget, _ area: Region?, rate: UInt32, withCursor: Bool
    ) async throws -> WatchedStream {
        uses += 1
        let desk = try await open()
        guard let abilities = desk.abilities else { throw trouble.noBackend }
        guard !abilities.kinds.isEmpty else { throw trouble.deadBackend }
        try PipeWireLibrary.load()
        let pointer = abilities.pointer(isShown: withCursor)
        if case .activeWindow = target {
            guard abilities.kinds.contains(.window) else { throw trouble.noWindows }
            let cast = try await begin(CastWish(kind: .window, pointer: pointer), desk, abilities)
            return WatchedStream(stream: try await cast.stream(rate: rate), area: nil)
        }
        let wish = CastWish(kind: .monitor, pointer: pointer)
        if let cast, cast.wish == wish, !cast.isOver, let stream = try? await join(cast, rate: rate) {
            return WatchedStream(stream: stream, area: area)
        }
        stream = nil
        cast = nil
        let cast = try await begin(wish, desk, abilities)
        let stream = try await cast.stream(rate: rate)
        self.cast = cast
        self.stream = stream
        return WatchedStream(stream: stream, area: area)
    }

    /// The stream that there is, or a new one in the same session.
    private func join(_ cast: Cast, rate: UInt32) async throws -> LiveStream {
        if let failure = stream?.core.failure { throw failure }
        // What nobody else looks at can be had at another rate. Two streams of a screen would share its frames.
        let isShared = stream != nil && !isKnownUniquelyReferenced(&stream)
        if let stream, isShared || stream.rate == rate { return stream }
        stream = nil
        let new = try await cast.stream(rate: rate)
        stream = new
        return new
    }

    private func begin(
        _ wish: CastWish, _ desk: Desk, _ abilities: ScreenCastPortal.Abilities
    ) async throws -> Cast {
        let remembers = wish.kind == .monitor && abilities.canRemember
        let token = remembers ? tokens.token(for: "monitor") : nil
        let grant: ScreenCastPortal.Grant
        do {
            grant = try await desk.casts.start(wish.kind, pointer: wish.pointer, token: token, remembers: remembers)
        } catch let failure as BusFailure where token != nil && !failure.isUnknown && !failure.isAbsent {
            guard case .refused = failure else { throw failure }
            // A token of another portal's making, or a damaged one: asking is better than failing for ever.
            tokens.store(nil, for: "monitor")
            grant = try await desk.casts.start(wish.kind, pointer: wish.pointer, token: nil, remembers: remembers)
        }
        // Good for one start only: the new one at once, or none.
        if remembers { tokens.store(grant.token, for: "monitor") }
        return try await Cast(grant, wish, desk.casts)
    }

    /// Waits until the desktop has been told that nobody looks at it any more, for a third of a second at most.
    ///
    /// For a program that is about to end; what is still being looked at ends with it.
    public static func settle() async { await Partings.all.settle(within: .milliseconds(300)) }

    /// Ends the session that is kept, in the background; the next picture begins another.
    public func endSession() {
        stream = nil
        cast = nil
    }

    /// Does something, and once more, in a session of its own, where the portal's backend has died meanwhile.
    private func survivingBackend<Result: Sendable>(
        _ body: @Sendable () async throws -> Result
    ) async throws -> Result {
        let before = losses.count
        do {
            return try await body()
        } catch Portal.Ending.declined {
            throw Portal.Ending.declined
        } catch {
            guard losses.count != before, !Task.isCancelled else { throw error }
            endSession()
            return try await body()
        }
    }

    func open() async throws -> Desk { try await door.pass { try await self.enter() } }

    private func enter() async throws -> Desk {
        if let desk, await !desk.portal.bus.isLost { return desk }
        desk = nil
        cast = nil
        stream = nil
        let portal = Portal(bus: try Bus(environment: environment), questions: questions)
        let watch = try await losses.watch(portal.bus)
        try await portal.register(application: Self.applicationName)
        let casts = ScreenCastPortal(portal: portal, losses: losses)
        var abilities: ScreenCastPortal.Abilities?
        do {
            abilities = try await casts.abilities()
        } catch let failure as BusFailure where failure.isUnknown {
            // No backend for it; the Screenshot portal may be there.
        }
        let desk = Desk(portal: portal, casts: casts, abilities: abilities, watch: watch)
        self.desk = desk
        return desk
    }

    /// Lets the stream go when it has not been used for a while; the session stays.
    private func coolDown() {
        let uses = uses
        executor.queue.asyncAfter(deadline: .now() + .seconds(Self.warmth)) { [weak self] in
            self?.assumeIsolated { source in
                if source.uses == uses { source.stream = nil }
            }
        }
    }
}
