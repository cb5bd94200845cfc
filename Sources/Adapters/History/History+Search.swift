public import Conversation
public import FoundationEssentials
import Glibc
import GRDB

extension History {
    /// Looks for words in everything that was said, thought, attached or seen, and in titles, of every branch.
    ///
    /// All words must be in one message, or in one title; capitals and accents do not count. What stands in quotation marks
    /// is looked for as it is. No query is an error. The best ones come first: rare words, close together, said lately.
    ///
    /// - Parameters:
    ///   - text: What the person typed.
    ///   - isTyping: Whether the last word may go on, as in a search while typing.
    ///   - now: The time, for what counts as lately.
    ///   - period: When it was said; for a hit in the title, when something was last said there. Nil for any time.
    public func search(
        _ text: String, isTyping: Bool = false, limit: Int = 30, now: Date, during period: Range<Date>? = nil
    ) async throws(HistoryFailure) -> [SearchHit] {
        let query = SearchQuery(text, isTyping: isTyping)
        guard let match = query.match else { return [] }
        let maker = SnippetMaker(terms: query.terms)
        return try await read { db in
            var found = try Self.found(match, .messages, period, db) + Self.found(match, .titles, period, db)
            let time = now.timeIntervalSince1970
            found.sort { $0.rank(at: time) > $1.rank(at: time) }
            return try found.prefix(limit).compactMap { try Self.hit($0, maker, db) }
        }
    }

    // MARK: - Private

    /// A row of the index that matches.
    private struct Found {
        var number: Int64
        /// How well it matches; more is better.
        var score: Double
        var date: Double

        /// What was said today counts twice as much as what was said long ago.
        func rank(at now: Double) -> Double { score * (1 + exp(-max(0, now - date) / (30 * 86_400))) }
    }

    private enum Kind { case messages, titles }

    /// How many matches of a common word are ranked: the newest.
    private static let candidates = 500

    private static func found(_ match: String, _ kind: Kind, _ period: Range<Date>?, _ db: Database) throws -> [Found] {
        if let period { return try found(match, kind, during: period, db) }
        let sql =
            switch kind {
            case .messages:
                """
                SELECT hit.number, hit.score, createdAt FROM (
                    SELECT rowid AS number, -bm25(search, 1.0, 0.4, 0.6, 1.0) AS score FROM search
                    WHERE search MATCH ? AND rowid > 0 ORDER BY rowid DESC LIMIT ?
                ) AS hit JOIN message ON message.number = hit.number
                """
            case .titles:
                """
                SELECT hit.number, hit.score, updatedAt FROM (
                    SELECT rowid AS number, -bm25(search, 1.0, 1.0, 1.0, 2.0) AS score FROM search
                    WHERE search MATCH ? AND rowid < 0 ORDER BY rowid LIMIT ?
                ) AS hit JOIN conversation ON conversation.number = -hit.number
                """
            }
        return try Row.fetchAll(db.cachedStatement(sql: sql), arguments: [match, candidates])
            .map { Found(number: $0[0], score: $0[1], date: $0[2]) }
    }

