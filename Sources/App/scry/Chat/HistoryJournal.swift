import Conversation
import FoundationEssentials
import History
import Session

/// Writes what the chat asks to be kept, in order and off the loop.
struct HistoryJournal: Sendable {
    /// Something to keep.
    enum Entry: Sendable {
        case message(Message, MessagePlace)
        case forget(Message.ID)
        case draft(Draft)
        case mark(Message.ID, Mark?)
        /// Something that must see what was written before it.
        case work(@Sendable (History) async throws -> Void)
    }

    private let queue = JournalQueue()
    private let wake: AsyncStream<Void>.Continuation
    private let writer: Task<Void, Never>
    /// Messages whose pictures are drawn in small, when nothing more urgent is done.
    private let shown: AsyncStream<Message>.Continuation
    private let drawer: Task<Void, Never>

    /// Opens the journal; a failure is told once.
    init(history: History, report: @escaping @Sendable (SessionEvent) -> Void) {
        self.init(media: history.media, report: report) { try await Self.write($0, to: history) }
    }

    /// Opens a journal that is kept somewhere.
    init(
        media: MediaStore, report: @escaping @Sendable (SessionEvent) -> Void,
        keep: @escaping @Sendable (Entry) async throws -> Void
    ) {
        let (signals, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        self.wake = wake
        let (pictures, shown) = AsyncStream.makeStream(of: Message.self)
        self.shown = shown
        drawer = Task.detached(priority: .utility) {
            for await message in pictures { Thumbnails(media: media).make(for: message) }
        }
        writer = Task { [queue] in
            var isFailing = false
            for await _ in signals { await Self.drain(queue, isFailing: &isFailing, shown, report, keep) }
            // What could not be written has its last chance now.
            await Self.drain(queue, isFailing: &isFailing, shown, report, keep)
        }
    }

    /// Puts something into the journal.
    func write(_ entry: Entry) {
        queue.add(entry)
        wake.yield()
    }

    /// Waits until everything is written.
    func close() async {
        wake.finish()
        await writer.value
        shown.finish()
        await drawer.value
    }

    /// Writes what waits; what there is no room for now waits on until there is something else to write.
    private static func drain(
        _ queue: JournalQueue, isFailing: inout Bool, _ shown: AsyncStream<Message>.Continuation,
        _ report: @Sendable (SessionEvent) -> Void, _ keep: @Sendable (Entry) async throws -> Void
    ) async {
        while let entry = queue.next() {
            do {
                try await keep(entry)
                isFailing = false
                if case .message(let message, _) = entry, message.role == .user { shown.yield(message) }
            } catch {
                if !isFailing { report(.noticed(Notice(.problem, "\(error)"))) }
                isFailing = true
                if (error as? HistoryFailure)?.mayPass == true, queue.giveBack(entry) { return }
            }
        }
    }

    private static func write(_ entry: Entry, to history: History) async throws {
        switch entry {
        case .message(let message, let place):
            try await history.save(message, after: place.parent, of: place.conversation)
        case .forget(let message):
            try await history.forget(message)
        case .draft(let draft):
            try await history.saveDraft(draft, at: Date())
        case .mark(let message, let mark):
            try await history.mark(message, as: mark)
        case .work(let work):
            try await work(history)
        }
    }
}

extension HistoryFailure {
    /// Whether the same may be written later.
    fileprivate var mayPass: Bool {
        switch kind {
        case .diskFull, .busy, .readOnly: true
        case .newerVersion, .damaged, .missing, .other: false
        }
    }
}
