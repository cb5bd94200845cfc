import Dispatch
import Synchronization

/// Gathers what reaches the chat, and hands it over on the main actor, many things at once.
///
/// Keys and results are handed over at once. Pieces of a reply are a few times a second: the screen is not painted more often
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
        /// Whether the taker has been called and has not come yet.
        var isCalled = false
        /// Takes what there is; nil while nobody does.
        var taker: (@MainActor @Sendable () -> Void)?
    }

    private let state = Mutex(State())

    /// - Parameter framesPerSecond: How often pieces of a reply may be handed over.
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
        if wait == .zero { return callTaker() }
        // Not a task that sleeps, which would wake one thread more.
        DispatchQueue.main.asyncAfter(deadline: .now() + wait / .seconds(1)) { [weak self] in
            // What waited for it may have been taken along with a key.
            if let self, state.withLock({ $0.awaitedWake == wake }) { callTaker() }
        }
    }

    /// Hands everything over, in the order in which it was posted, until the taker wants no more; one takes at a time.
    ///
    /// - Parameter take: Whether it goes on.
    @MainActor func serve(_ take: @escaping @MainActor ([Item]) -> Bool) async {
        // A task that waits for each is resumed on another thread and goes to the main actor's from there: two for one.
        await withCheckedContinuation { end in
            // Keeps the inbox for as long as somebody takes.
            let taker: @MainActor @Sendable () -> Void = { [self] in
                let items = drain()
                guard !items.isEmpty, !take(items) else { return }
                state.withLock { $0.taker = nil }
                end.resume()
            }
            let hasItems = state.withLock { state in
                state.taker = taker
                return !state.items.isEmpty
            }
            if hasItems { callTaker() }
        }
    }

    private func drain() -> [Item] {
        state.withLock { state in
            defer { state.items = [] }
            // What is taken besides does not keep the next piece waiting.
            if state.hasPiece { state.lastPieces = .now }
            state.hasPiece = false
            state.awaitedWake = nil
            return state.items
        }
    }

    private func callTaker() {
        let isNeeded = state.withLock { state in
            defer { state.isCalled = state.taker != nil }
            return !state.isCalled && state.taker != nil
        }
        guard isNeeded else { return }
        DispatchQueue.main.async { MainActor.assumeIsolated { self.runTaker() } }
    }

    /// Runs whoever takes by now: the one that was called may have wanted no more since.
    @MainActor private func runTaker() {
        let taker = state.withLock { state in
            state.isCalled = false
            return state.taker
        }
        taker?()
    }
}
