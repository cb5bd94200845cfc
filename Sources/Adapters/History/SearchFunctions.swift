import Conversation
import GRDB

/// The functions that the tables' triggers call.
enum SearchFunctions {
    /// Adds the functions to a connection; without them it can read the tables, but not change them.
    static func add(to db: Database) {
        db.add(function: words)
        db.add(function: attachmentText)
    }

    /// What is findable of an attachment: its name, the window it shows, and the text in it.
    static func text(of attachment: Attachment) -> String {
        var lines = [attachment.label]
        if let title = attachment.windowTitle { lines.append(title) }
        if case .text(let text) = attachment.content { lines.append(text) }
        if case .document(let document) = attachment.content { lines += document.pages.map(\.text) }
        return (lines + (attachment.recognizedText ?? [])).joined(separator: "\n")
    }

    // MARK: - Private

    private static let words = DatabaseFunction("searchWords", argumentCount: 1, pure: true) { values in
        String.fromDatabaseValue(values[0]).map(SearchWords.cut)
    }

    private static let attachmentText = DatabaseFunction("attachmentText", argumentCount: 1, pure: true) { values in
        String.fromDatabaseValue(values[0]).flatMap { StoredJSON.value(Attachment.self, from: $0) }.map(text)
    }
}
