import ArgumentParser
import Conversation
import Exchange
import FoundationEssentials
import History
import Media

/// `scry chats import`.
struct ImportChats: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Reads chats: Scry's own JSON lines, exports of ChatGPT and Open WebUI.",
        discussion: "Of ChatGPT's archive, unpack it and name the folder. Chats that are there already are left alone.")

    @Argument(help: ArgumentHelp("The exports.", valueName: "path"), completion: .file())
    var paths: [String]

    @Flag(help: "Print one JSON object for each.")
    var json = false

    private struct Record: Encodable {
        var path: String
        var origin: String
        var imported: Int
        var known: Int
        var skipped: Int
        var missing_media: Int
        var chats: [String]
    }

    func run() async throws {
        try await running {
            let services = try ChatFinder().services
            for path in paths {
                let result = try ChatImport(media: ImportedMedia(services: services)).read(path)
                let record = try await save(result, path, services.history)
                json ? Standard.output(JSONText.line(record) + "\n") : tell(record)
            }
        }
    }

    private func save(_ result: ChatImport.Result, _ path: String, _ history: History) async throws -> Record {
        var record = Record(
            path: path, origin: result.origin.rawValue, imported: 0, known: 0, skipped: result.skipped,
            missing_media: result.missingMedia, chats: [])
        for chat in result.conversations {
            if try await history.conversationIDs(startingWith: chat.id, limit: 1).first == chat.id {
                record.known += 1
                continue
            }
            try await save(chat, result.branches[chat.id], history)
            record.imported += 1
            record.chats.append(chat.id)
        }
        return record
    }

    private func save(_ chat: Conversation, _ branches: [BranchedMessage]?, _ history: History) async throws {
        guard let branches else { return try await history.save(chat) }
        var header = chat
        header.messages = []
        for node in branches { try await history.save(node.message, after: node.parent, of: header) }
        if let leaf = chat.messages.last { _ = try await history.activate(leaf.id) }
    }

    private func tell(_ record: Record) {
        var sentence = "\(record.imported) chats of \(record.origin) imported"
        if record.known > 0 { sentence += "; \(record.known) were there already" }
        if record.skipped > 0 { sentence += "; \(record.skipped) entries were not understood" }
        if record.missing_media > 0 { sentence += "; \(record.missing_media) pictures are missing" }
        Standard.output(sentence + ".\n")
    }
}

/// Puts the media of an import into the store.
private struct ImportedMedia: MediaIntake {
    let services: Services

    func store(_ bytes: [UInt8], as reference: MediaReference) throws -> MediaReference {
        try services.media.store(
            bytes, mediaType: reference.mediaType, width: reference.width, height: reference.height)
    }

    func store(picture bytes: [UInt8]) throws -> MediaReference {
        // Decoded and encoded anew: what is kept is a picture and nothing else.
        try services.pictureTaker(withCursor: false).store(try StillDecoder().decode(bytes), for: nil)
    }
}
