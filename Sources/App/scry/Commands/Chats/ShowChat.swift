import ArgumentParser
import Conversation
import Views

/// `scry chats show`.
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
                let theme = finder.services.printedTheme
                var printer = MarkdownPrinter(theme: theme)
                let text = try ChatExport(services: finder.services, format: .markdown).markdown(chat)
                Standard.output(printer.append(text) + printer.finish())
            }
        }
    }
}
