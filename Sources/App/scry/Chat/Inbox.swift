import Synchronization

/// Gathers what reaches the loop, so that it wakes once for many things.
///
/// Keys and results wake it at once. Pieces of a reply wake it a few times a second: the screen is not painted more often
/// for them, and a thread woken for each would cost more than all the rest. The first piece after a pause does not
/// wait.
final class Inbox<Item: Sendable>: Sendable {
    /// How long pieces of a reply are gathered.
    private let interval: Duration

    private struct State {
        var items: [Item] = []
        var lastDrain: ContinuousClock.Instant?
        var isWakeScheduled = false
    }

    /// Yields when there is something to take.
    let signals: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation
    private let state = Mutex(State())

    /// - Parameter framesPerSecond: How often pieces of a reply may wake the loop.
    init(framesPerSecond: Int = 30) {
        interval = .seconds(1) / max(1, framesPerSecond)
        (signals, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// Adds something; what is not urgent may wait for a thirtieth of a second.
    func post(_ item: Item, isUrgent: Bool = true) {
        let wait = state.withLock { state -> Duration? in
            state.items.append(item)
            if isUrgent { return .zero }
            guard !state.isWakeScheduled else { return nil }
            state.isWakeScheduled = true
            let rest = state.lastDrain.map { interval - (ContinuousClock.now - $0) } ?? .zero
            return max(rest, .zero)
        }
        guard let wait else { return }
        if wait == .zero { return signal() }
        Task {
            try? await Task.sleep(for: wait)
            signal()
        }
    }

    /// Takes everything, in the order in which it was posted.
    func drain() -> [Item] {
        state.withLock { state in
            defer { state.items = [] }
            state.lastDrain = .now
            state.isWakeScheduled = false
            return state.items
        }
    }

    private func signal() { wake.yield() }
}
