public import Conversation

/// The list of old conversations, and the search through what was said in them.
public struct ChatMenu: Sendable, Equatable {
    /// Old conversations, newest first; nil while the list is read.
    public internal(set) var chats: [ChatSummary]?
    /// What is looked for; the list is shown while there is nothing but blanks.
    public internal(set) var query = ""
    /// What was found, the best first; of the query before while the answer to a new one is awaited, nil before any.
    public internal(set) var hits: [SearchHit]?
    /// Which line is chosen.
    public internal(set) var selected = 0
    /// Whether what was found is not what was asked for last.
    public internal(set) var isSearching = false

    /// Whether hits are shown, and not the list.
    public var showsHits: Bool { !query.allSatisfy(\.isWhitespace) }

    /// How many lines there are to choose from.
    public var count: Int { (showsHits ? hits?.count : chats?.count) ?? 0 }

    /// Changes what is looked for.
    ///
    /// - Returns: Whether there is something to look for.
    mutating func look(for text: String) -> Bool {
        query = text
        selected = 0
        isSearching = showsHits
        if !showsHits { hits = nil }
        return showsHits
    }

    /// Takes in what was found, unless something else is looked for by now.
    mutating func take(_ found: [SearchHit], for asked: String) {
        guard asked == query, showsHits else { return }
        hits = found
        selected = 0
        isSearching = false
    }

    mutating func move(by step: Int) { selected = min(max(0, selected + step), max(0, count - 1)) }
}
