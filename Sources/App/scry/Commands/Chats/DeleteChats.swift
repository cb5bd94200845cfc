import ArgumentParser
import Conversation
import History

/// `scry chats delete`.
struct DeleteChats: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Deletes chats, and the pictures that no other chat shows.")

    @Argument(help: ArgumentHelp("The chats.", valueName: "id"), completion: Completions.chats)
    var ids: [String]

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    func run() async throws {
        try await running {
            let finder = try ChatFinder()
            // Every id is looked up before the first chat goes: a typing mistake deletes nothing.
            var chats: [Conversation] = []
            for id in ids {
                let chat = try await finder.chat(id)
                if !chats.contains(where: { $0.id == chat.id }) { chats.append(chat) }
            }
            if !yes { try confirm(chats) }
            for chat in chats { try await finder.services.history.delete(chat.id) }
        }
    }

    private func confirm(_ chats: [Conversation]) throws {
        guard Standard.inputIsTerminal, Standard.errorIsTerminal else {
            throw CommandFailure(.usage, "Deleting is for good and nobody can be asked here; --yes deletes.")
        }
        for chat in chats {
            let title = chat.title.isEmpty ? "untitled" : SafeOutput.line(chat.title)
            Standard.error("\(chat.id.prefix(8))  \(chat.messages.count) messages  \(title)\n")
        }
        Standard.error("Delete \(chats.count == 1 ? "this chat" : "these \(chats.count) chats") for good? [y/N] ")
        guard let answer = readLine(), ["y", "yes"].contains(answer.lowercased()) else {
            throw CommandFailure(.cancelled, "Nothing was deleted.")
        }
    }
}
