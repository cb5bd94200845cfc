import ArgumentParser
import Conversation
import Foundation
import History
import Views

/// `scry chats list`
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

/// `scry chats show`
struct ShowChat: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Prints a chat as Markdown, drawn where a terminal shows it.")

    @Argument(help: ArgumentHelp("The chat.", valueName: "id"), completion: Completions.chats)
    var id: String

    @Flag(help: "Print JSON, one object a line: the chat, then its messages.")
    var json = false

    @Flag(help: "Print Markdown as it is, also on a terminal.")
    var raw = false

    func run() async throws {
        try await running {
            let finder = try ChatFinder()
            let chat = try await finder.chat(id)
            if json {
                try await ChatExport(services: finder.services, format: .jsonl).print([chat.id], withMedia: false)
            } else if raw || !Standard.outputIsTerminal {
                try await ChatExport(services: finder.services, format: .markdown).print([chat.id])
            } else {
                let theme = Theme(finder.services.configuration.theme, in: finder.services.environment)
                var printer = MarkdownPrinter(theme: theme)
                let text = try ChatExport(services: finder.services, format: .markdown).markdown(chat)
                Standard.output(printer.append(text) + printer.finish())
            }
        }
    }
}

/// `scry chats rename`
struct RenameChat: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "rename", abstract: "Gives a chat another title.")

    @Argument(help: ArgumentHelp("The chat.", valueName: "id"), completion: Completions.chats)
    var id: String

    @Argument(help: "The title.")
    var title: [String]

    func run() async throws {
        try await running {
            let finder = try ChatFinder()
            let title = SafeOutput.line(title.joined(separator: " ")).trimmingCharacters(in: .whitespaces)
            guard !title.isEmpty else { throw ValidationError("A title has at least one letter.") }
            try await finder.services.history.rename(try await finder.id(id), to: title)
        }
    }
}

/// `scry chats delete`
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
