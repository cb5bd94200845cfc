import Conversation
import History
import Session
import Synchronization

/// What waits to be kept, in order: of an answer that grows and of what is being written only the newest version.
///
/// A disk that is slower than the stream is then behind by what it takes to write once, not by all that it has ever missed.
final class JournalQueue: Sendable {
    private let entries = Mutex<[HistoryJournal.Entry]>([])

    /// How many things wait.
    var count: Int { entries.withLock { $0.count } }

    /// Adds something behind what waits, or in place of the version of it that waits.
    func add(_ entry: HistoryJournal.Entry) {
        entries.withLock { entries in
            if let place = Self.place(of: entry, in: entries) {
                entries[place] = entry
            } else {
                entries.append(entry)
            }
        }
    }

    /// Takes what has waited longest; nil when nothing waits.
    func next() -> HistoryJournal.Entry? { entries.withLock { $0.isEmpty ? nil : $0.removeFirst() } }

    /// Takes something back that was said and could not be written; it comes before all else again.
    ///
    /// - Returns: Whether it waits now. What was asked of the history is over when it has failed.
    func giveBack(_ entry: HistoryJournal.Entry) -> Bool {
        if case .work = entry { return false }
        entries.withLock { entries in
            if Self.place(of: entry, in: entries) == nil { entries.insert(entry, at: 0) }
        }
        return true
    }

    /// Where an older version of something waits that the new one may take the place of.
    private static func place(of entry: HistoryJournal.Entry, in entries: [HistoryJournal.Entry]) -> Int? {
        for (index, older) in entries.enumerated().reversed() {
            switch (entry, older) {
            case (.message(let new, let place), .message(let old, let oldPlace)) where new.id == old.id:
                return place.parent == oldPlace.parent ? index : nil
            case (.draft(let new), .draft(let old)):
                return new.conversation == old.conversation ? index : nil
            // What was typed is in the question now: only behind that may the draft be emptied.
            case (.draft, .message(let message, _)) where message.role == .user: return nil
            case (_, .message), (_, .draft): continue
            // Marks, forgetting and reading mean what was said before them.
            default: return nil
            }
        }
        return nil
    }
}
