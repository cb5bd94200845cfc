import Synchronization
import TestSupport

/// What a scripted engine answers to one question after another; the last answer is given to all that follow.
private final class Replies: Sendable {
    private let left: Mutex<[ScriptedEngine.Response]>

    init(_ responses: [ScriptedEngine.Response]) { left = Mutex(responses) }

    func next() -> ScriptedEngine.Response {
        left.withLock { left in left.count > 1 ? left.removeFirst() : left[0] }
    }
}

extension ScriptedEngine {
    /// Starts an engine that gives these replies in their order.
    static func replying(sees: Bool = true, _ replies: Response...) throws -> ScriptedEngine {
        let queue = Replies(replies)
        return try serving(sees: sees) { _ in queue.next() }
    }
}
