import ArgumentParser
import Conversation
import FoundationEssentials
import History

/// `scry chats search`.
struct SearchChats: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search", abstract: "Finds words in questions, answers, thoughts, titles and the text of pictures."
    )

    @Argument(help: "The words; all of them have to be there.")
    var words: [String]

    @Option(name: .shortAndLong, help: ArgumentHelp("At most so many places.", valueName: "N"))
    var limit = 30

    @Option(help: ArgumentHelp("Only what was said on this day or later.", valueName: "YYYY-MM-DD"))
    var since: String?

    @Option(help: ArgumentHelp("Only what was said on this day or earlier.", valueName: "YYYY-MM-DD"))
    var until: String?

    @Flag(
        inversion: .prefixedNo, help: "Draw pictures in small (the default on a terminal with colours).")
    var thumbnails: Bool?

    @Flag(help: "Print JSON, with the path of each picture in small.")
    var json = false

    private struct Record: Encodable {
        var chat: String
        var title: String
        @OrNull var message: String?
        @OrNull var role: String?
        var date: Date
        var place: String
        var snippet: String
        @OrNull var picture_sha256: String?
        /// Where the small picture is; nil when the picture is gone, or there was none.
        @OrNull var thumbnail: String?
        @OrNull var window_title: String?
        @OrNull var taken_at: Date?
    }

    func validate() throws {
        if limit < 1 { throw ValidationError("--limit takes a number from 1.") }
        for (name, text) in [("--since", since), ("--until", until)] where text.map({ Self.day($0) == nil }) ?? false {
            throw ValidationError("\(name) takes a day, as 2026-03-31.")
        }
        if let period, period.isEmpty { throw ValidationError("--until is before --since.") }
    }

    func run() async throws {
        try await running {
            let services = try ChatFinder().services
            let hits = try await services.history.search(
                words.joined(separator: " "), limit: limit, now: Date(), during: period)
            if json {
                let thumbnails = Thumbnails(media: services.media)
                let records = hits.map { Self.record($0, thumbnail: $0.picture.flatMap(thumbnails.path(of:))) }
                return Standard.output(JSONText.line(records) + "\n")
            }
            let printer = HitPrinter(services: services, draws: thumbnails)
            for hit in hits { Standard.output(printer.text(of: hit)) }
            // As grep does, so that a script can ask whether there is anything.
            if hits.isEmpty { throw ExitStatus.engineFailed.exit }
        }
    }

    /// The days that were named, where the person is; nil for all.
    private var period: Range<Date>? {
        guard since != nil || until != nil else { return nil }
        let first = since.flatMap(Self.day) ?? .distantPast
        let last = until.flatMap(Self.day).flatMap { Calendar.current.date(byAdding: .day, value: 1, to: $0) }
        return first..<max(first, last ?? .distantFuture)
    }

    private static func day(_ text: String) -> Date? {
        try? Date.ISO8601FormatStyle(timeZone: .current).year().month().day().parse(text)
    }

    private static func record(_ hit: SearchHit, thumbnail: String?) -> Record {
        Record(
            chat: hit.conversation, title: hit.title, message: hit.message, role: hit.role?.rawValue, date: hit.date,
            place: hit.place.rawValue, snippet: hit.snippet.text, picture_sha256: hit.picture?.sha256,
            thumbnail: thumbnail, window_title: hit.windowTitle, taken_at: hit.takenAt)
    }
}
