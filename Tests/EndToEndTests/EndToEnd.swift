import Foundation
import TestSupport
import Testing

/// The built program against real X servers, real terminals and real engines, one test at a time.
@Suite("End to end", .serialized)
struct EndToEnd {}

/// Does what blocks on a thread of its own: the pool that runs the tests has as few threads as the machine has cores.
func onThread<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread {
            // The threads that run tests block most signals, and the programs started here would inherit that.
            var none = sigset_t()
            sigemptyset(&none)
            pthread_sigmask(SIG_SETMASK, &none, nil)
            continuation.resume(with: Swift.Result(catching: work))
        }
    }
}

/// What did not happen in time.
struct Missing: Error, CustomStringConvertible {
    var description: String
}

/// Looks at a condition until it holds; throws when it does not in time.
func eventually(
    _ what: @autoclosure () -> String, within seconds: Double = 30, _ location: SourceLocation = #_sourceLocation,
    _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < deadline {
        if try await condition() { return }
        try await Task.sleep(for: .milliseconds(20))
    }
    Issue.record("\(what()) did not come within \(seconds) s", sourceLocation: location)
    throw Missing(description: what())
}

/// Words that nobody could guess, and that a text recognizer does not confuse.
func unguessableWords(_ count: Int = 5) -> [String] {
    let known = [
        "amber", "basket", "canyon", "dolphin", "engine", "forest", "garden", "harbor", "island", "jacket", "kitchen",
        "lantern", "magnet", "needle", "orange", "pencil", "quartz", "ribbon", "saddle", "thunder", "umbrella",
        "velvet", "window", "yonder", "zebra", "anchor", "bridge", "copper", "desert", "ember", "falcon", "granite",
    ]
    return Array(known.shuffled().prefix(count))
}
