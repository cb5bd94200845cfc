import Synchronization

/// Tells when the desktop asks the person something and waits for the answer.
final class PortalQuestions: Sendable {
    private let listener = Mutex<(@Sendable (_ isOpen: Bool) -> Void)?>(nil)

    /// What is answered sooner was no dialog, or none that anybody has overlooked.
    private static let patience = Duration.seconds(1)

    /// Has `body` told when a question has been open for a second, and when it is open no longer.
    func listen(_ body: @escaping @Sendable (_ isOpen: Bool) -> Void) { listener.withLock { $0 = body } }

    /// Waits for an answer.
    func waiting<Answer>(for answer: () async throws -> Answer) async rethrows -> Answer {
        let tell = listener.withLock(\.self)
        let watch = Task {
            guard let tell, (try? await Task.sleep(for: Self.patience)) != nil else { return false }
            tell(true)
            return true
        }
        do {
            let found = try await answer()
            await Self.end(watch, tell)
            return found
        } catch {
            await Self.end(watch, tell)
            throw error
        }
    }

    private static func end(_ watch: Task<Bool, Never>, _ tell: (@Sendable (Bool) -> Void)?) async {
        watch.cancel()
        if await watch.value { tell?(false) }
    }
}
