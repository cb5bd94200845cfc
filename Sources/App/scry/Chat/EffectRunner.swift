import Conversation
import Desktop
import EngineClient
import EngineHost
import FoundationEssentials
import History
import Session

/// Does what the session asks for, and reports back as events.
///
/// Each effect runs in a task of its own; what must stay in order (the history) goes through the journal.
@MainActor
final class EffectRunner {
    private let services: Services
    private let link: EngineLink
    private let options: EngineOptions
    private let report: @Sendable (SessionEvent) -> Void
    private let journal: HistoryJournal
    private var engine: FoundEngine?
    private var reply: (turn: Int, task: Task<Void, Never>)?
    private var search: Task<Void, Never>?
    private var recording: Task<Void, Never>?
    private var unsavedDraft: Draft?
    private var draftTimer: Task<Void, Never>?
    /// The recording that is whole on the disk while its frames are being chosen.
    private var wholeRecording: String?
    private var isClosing = false
    private var offer: ModelOffer?
    private var watch: Task<Void, Never>?

    init(services: Services, options: EngineOptions, report: @escaping @Sendable (SessionEvent) -> Void) {
        self.services = services
        self.options = options
        self.report = report
        link = EngineLink(services: services, model: options.model)
        journal = HistoryJournal(history: services.history, report: report)
    }

    /// Does one thing.
    func perform(_ effect: SessionEffect, _ state: SessionState) {
        switch effect {
        case .findEngine: findEngine()
        case .acceptOffer: fetchOffer()
        case .declineOffer: decline()
        case .prepare(let turn, let attachments, let model): prepare(attachments, for: model, turn: turn)
        case .ask(let turn, let request): ask(request, turn: turn)
        case .cancelReply(let turn): if reply?.turn == turn { reply?.task.cancel() }
        case .capture(let target): capture(target, for: state.model)
        case .attach(let path): attach(path, for: state.model)
        case .inspectPaste(let text): inspect(text, for: state.model)
        case .startRecording(let target): record(target, for: state.model)
        case .stopRecording: recording?.cancel()
        case .save(let message, let place): journal.write(.message(message, place))
        case .forget(let message, _):
            // A question that is given back stands in the composer, and must be kept there before it is forgotten.
            unsavedDraft = Draft(state)
            writeDraft()
            journal.write(.forget(message))
        case .saveDraft: saveDraft(state)
        case .listChats: listChats()
        case .openChat(let id): openChat(id)
        case .redraw, .suspend, .quit: break  // the loop's own
        }
    }

    /// Ends what runs, and waits until everything is stored.
    func close(_ state: SessionState) async {
        isClosing = true
        for task in [reply?.task, search, watch] { task?.cancel() }
        unsavedDraft = Draft(state)
        writeDraft()
        recording?.cancel()
        // Nobody waits for its frames any more, only for the recording itself.
        if wholeRecording == nil { await recording?.value }
        if let wholeRecording { Standard.error("The recording is kept: \(wholeRecording)\n") }
        await journal.close()
        await link.host.stop()
    }

    // MARK: - The engine

    /// Looks for an engine; where there is none, offers or starts Scry's own.
    func findEngine() {
        search?.cancel()
        search = Task { [link, options, services, report] in
            do {
                let found = try await link.running(engine: options.engine, model: options.model)
                // A later search has taken over, or the program ends.
                try Task.checkCancellation()
                if let found { return use(found) }
                let isRunning = await EngineHost.current(in: services.engineDirectories) != nil
                if !isRunning, !services.hasDeclinedOffer, let offer = await link.host.offer() {
                    try Task.checkCancellation()
                    self.offer = offer
                    return report(.engineChanged(.offering(EngineOffer(offer))))
                }
                try await startOwn()
            } catch {
                guard !Task.isCancelled else { return }
                report(.engineChanged(.unavailable(CommandFailure(error).description)))
            }
        }
    }

    private func use(_ found: FoundEngine) {
        engine = found
        report(.engineChanged(.ready(found.profile, model: found.model)))
    }

    private func startOwn() async throws {
        watchHost()
        let found = try await link.startOwn { [report] step, fraction in
            report(.engineChanged(.preparing(step: step, fraction: fraction)))
        }
        use(found)
    }

    /// Follows what happens to Scry's own engine after it was started.
    private func watchHost() {
        guard watch == nil else { return }
        watch = Task { [link, report] in
            for await event in link.host.events {
                switch event {
                case .ready: break
                case .restarting(let sentence):
                    report(.engineChanged(.preparing(step: "Starting the engine again", fraction: nil)))
                    report(.noticed(Notice(.problem, sentence)))
                case .restarted(let running):
                    if let found = try? EngineLink.own(running) { use(found) }
                case .died(let sentence):
                    report(.engineChanged(.unavailable(sentence)))
                }
            }
        }
    }

    private func fetchOffer() {
        guard let offer else { return }
        search = Task { [link, report] in
            do {
                try await link.host.fetch(offer) { progress in
                    report(.engineChanged(.preparing(step: progress.step, fraction: progress.fraction)))
                }
                try await startOwn()
            } catch {
                guard !Task.isCancelled else { return }
                report(.noticed(Notice(.problem, CommandFailure(error).description)))
                decline()
            }
        }
    }

