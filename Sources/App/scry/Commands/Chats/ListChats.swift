import ArgumentParser
import Conversation
import History

/// `scry chats list`.
struct ListChats: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the chats, the last one first (the default).")

    @Option(name: .shortAndLong, help: ArgumentHelp("At most so many.", valueName: "N"))
    var limit: Int?

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit takes a number from 1.") }
    }

    func run() async throws {
        try await running {
            let chats = try await ChatFinder().all(limit: limit ?? 1_000_000)
            if json { return Standard.output(JSONText.line(chats.map(ChatListRecord.init)) + "\n") }
            var text = ""
            for chat in chats {
                let title = chat.title.isEmpty ? "untitled" : SafeOutput.line(chat.title)
                text += "\(chat.id.prefix(8))  \(ListDate.text(chat.updatedAt))  \(chat.messageCount)  \(title)\n"
            }
            Standard.output(text)
        }
    }
}
