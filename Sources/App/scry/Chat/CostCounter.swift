import Conversation
import EngineClient
import Session

/// Counts what a message will cost, when its writer pauses.
@MainActor
final class CostCounter {
    private static var pause: Duration { .milliseconds(250) }

    private let services: Services
    private let engines: ChatEngines
    private let report: @Sendable (SessionEvent) -> Void
    /// The counter of the engine that was counted for last, which may have learned that the engine does not count.
    private var last: (engine: FoundEngine, counter: any TokenCounter)?
    private var timer: Task<Void, Never>?
    private var counting: Task<Void, Never>?

    init(services: Services, engines: ChatEngines, report: @escaping @Sendable (SessionEvent) -> Void) {
        self.services = services
        self.engines = engines
        self.report = report
    }

    /// Tells when nothing was written for a quarter of a second.
    func awaitPause() {
        timer?.cancel()
        counting?.cancel()
        timer = Task { [report] in
            try? await Task.sleep(for: Self.pause)
            if !Task.isCancelled { report(.writingPaused) }
        }
    }

    /// Counts the tokens of a request.
    func count(_ request: ChatRequest, of profile: EngineProfile, ticket: Int) {
        counting?.cancel()
        let counter = counter(for: engines.engine(for: profile, model: request.model ?? ""))
        counting = Task { [report] in
            let count = await counter.count(request)
            if !Task.isCancelled { report(.counted(ticket: ticket, count)) }
        }
    }

    private func counter(for engine: FoundEngine) -> any TokenCounter {
        if let last, last.engine == engine { return last.counter }
        let counter = services.counter(for: engine)
        last = (engine, counter)
        return counter
    }

    func close() { for task in [timer, counting] { task?.cancel() } }
}
