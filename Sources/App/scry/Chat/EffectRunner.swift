import Session

/// Does what the session asks for, and reports back as events.
///
/// It deals out the work: to the engines, the replies, the desktop and the history.
@MainActor
final class EffectRunner {
    private let engines: ChatEngines
    private let replies: ReplyRunner
    private let costs: CostCounter
    private let desktop: DesktopRunner
    private let chats: ChatKeeper
    private let clipboard: ClipboardWriter
    private let viewer: MediaViewer
    private let pictures: PictureCopier
    private let words: PictureTextReader
    private let heap = HeapKeeper()

    init(services: Services, options: EngineOptions, report: @escaping @Sendable (SessionEvent) -> Void) {
        engines = ChatEngines(services: services, options: options, report: report)
        replies = ReplyRunner(services: services, engines: engines, report: report)
        costs = CostCounter(services: services, engines: engines, report: report)
        desktop = DesktopRunner(services: services, report: report)
        chats = ChatKeeper(services: services, report: report)
        clipboard = ClipboardWriter(environment: services.environment, report: report)
        pictures = PictureCopier(services: services, report: report)
        words = PictureTextReader(services: services, report: report)
        viewer = MediaViewer(services: services, report: report)
    }

    /// Does one thing.
    func perform(_ effect: SessionEffect, _ state: SessionState) {
        switch effect {
        case .findEngine: engines.find()
        case .stopFindingEngine: engines.stopFinding()
        case .listEngines: engines.list(state.currentEngine?.engine)
        case .connect(let engine, let model): engines.connect(engine: engine, model: model)
        case .preferEngine(let engine, let model): engines.prefer(engine, model: model)
        case .acceptOffer: engines.fetchOffer()
        case .declineOffer: engines.declineOffer()
        case .prepare(let turn, let attachments, let question, let model, let excerpts):
            replies.prepare(
                attachments, for: model, of: state.currentEngine?.engine, question: question, turn: turn,
                excerpts: excerpts)
        case .summarize(let order): replies.summarize(order)
        case .ask(let order): replies.ask(order)
        case .cancelReply(let turn): replies.cancel(turn: turn)
        case .awaitPause:
            costs.awaitPause()
            heap.tidy()
        case .count(let ticket, let request, let engine): costs.count(request, of: engine, ticket: ticket)
        case .capture(let target): desktop.capture(target, for: state.model)
        case .changePicture(let attachment, let purpose, let parts):
            desktop.change(attachment, purpose, parts, for: state.model)
        case .cutDetail(let media, let part, let label): desktop.cut(part, of: media, label: label, for: state.model)
        case .discardMedia(let media): chats.discard(media, draftOf: state)
        case .attach(let path, let ticket): desktop.attach(path, ticket: ticket, for: state.model)
        case .inspectPaste(let text, let paths, let tickets):
            desktop.inspect(text, paths: paths, tickets: tickets, for: state.model)
        case .listPaths(let path): desktop.listPaths(path)
        case .readClipboard(let ticket): desktop.readClipboard(ticket: ticket, for: state.model)
        case .startRecording(let target): desktop.record(target, for: state.model)
        case .pauseRecording(let isPaused): desktop.pauseRecording(isPaused)
        case .stopRecording: desktop.stopRecording()
        case .save(let message, let place): chats.save(message, at: place)
        case .forget(let message, _): chats.forget(message, keeping: state)
        case .saveDraft: chats.saveDraft(state)
        case .listChats: chats.list()
        case .searchChats(let query): chats.search(query)
        case .openChat(let id): chats.open(id)
        case .openMessage(let message, let id): chats.open(message, in: id)
        case .checkMedia(let media): chats.check(media)
        case .mark(let message, let mark): chats.mark(message, as: mark)
        case .listVariants(let id): chats.listVariants(of: id)
        case .showVariant(let message): chats.show(message)
        case .forkChat(let id, let message): chats.fork(id, upTo: message)
        case .copy(let text): clipboard.copy(text)
        case .openLink(let address): viewer.open(link: address)
        case .openMedia(let media): viewer.open(media)
        case .copyMedia(let media): pictures.copy(media)
        case .readPicture(let media, let part): words.read(part, of: media)
        case .claimChat(let id):
            chats.claim(id)
            heap.tidy()
        case .redraw, .suspend, .quit, .editOutside, .listThemes, .showTheme, .keepTheme: break  // the loop's own
        }
    }

    /// Attaches what a hotkey brought.
    func attach(_ parcel: PictureParcel, _ state: SessionState) { desktop.attach(parcel, for: state.model) }

    /// Ends what runs, and waits until everything is stored.
    func close(_ state: SessionState) async {
        replies.close()
        costs.close()
        heap.close()
        words.close()
        engines.cancel()
        chats.keepDraft(of: state)
        await desktop.close()
        await chats.close()
        await engines.stop()
    }
}