    private func decline() {
        services.rememberDeclinedOffer()
        search = Task { [report] in
            do {
                try await startOwn()
            } catch {
                guard !Task.isCancelled else { return }
                report(.engineChanged(.unavailable(CommandFailure(error).description)))
            }
        }
    }

    // MARK: - Asking

    private func prepare(_ attachments: [Attachment], for model: ModelProfile?, turn: Int) {
        Task { [services, report] in
            do {
                let prepared = try await AttachmentPreparer(services: services).prepare(attachments, for: model)
                report(.questionPrepared(turn: turn, attachments: prepared))
            } catch {
                let failure = CommandFailure(error)
                report(.replyFailed(turn: turn, ReplyFailure(.attachmentUnreadable, failure.description)))
            }
        }
    }

    private func ask(_ request: ChatRequest, turn: Int) {
        guard let engine else {
            return report(.replyFailed(turn: turn, ReplyFailure(.unreachable, "There is no engine.")))
        }
        let client = services.client(for: engine)
        let task = Task { [report] in await Self.stream(client, request, turn: turn, report) }
        reply = (turn, task)
    }

    /// Streams a reply, off the loop's actor: a hop there and back for each token would cost more than the token.
    private nonisolated static func stream(
        _ client: EngineClient, _ request: ChatRequest, turn: Int, _ report: @Sendable (SessionEvent) -> Void
    ) async {
        do {
            for try await delta in client.reply(to: request) { report(.replyArrived(turn: turn, delta)) }
        } catch let failure as ReplyFailure {
            report(.replyFailed(turn: turn, failure))
        } catch {
            // Cancelled, the session has ended the reply already.
            if Task.isCancelled { return }
            report(.replyFailed(turn: turn, ReplyFailure(.engineError, "\(error)")))
        }
    }

    // MARK: - The desktop

    private func capture(_ target: CaptureTarget, for model: ModelProfile?) {
        let taker = services.pictureTaker(withCursor: services.configuration.capture.cursor)
        attach { try await taker.take(target, for: model) }
    }

    private func attach(_ path: String, for model: ModelProfile?) {
        let loader = AttachmentLoader(services: services)
        attach { try await loader.load(path, for: model) }
    }

    private func inspect(_ text: String, for model: ModelProfile?) {
        let loader = AttachmentLoader(services: services)
        // Off the main actor: a path may lie on a disk that answers late.
        Task.detached { [report] in
            guard AttachmentLoader.isFile(text) else { return report(.pasteWasText(text)) }
            do {
                report(.attached(try await loader.load(text, for: model)))
            } catch {
                report(.attachmentFailed(CommandFailure(error).description))
            }
        }
    }

    private func attach(_ make: @escaping @Sendable () async throws -> Attachment) {
        Task { [report] in
            do {
                report(.attached(try await make()))
            } catch {
                report(.attachmentFailed(CommandFailure(error).description))
            }
        }
    }

    private func record(_ target: CaptureTarget, for model: ModelProfile?) {
        let recorder = ScreenRecorder(services: services)
        let cursor = services.configuration.capture.cursor
        recording = Task { [report] in
            do {
                let result = try await recorder.record(target, withCursor: cursor) { frames, byteCount in
                    report(.recordingProgressed(frames: frames, byteCount: byteCount))
                }
                wholeRecording = result.path
                if isClosing { return }
                report(.recordingEnded)
                report(.recorded(try await recorder.attachment(of: result, for: model)))
                wholeRecording = nil
            } catch {
                wholeRecording = nil
                report(.recordingFailed(CommandFailure(error).description))
            }
        }
    }

    // MARK: - The history

    /// Stores the draft at most a quarter of a second after the first key that changed it, however fast others follow.
    private func saveDraft(_ state: SessionState) {
        unsavedDraft = Draft(state)
        guard draftTimer == nil else { return }
        draftTimer = Task {
            try? await Task.sleep(for: .milliseconds(250))
            if !Task.isCancelled { writeDraft() }
        }
    }

    private func writeDraft() {
        draftTimer?.cancel()
        draftTimer = nil
        guard let draft = unsavedDraft else { return }
        unsavedDraft = nil
        journal.write(.draft(draft))
    }

    private func listChats() {
        Task { [services, report] in
            do {
                report(.chatsListed(try await services.history.conversations(limit: 500)))
            } catch {
                report(.noticed(Notice(.problem, "\(error)")))
            }
        }
    }

    private func openChat(_ id: String) {
        Task { [services, report] in
            do {
                if let chat = try await services.history.conversation(id: id) { report(.chatOpened(chat)) }
            } catch {
                report(.noticed(Notice(.problem, "\(error)")))
            }
        }
    }
}

extension Draft {
    init(_ state: SessionState) {
        self.init(
            conversation: state.conversation.id, text: state.composer.text, attachments: state.composer.attachments)
    }
}

extension EngineOffer {
    init(_ offer: ModelOffer) {
        self.init(
            name: offer.title, byteCount: Int64(offer.bytes), licence: offer.license,
            alternative: "SmolLM2, which is small and cannot see")
    }
}
