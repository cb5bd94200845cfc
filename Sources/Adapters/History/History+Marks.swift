public import Conversation
import GRDB

extension History {
    /// Keeps what the person thinks of an answer, in place of what they thought before; nil or an empty mark removes it.
    ///
    /// - Throws: `.missing` when there is no such message.
    public func mark(_ message: Message.ID, as mark: Mark?) async throws(HistoryFailure) {
        try await write { db in
            guard try MessageTree.place(of: message, db) != nil else {
                throw HistoryFailure(.missing, "The answer is not in the history any more.")
            }
            try MarkRow.save(mark ?? Mark(), of: message, db)
        }
    }
}
