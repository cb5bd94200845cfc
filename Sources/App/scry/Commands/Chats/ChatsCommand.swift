import ArgumentParser
import Conversation
import Exchange
import FoundationEssentials
import History

/// `scry chats`: what was said, from the shell.
struct ChatsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "chats", abstract: "Lists, searches, exports, imports and deletes chats.",
        discussion: """
            A chat is named by its id, or by as many of its first digits as tell it from the others.

              scry chats search "connection refused"
              scry chats export 3f2a --format html -o chat.html
              scry chats export --all --format training -o dataset
            """,
        subcommands: [
            ListChats.self, ShowChat.self, SearchChats.self, ExportChats.self, ImportChats.self, RenameChat.self,
            DeleteChats.self,
        ],
        defaultSubcommand: ListChats.self)
}

/// Finds chats by what people type.
struct ChatFinder {
    let services: Services

    /// Opens the history for commands that are about what is in it.
    ///
    /// - Throws: `CommandFailure` when it cannot be opened: an empty list would say that there is nothing.
    init() throws {
        services = try Services(saves: true)
        services.printWarnings()
        guard services.history.isKept else {
            throw CommandFailure(.engineFailed, "The history cannot be opened; see the warning above.")
        }
    }

    /// The id that some first digits mean.
    func id(_ prefix: String) async throws -> Conversation.ID { try await Self.id(prefix, in: services.history) }

    /// The id that some first digits mean in a history.
    ///
    /// - Throws: `CommandFailure` when there is none, or more than one.
    static func id(_ prefix: String, in history: History) async throws -> Conversation.ID {
        guard !prefix.isEmpty else { throw CommandFailure(.usage, "An id is a few of its first digits at least.") }
        let ids = try await history.conversationIDs(startingWith: prefix, limit: 4)
        if let exact = ids.first(where: { $0 == prefix.lowercased() }) ?? (ids.count == 1 ? ids.first : nil) {
            return exact
        }
        if ids.isEmpty {
            throw CommandFailure(.usage, "There is no chat \(prefix); `scry chats list` shows those that there are.")
        }
        throw CommandFailure(
            .usage,
            "\(prefix) is the beginning of several ids (\(ids.prefix(3).joined(separator: ", "))…); write more of it.")
    }

    /// The chat that some first digits mean.
    func chat(_ prefix: String) async throws -> Conversation {
        let id = try await id(prefix)
        guard let chat = try await services.history.conversation(id: id) else {
            throw CommandFailure(.usage, "There is no chat \(prefix); it was deleted just now.")
        }
        return chat
    }

    /// All chats, the last one first.
    func all(limit: Int = 1_000_000) async throws -> [ChatSummary] {
        try await services.history.conversations(limit: limit)
    }
}

/// A chat in a list; the property names are the keys of the contract.
struct ChatListRecord: Encodable {
    var id: String
    var title: String
    var created_at: Date
    var updated_at: Date
    var messages: Int

    init(_ chat: ChatSummary) {
        id = chat.id
        title = chat.title
        created_at = chat.createdAt
        updated_at = chat.updatedAt
        messages = chat.messageCount
    }
}

/// Dates as lists show them: the day and the minute, where the person is.
enum ListDate {
    static func text(_ date: Date) -> String {
        let style = Date.ISO8601FormatStyle(timeZone: .current).year().month().day().time(
            includingFractionalSeconds: false)
        return String(date.formatted(style).prefix(16)).replacing("T", with: " ")
    }
}
