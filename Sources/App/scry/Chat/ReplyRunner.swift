import Conversation
import EngineClient
import Session

/// Makes attachments ready, asks, and passes the reply on.
@MainActor
final class ReplyRunner {
    private let services: Services
    private let engines: ChatEngines
    private let report: @Sendable (SessionEvent) -> Void
    private var reply: (turn: Int, task: Task<Void, Never>)?

    init(services: Services, engines: ChatEngines, report: @escaping @Sendable (SessionEvent) -> Void) {
        self.services = services
        self.engines = engines
        self.report = report
    }

    /// Makes attachments ready for a model of an engine.
    ///
    /// At the first picture for a model of which nobody knows whether it sees, that is found out.
    ///
    /// - Parameter question: What is asked, which decides about the pages of documents.
    func prepare(
        _ attachments: [Attachment], for model: ModelProfile?, of engine: EngineProfile?, question: String, turn: Int,
        excerpts: [RecordingExcerpt]
    ) {
        let found = engine.map { engines.engine(for: $0, model: model?.id ?? "") }
        Task { [services, report] in
            do {
                var attachments = attachments
                if !excerpts.isEmpty {
                    let loader = ExcerptLoader(services: services)
                    attachments += await Task.detached { loader.load(excerpts, for: model) }.value
                }
                if let found, model?.vision == nil, attachments.contains(where: \.isVisual),
                    await SightTester(services: services).sees(found) == false
                {
                    throw ReplyFailure(.cannotSee, "\(found.model) cannot see.")
                }
                var model = model
                if let found, model != nil {
                    let formed = await VideoFormTester(services: services).completing(found, for: attachments)
                    model = formed.modelProfile
                }
                let prepared = try await AttachmentPreparer(services: services).prepare(
                    attachments, for: model, question: question)
                report(.questionPrepared(turn: turn, attachments: prepared))
            } catch let failure as ReplyFailure {
                report(.replyFailed(turn: turn, failure))
            } catch {
                let failure = CommandFailure(error)
                report(.replyFailed(turn: turn, ReplyFailure(.attachmentUnreadable, failure.description)))
            }
        }
    }

    /// Asks about a recording part by part.
    func summarize(_ order: SummaryOrder) {
        let found = engines.engine(for: order.engine, model: order.model)
        let task = Task.detached { [services, report] in
            await SummaryReply(services: services, order: order, report: report).run(found)
        }
        reply = (order.turn, task)
    }

    /// Asks for a reply.
    func ask(_ order: ReplyOrder) {
        let found = engines.engine(for: order.engine, model: order.request.model ?? "")
        let hasMedia = order.request.messages.contains { $0.attachments.contains { !$0.media.isEmpty } }
        // What was found out while attachments were made ready is not in the chat's profile.
        let client = services.client(for: hasMedia ? services.engineMemory.completing(found) : found)
            .paced(.seconds(1) / services.configuration.terminal.takenPerSecond)
        let task = Task(executorPreference: services.transport.executor) { [report] in
            await Self.stream(client, order, report)
        }
        reply = (order.turn, task)
    }

    /// Closes the connection of a reply.
    func cancel(turn: Int) { if reply?.turn == turn { reply?.task.cancel() } }

    func close() { reply?.task.cancel() }

    /// Streams a reply where its bytes come in: a hop to another thread for each token would cost more than the token.
    private nonisolated static func stream(
        _ client: EngineClient, _ order: ReplyOrder, _ report: @Sendable (SessionEvent) -> Void
    ) async {
        let turn = order.turn
        do {
            for try await deltas in client.pieces(of: order.request) { report(.replyArrived(turn: turn, deltas)) }
        } catch let failure as ReplyFailure {
            report(.replyFailed(turn: turn, failure))
        } catch {
            // Cancelled, the session has ended the reply already.
            if Task.isCancelled { return }
            report(.replyFailed(turn: turn, ReplyFailure(.engineError, "\(error)")))
        }
    }
}
