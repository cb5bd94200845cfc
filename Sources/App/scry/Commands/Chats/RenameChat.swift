import ArgumentParser
import Foundation
import History

/// `scry chats rename`.
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
