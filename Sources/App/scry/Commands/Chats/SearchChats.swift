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

    @Flag(help: "Print JSON.")
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
    }

    func validate() throws {
        if limit < 1 { throw ValidationError("--limit takes a number from 1.") }
    }

    func run() async throws {
        try await running {
            let history = try ChatFinder().services.history
            let hits = try await history.search(words.joined(separator: " "), limit: limit, now: Date())
            if json { return Standard.output(JSONText.line(hits.map(Self.record)) + "\n") }
            var text = ""
            for hit in hits {
                let title = hit.title.isEmpty ? "untitled" : SafeOutput.line(hit.title)
                text += "\(hit.conversation.prefix(8))  \(ListDate.text(hit.date))  \(title)\n"
                if hit.place != .title { text += "    \(Self.place(hit))\(Self.line(hit.snippet))\n" }
            }
            Standard.output(text)
            // As grep does, so that a script can ask whether there is anything.
            if hits.isEmpty { throw ExitStatus.engineFailed.exit }
        }
    }

    private static func place(_ hit: SearchHit) -> String {
        switch hit.place {
        case .words: hit.role == .user ? "you: " : ""
        case .reasoning: "thought: "
        case .screen: "seen: "
        case .title: ""
        }
    }

    private static func line(_ snippet: Snippet) -> String {
        snippet.runs.map { run in
            let text = SafeOutput.line(run.text)
            return run.isHit && Standard.outputIsTerminal ? "\u{1B}[1m\(text)\u{1B}[22m" : text
        }.joined()
    }

    private static func record(_ hit: SearchHit) -> Record {
        Record(
            chat: hit.conversation, title: hit.title, message: hit.message, role: hit.role?.rawValue, date: hit.date,
            place: hit.place.rawValue, snippet: hit.snippet.text, picture_sha256: hit.picture?.sha256)
    }
}
