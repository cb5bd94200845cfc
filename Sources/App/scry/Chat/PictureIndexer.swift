import Conversation
import Documents
import Foundation
import History
import Media
import Synchronization

/// Reads in the background what pictures say that were shown, so that a search finds it.
///
/// One picture after the other, as a process that gets only the time that nobody else wants; the chat never waits for it.
final class PictureIndexer: Sendable {
    private let wakes: AsyncStream<Void>.Continuation
    private let work: Task<Void, Never>
    private let isDone: SharedFlag

    /// How many messages of earlier days are read each time that a chat runs: a long history is not read all at once.
    private static let mostOlder = 20
    /// How many pictures of an attachment are read: of a recording some of its frames, from its beginning to its end.
    private static let mostPictures = 12
    /// The most that is kept of a message, in bytes.
    private static let longestText = 256 << 10

    /// Begins; what an earlier chat has not read is read now.
    ///
    /// - Parameter pause: What a question gets before its pictures are read.
    init(history: History, recognizer: TextRecognizer, pause: Duration = .seconds(3)) {
        let (signals, wakes) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        self.wakes = wakes
        let isDone = SharedFlag()
        self.isDone = isDone
        var reader = recognizer
        reader.isIdle = true
        work = Task.detached(priority: .background) { [reader] in
            let start = Date()
            var older = Self.mostOlder
            for await _ in signals {
                guard (try? await Task.sleep(for: pause)) != nil else { break }
                while let unread = try? await Self.next(in: history, since: older > 0 ? nil : start) {
                    guard await reader.isAvailable, await Self.read(unread, reader, history) else { break }
                    older -= 1
                }
            }
            isDone.raise()
        }
        wakes.yield()
    }

    /// Tells that a message was stored.
    func wake() { wakes.yield() }

    /// Stops, and gives the process that reads a moment to end.
    func close() async {
        wakes.finish()
        work.cancel()
        for _ in 0..<20 where !isDone.isRaised { try? await Task.sleep(for: .milliseconds(20)) }
    }

    // MARK: - Private

    private static func next(in history: History, since date: Date?) async throws -> History.UnreadMessage? {
        try await history.unreadMessage(saidSince: date)
    }

    /// Reads the pictures of a message; false when that is over.
    private static func read(_ unread: History.UnreadMessage, _ reader: TextRecognizer, _ history: History) async
        -> Bool
    {
        var texts: [History.PictureText] = []
        var known: Set<Substring> = []
        var room = longestText
        for picture in pictures(of: unread.attachments, keptBy: history.media) {
            guard !Task.isCancelled else { return false }
            // One that cannot be read is one without words; it is not tried again and again.
            let text = (try? await words(in: picture, history.media, reader)) ?? ""
            // Frames of a recording say nearly the same.
            let lines = text.split(separator: "\n").filter { known.insert($0).inserted }
            let new = String(decoding: lines.joined(separator: "\n").utf8.prefix(room), as: UTF8.self)
            room = max(0, room - new.utf8.count)
            if !new.isEmpty { texts.append(History.PictureText(picture, says: new)) }
        }
        guard !Task.isCancelled else { return false }
        return (try? await history.keep(texts, of: unread.message)) != nil
    }

    /// The pictures whose words are not known, with all the pixels that are kept of them.
    private static func pictures(of attachments: [Attachment], keptBy media: MediaStore) -> [MediaReference] {
        attachments.flatMap { attachment -> [MediaReference] in
            guard attachment.recognizedText == nil else { return [] }
            if case .document(let document) = attachment.content {
                return document.pages.filter(\.text.isEmpty).compactMap(\.picture)
            }
            let all = zip(attachment.viewedPictures, attachment.pictures).map { media.keeps($0) ? $0 : $1 }
            guard all.count > mostPictures else { return all }
            return (0..<mostPictures).map { all[$0 * (all.count - 1) / (mostPictures - 1)] }
        }
    }

    // The optimiser of Swift 6.3.1 crashes when this is inlined into the loop that calls it.
    @inline(never)
    private static func words(in picture: MediaReference, _ media: MediaStore, _ reader: TextRecognizer) async throws
        -> String
    {
        try await reader.text(in: StillDecoder().decode(media.bytes(of: picture)))
    }
}

/// Something that is raised once, by one thread for others.
private final class SharedFlag: Sendable {
    private let value = Atomic(false)
    var isRaised: Bool { value.load(ordering: .relaxed) }
    func raise() { value.store(true, ordering: .relaxed) }
}
