import Conversation
import FoundationEssentials
import History
import Session

/// Keeps what is said and what is being written, and reads old chats.
@MainActor
final class ChatKeeper {
    private let services: Services
    private let report: @Sendable (SessionEvent) -> Void
    private let journal: HistoryJournal
    /// Reads what pictures say; nil where that is not wanted, or nothing is kept.
    private let indexer: PictureIndexer?
    private var unsavedDraft: Draft?
    private var draftTimer: Task<Void, Never>?
    private var search: Task<Void, Never>?

    init(services: Services, report: @escaping @Sendable (SessionEvent) -> Void) {
        self.services = services
        self.report = report
        journal = HistoryJournal(history: services.history, report: report)
        indexer =
            services.configuration.readsPictures && services.history.isKept
            ? PictureIndexer(history: services.history, recognizer: services.recognizer) : nil
    }

    /// Stores a message.
    func save(_ message: Message, at place: MessagePlace) {
        journal.write(.message(message, place))
        if message.role == .user, !message.attachments.isEmpty { indexer?.wake() }
    }

    /// Forgets a message.
    ///
    /// A question that is given back stands in the composer, and is kept there before it is forgotten.
    func forget(_ message: Message.ID, keeping state: SessionState) {
        keepDraft(of: state)
        journal.write(.forget(message))
    }

    // MARK: - What is being written

    /// Stores the draft at most a quarter of a second after the first key that changed it, however fast others follow.
    func saveDraft(_ state: SessionState) {
        unsavedDraft = Draft(state)
        guard draftTimer == nil else { return }
        draftTimer = Task {
            try? await Task.sleep(for: .milliseconds(250))
            if !Task.isCancelled { writeDraft() }
        }
    }

    /// Stores the draft at once.
    func keepDraft(of state: SessionState) {
        unsavedDraft = Draft(state)
        writeDraft()
    }

    /// Removes a stored picture that the draft does not show any more, unless something else does.
    func discard(_ media: MediaReference, draftOf state: SessionState) {
        keepDraft(of: state)
        journal.write(.work { try await $0.discard(media) })
    }

    private func writeDraft() {
        draftTimer?.cancel()
        draftTimer = nil
        guard let draft = unsavedDraft else { return }
        unsavedDraft = nil
        journal.write(.draft(draft))
    }

    // MARK: - Old chats

    /// Reads the list of old chats.
    func list() {
        Task { [services, report] in
            do {
                report(.chatsListed(try await services.history.conversations(limit: 500)))
            } catch {
                report(.noticed(Notice(.problem, "\(error)")))
            }
        }
    }

    /// Looks for words in the history when nothing else is typed for a moment.
    func search(_ query: String) {
        search?.cancel()
        search = Task { [services, report] in
            try? await Task.sleep(for: Self.typingPause)
            guard !Task.isCancelled else { return }
            do {
                let hits = try await services.history.search(query, isTyping: true, limit: 50, now: Date())
                if !Task.isCancelled { report(.chatsFound(query: query, hits)) }
            } catch {
                if !Task.isCancelled { report(.noticed(Notice(.problem, "\(error)"))) }
            }
        }
    }

    /// Shorter than between two keys of most people, and too short to be felt.
    private static var typingPause: Duration { .milliseconds(50) }

    /// Reads an old chat with the branch that has a message, to go on with unless another program has it open.
    func open(_ message: Message.ID, in id: Conversation.ID) {
        journal.write(
            .work { [report] history in
                guard let opened = try await history.open(id) else { return }
                guard !opened.isElsewhere else {
                    // Another branch of it is the other program's to show.
                    report(.chatOpenedElsewhere(opened.chat))
                    return report(.messageFound(message))
                }
                report(.chatOpened(try await history.activate(message)))
                report(.messageFound(message))
            })
    }

    /// Keeps what the person thinks of an answer.
    func mark(_ message: Message.ID, as mark: Mark?) { journal.write(.mark(message, mark)) }

    /// Tells which messages have other versions.
    func listVariants(of id: Conversation.ID) {
        journal.write(.work { [report] in report(.variantsListed(id, try await $0.variants(in: id))) })
    }

    /// Goes over to another version of a message.
    func show(_ variant: Message.ID) {
        journal.write(
            .work { [report] history in
                let branch = try await history.activate(variant)
                // First, so that what is said above the message is there when it is brought into sight.
                report(.variantsListed(branch.id, try await history.variants(in: branch.id)))
                report(.branchShown(branch, at: variant))
            })
    }

    /// Copies a chat up to a message, and opens the copy.
    func fork(_ id: Conversation.ID, upTo message: Message.ID) {
        journal.write(
            .work { [report] history in
                let copy = try await history.fork(id, upTo: message, at: Date())
                history.claim(copy.id)
                report(.chatOpened(copy))
                let title = copy.title.isEmpty ? "" : ", “\(copy.title)”"
                report(.noticed(Notice(.information, "This is a copy up to here\(title); what comes now is its own.")))
            })
    }

    /// Sees which pictures are still stored.
    func check(_ media: [MediaReference]) {
        Task.detached { [services, report] in
            let missing = media.filter { !services.media.keeps($0) }
            if !missing.isEmpty { report(.mediaMissing(Set(missing.map(\.sha256)))) }
        }
    }

    /// Reads an old chat, to go on with unless another program has it open.
    func open(_ id: Conversation.ID) {
        Task { [services, report] in
            do {
                guard let opened = try await services.history.open(id) else { return }
                report(opened.isElsewhere ? .chatOpenedElsewhere(opened.chat) : .chatOpened(opened.chat))
            } catch {
                report(.noticed(Notice(.problem, "\(error)")))
            }
        }
    }

    /// Keeps other programs from writing into a chat.
    func claim(_ id: Conversation.ID) { services.history.claim(id) }

    /// Waits until everything is stored.
    func close() async {
        await indexer?.close()
        await journal.close()
    }
}

extension Draft {
    init(_ state: SessionState) {
        self.init(
            conversation: state.conversation.id, text: state.composer.stored, attachments: state.composer.attachments)
    }
}

extension History {
    /// Reads a chat and claims it; nil when there is none of this name.
    func open(_ id: Conversation.ID) async throws -> (chat: Conversation, isElsewhere: Bool)? {
        // Claimed first: what another program has just let go of is whole then.
        let isOurs = claim(id)
        guard let chat = try await conversation(id: id) else { return nil }
        return (chat, !isOurs)
    }
}
