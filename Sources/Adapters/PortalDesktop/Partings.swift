import Synchronization

/// Counts what is about to end that the desktop should hear of: a program that ends at once would cut it short.
///
/// Streams end before their sessions. The other way round, xdg-desktop-portal-wlr 0.7.0 dies when a frame comes in between:
/// it frees what it casts before it pauses the stream, which still reads that (src/screencast/pipewire_screencast.c:460).
final class Partings: Sendable {
    private struct State {
        var count = 0
        var waiters: [OneShot<Void>] = []
    }

    private let state = Mutex(State())

    /// Those of the program.
    static let all = Partings()

    /// Something begins to end.
    func begin() { state.withLock { $0.count += 1 } }

    /// It has ended.
    func end() {
        let waiters = state.withLock { state -> [OneShot<Void>] in
            state.count -= 1
            guard state.count == 0 else { return [] }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.fulfil(.success(())) }
    }

    /// Waits until all that has begun to end has ended, but not for ever.
    ///
    /// - Returns: Whether it has.
    @discardableResult
    func settle(within limit: Duration) async -> Bool {
        let shot = OneShot<Void>()
        let isOver = state.withLock { state in
            if state.count > 0 { state.waiters.append(shot) }
            return state.count == 0
        }
        if isOver { return true }
        return (try? await shot.value(within: limit)) != nil
    }
}
