/// Lets one task at a time through a passage that has waits in it, in the order in which they came.
actor Turnstile {
    private var isTaken = false
    private var queue: [CheckedContinuation<Void, Never>] = []

    /// Runs `body` when all who came before are through.
    nonisolated func pass<Result: Sendable>(_ body: @Sendable () async throws -> Result) async rethrows -> Result {
        await enter()
        do {
            let result = try await body()
            await leave()
            return result
        } catch {
            await leave()
            throw error
        }
    }

    private func enter() async {
        guard isTaken else {
            isTaken = true
            return
        }
        await withCheckedContinuation { queue.append($0) }
    }

    private func leave() {
        if queue.isEmpty { isTaken = false } else { queue.removeFirst().resume() }
    }
}
