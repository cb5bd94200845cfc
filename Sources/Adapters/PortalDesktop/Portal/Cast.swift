import Desktop
import Synchronization

/// A session in which something is shared; it ends when nobody has it any more.
final class Cast: Sendable {
    /// What was agreed.
    let grant: ScreenCastPortal.Grant
    /// What was asked for.
    let wish: CastWish
    private let portal: ScreenCastPortal
    private let subscription: BusSubscription
    private let ending: CastEnding

    init(_ grant: ScreenCastPortal.Grant, _ wish: CastWish, _ portal: ScreenCastPortal) async throws {
        self.grant = grant
        self.wish = wish
        self.portal = portal
        let ending = CastEnding()
        self.ending = ending
        subscription = try await portal.onClosed(grant.session) { ending.happen() }
    }

    deinit { portal.close(grant.session, losses: grant.losses) }

    /// Whether the desktop has ended it.
    var isOver: Bool { ending.hasHappened }

    /// A stream of what is shared.
    ///
    /// - Throws: `BusFailure`, `Portal.Ending`, `CaptureFailure` or `CancellationError`.
    func stream(rate: UInt32) async throws -> LiveStream {
        let descriptor = try await portal.openRemote(grant.session)
        let node = grant.node
        let stream = try await LiveStream(socket: descriptor.take(), rate: rate, words: .screen, session: self) { _ in
            node
        }
        ending.add(stream.core)
        return stream
    }
}

/// What is to be shared, as far as sessions differ.
struct CastWish: Sendable, Equatable {
    var kind: ScreenCastPortal.Kinds
    /// How the pointer gets into the pictures; nil leaves it to the portal.
    var pointer: ScreenCastPortal.Pointers?
}

/// Tells a session's streams that it was ended.
private final class CastEnding: Sendable {
    private struct State {
        var hasHappened = false
        var streams: [WeakCore] = []
    }
    private struct WeakCore: Sendable { weak var core: StreamCore? }

    private let state = Mutex(State())

    private static let failure = CaptureFailure(.gone, "The desktop ended the sharing of the screen.")

    var hasHappened: Bool { state.withLock(\.hasHappened) }

    func add(_ core: StreamCore) {
        let isLate = state.withLock { state in
            state.streams.removeAll { $0.core == nil }
            state.streams.append(WeakCore(core: core))
            return state.hasHappened
        }
        if isLate { core.fail(Self.failure) }
    }

    func happen() {
        let streams = state.withLock { state in
            state.hasHappened = true
            return state.streams
        }
        for stream in streams { stream.core?.fail(Self.failure) }
    }
}
