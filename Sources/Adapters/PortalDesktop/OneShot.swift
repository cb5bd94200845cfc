import Synchronization

/// A value that comes once, from any thread, and is waited for by one task.
final class OneShot<Value: Sendable>: Sendable {
    private enum State {
        case open
        case awaited(CheckedContinuation<Value, any Error>)
        case fulfilled(Result<Value, any Error>)
        case over
    }

    private let state = Mutex(State.open)

    /// Gives the value or the reason why there is none; only the first time counts.
    func fulfil(_ result: Result<Value, any Error>) {
        let waiting = state.withLock { state -> CheckedContinuation<Value, any Error>? in
            switch state {
            case .open:
                state = .fulfilled(result)
                return nil
            case .awaited(let continuation):
                state = .over
                return continuation
            case .fulfilled, .over:
                return nil
            }
        }
        waiting?.resume(with: result)
    }

    /// Waits for the value.
    ///
    /// - Throws: what it was fulfilled with, or `CancellationError`.
    func value() async throws -> Value {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let result = state.withLock { state -> Result<Value, any Error>? in
                    guard case .fulfilled(let result) = state else {
                        state = .awaited(continuation)
                        return nil
                    }
                    state = .over
                    return result
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            fulfil(.failure(CancellationError()))
        }
    }

    /// Waits for the value, but not for ever.
    ///
    /// - Throws: what it was fulfilled with, `CancellationError`, or `Late`.
    func value(within limit: Duration) async throws -> Value {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await Task.sleep(for: limit)
                self.fulfil(.failure(Late()))
            }
            defer { group.cancelAll() }
            return try await value()
        }
    }
}

/// The value did not come in time.
struct Late: Error {}
