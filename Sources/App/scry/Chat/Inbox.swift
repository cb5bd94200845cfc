import Dispatch
import Synchronization

/// Gathers what reaches the loop, so that it wakes once for many things.
///
/// Keys and results wake it at once. Pieces of a reply wake it a few times a second: the screen is not painted more often
/// for them, and a thread woken for each would cost more than all the rest. A piece that comes after a pause does not wait,
/// whatever is typed meanwhile.
final class Inbox<Item: Sendable>: Sendable {
    /// How soon something is to be taken.
    enum Haste {
        /// At once.
        case now
        /// As a piece of a reply: with others, if one was taken a moment ago.
        case piece
        /// Within the time that a frame lasts, with pieces if there are any.
        case later
    }

    /// How long pieces of a reply are gathered.
    private let interval: Duration

    private struct State {
        var items: [Item] = []
        /// Whether pieces of a reply are among them.
        var hasPiece = false
        /// Which wake those wait for that need not be taken at once; nil where there are none.
        var awaitedWake: Int?
        var wakeCount = 0
        /// When pieces were last taken.
        var lastPieces: ContinuousClock.Instant?
        /// Whether the loop is to look when it comes to wait.
        var isSignalled = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// - Parameter framesPerSecond: How often pieces of a reply may wake the loop.
    init(framesPerSecond: Int = 30) { interval = .seconds(1) / max(1, framesPerSecond) }

    /// Adds something; what is not to be taken now may wait for as long as a frame lasts.
    func post(_ item: Item, _ haste: Haste = .now) {
        let (wake, wait) = state.withLock { state -> (Int, Duration?) in
            state.items.append(item)
            if haste == .piece { state.hasPiece = true }
            if haste == .now { return (0, .zero) }
            guard state.awaitedWake == nil else { return (0, nil) }
            state.wakeCount += 1
            state.awaitedWake = state.wakeCount
            let rest = state.lastPieces.map { interval - (ContinuousClock.now - $0) } ?? .zero
            return (state.wakeCount, max(rest, .zero))
        }
        guard let wait else { return }
        if wait == .zero { return signal() }
        // Not a task that sleeps, which would wake one thread more.
        DispatchQueue.main.asyncAfter(deadline: .now() + wait / .seconds(1)) { [weak self] in
            // What waited for it may have been taken along with a key.
            if let self, state.withLock({ $0.awaitedWake == wake }) { signal() }
        }
    }

    /// Waits, on the caller's actor, until there may be something to take; one waits at a time.
    ///
    /// No stream: its iterator hops to another thread and back.
    func wait(isolation: isolated (any Actor)? = #isolation) async {
        await withCheckedContinuation(isolation: isolation) { continuation in
            let isThere = state.withLock { state in
                defer { state.isSignalled = false }
                if !state.isSignalled { state.waiter = continuation }
                return state.isSignalled
            }
            if isThere { continuation.resume() }
        }
    }

    /// Takes everything, in the order in which it was posted.
    func drain() -> [Item] {
        state.withLock { state in
            defer { state.items = [] }
            // What is taken besides does not keep the next piece waiting.
            if state.hasPiece { state.lastPieces = .now }
            state.hasPiece = false
            state.awaitedWake = nil
            return state.items
        }
    }

    private func signal() {
        let waiter = state.withLock { state in
            defer { state.waiter = nil }
            if state.waiter == nil { state.isSignalled = true }
            return state.waiter
        }
        waiter?.resume()
    }
}
