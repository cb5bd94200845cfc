import ProcessMemory

/// Keeps the memory of a chat that is open all day from growing: what an old chat or a long answer needed is free
/// afterwards, but scattered, and stays with the program unless it is given back.
@MainActor
final class HeapKeeper {
    private static var pause: Duration { .seconds(1) }
    private static var rest: Duration { .seconds(10) }

    private var lastTime: ContinuousClock.Instant?
    private var timer: Task<Void, Never>?

    /// Gives back what is free, in a second; not more often than every ten.
    func tidy() {
        guard timer == nil, lastTime.map({ ContinuousClock.now - $0 > Self.rest }) ?? true else { return }
        timer = Task {
            try? await Task.sleep(for: Self.pause)
            if !Task.isCancelled { await Task.detached(priority: .background) { Heap.giveBack() }.value }
            lastTime = .now
            timer = nil
        }
    }

    func close() { timer?.cancel() }
}