    /// What was said in a period: its messages are few beside all that match, so those are looked at first.
    private static func found(
        _ match: String, _ kind: Kind, during period: Range<Date>, _ db: Database
    ) throws -> [Found] {
        let (number, table, time, weights) =
            switch kind {
            case .messages: ("search.rowid", "message", "createdAt", "1.0, 0.4, 0.6, 1.0")
            case .titles: ("-search.rowid", "conversation", "updatedAt", "1.0, 1.0, 1.0, 2.0")
            }
        return try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT search.rowid, -bm25(search, \(weights)), \(time) FROM search
                    JOIN \(table) ON \(table).number = \(number)
                    WHERE search MATCH ? AND \(time) >= ? AND \(time) < ? ORDER BY \(time) DESC LIMIT ?
                    """),
            arguments: [
                match, period.lowerBound.timeIntervalSince1970, period.upperBound.timeIntervalSince1970, candidates,
            ]
        ).map { Found(number: $0[0], score: $0[1], date: $0[2]) }
    }

    private static func hit(_ found: Found, _ maker: SnippetMaker, _ db: Database) throws -> SearchHit? {
        let date = Date(timeIntervalSince1970: found.date)
        guard found.number > 0 else {
            return try Row.fetchOne(
                db.cachedStatement(sql: "SELECT id, title FROM conversation WHERE number = ?"),
                arguments: [-found.number]
            ).map { row in
                let title: String = row[1]
                return SearchHit(
                    conversation: row[0], title: title, message: nil, role: nil, date: date, place: .title,
                    snippet: maker.snippet(of: title) ?? maker.beginning(of: title), picture: nil)
            }
        }
        let row = try Row.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT conversation.id, title, message.id, role, parentID
                    FROM message JOIN conversation ON conversation.id = conversationID WHERE message.number = ?
                    """), arguments: [found.number])
        guard let row else { return nil }
        let parts = try PartRow.fetchAll(of: row[2], db).map(\.part)
        let read = try Row.fetchAll(
            db.cachedStatement(sql: "SELECT sha256, text FROM pictureWords WHERE messageID = ? ORDER BY number"),
            arguments: [row[2] as String]
        ).map { PictureLines(sha256: $0[0], text: $0[1]) }
        let (place, snippet) = snippet(of: parts, read, maker)
        var shown =
            firstShown(in: parts) { maker.snippet(of: $0) != nil }
            ?? read.first { maker.snippet(of: $0.text) != nil }.flatMap { $0.shown(in: parts) }
            ?? firstShown(in: parts) { _ in true }
        // An answer is known by the picture that it is about.
        if shown == nil, let question: String = row[4] {
            shown = firstShown(in: try PartRow.fetchAll(of: question, db).map(\.part)) { _ in true }
        }
        return SearchHit(
            conversation: row[0], title: row[1], message: row[2], role: Message.Role(rawValue: row[3]), date: date,
            place: place, snippet: snippet, picture: shown?.picture, windowTitle: shown?.attachment.windowTitle,
            takenAt: shown?.attachment.takenAt)
    }

    private static func snippet(of parts: [Part], _ read: [PictureLines], _ maker: SnippetMaker)
        -> (SearchHit.Place, Snippet)
    {
        var said = ""
        var others: [(SearchHit.Place, String)] = read.map { (.screen, $0.text) }
        for part in parts {
            switch part {
            case .text(let text): said += said.isEmpty ? text : "\n" + text
            case .reasoning(let reasoning): others.append((.reasoning, reasoning.text))
            case .attachment(let attachment): others.insert((.screen, SearchFunctions.text(of: attachment)), at: 0)
            }
        }
        for (place, text) in [(.words, said)] + others {
            if let snippet = maker.snippet(of: text) { return (place, snippet) }
        }
        return (.words, maker.beginning(of: said))
    }

    // MARK: - The picture of a hit

    /// A picture with what it belongs to.
    private typealias Shown = (attachment: Attachment, picture: MediaReference)

    /// The first picture of the first attachment that has one, and a text that is right.
    private static func firstShown(in parts: [Part], where isRight: (String) -> Bool) -> Shown? {
        for case .attachment(let attachment) in parts where !attachment.pictures.isEmpty {
            if isRight(SearchFunctions.text(of: attachment)) { return (attachment, attachment.pictures[0]) }
        }
        return nil
    }

    /// What was read of a picture, or of all of a message's.
    private struct PictureLines {
        var sha256: String?
        var text: String

        /// The picture, as it was sent.
        func shown(in parts: [Part]) -> Shown? {
            for case .attachment(let attachment) in parts {
                for (viewed, sent) in zip(attachment.viewedPictures, attachment.pictures)
                where viewed.sha256 == sha256 || sent.sha256 == sha256 {
                    return (attachment, sent)
                }
            }
            return nil
        }
    }
}
