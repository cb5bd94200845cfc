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
        discussion: """
            ChatGPT's archive is taken as it came (with unzip), or as the folder that it was unpacked to. All branches are kept.

            Nothing that is there is changed: of a chat that has grown since, what is new is added; a chat that has the name of \
            another gets one of its own.
            """)

    @Argument(help: ArgumentHelp("The exports.", valueName: "path"), completion: .file())
    var paths: [String]

    @Flag(help: "Print one JSON object for each.")
    var json = false

    private struct Record: Encodable {
        var path: String
        var origin: String
        var imported: Int
        var known: Int
        var continued: Int
        var renamed: Int
        var skipped: Int
        var missing_media: Int
        var chats: [String]
    }

    func run() async throws {
        try await running {
            let services = try ChatFinder().services
            for path in paths {
                let export = UnpackedExport(path, environment: services.environment)
                let result = try ChatImport(media: ImportedMedia(services: services)).read(export.path)
                let record = try await save(result, path, services.history)
                json ? Standard.output(JSONText.line(record) + "\n") : tell(record)
            }
        }
    }

    private func save(_ result: ChatImport.Result, _ path: String, _ history: History) async throws -> Record {
        var record = Record(
            path: path, origin: result.origin.rawValue, imported: 0, known: 0, continued: 0, renamed: 0,
            skipped: result.skipped,
            missing_media: result.missingMedia, chats: [])
        for chat in result.conversations {
            let adoption = try await history.adopt(chat, result.branches[chat.id] ?? chat.line)
            switch adoption.kind {
            case .known: record.known += 1
            case .added: record.imported += 1
            case .continued: record.continued += 1
            case .renamed: record.renamed += 1
            }
            if adoption.kind != .known { record.chats.append(adoption.chat) }
        }
        return record
    }

    private func tell(_ record: Record) {
        var sentence = "\(record.imported + record.renamed) chats of \(record.origin) imported"
        if record.renamed > 0 { sentence += ", \(record.renamed) of them beside another of the same name" }
        if record.continued > 0 { sentence += "; \(record.continued) went on" }
        if record.known > 0 { sentence += "; \(record.known) were there already" }
        if record.skipped > 0 { sentence += "; \(record.skipped) entries were not understood" }
        if record.missing_media > 0 { sentence += "; \(record.missing_media) pictures are missing" }
        Standard.output(sentence + ".\n")
    }
}

extension Conversation {
    /// Its messages, each after the one before.
    fileprivate var line: [BranchedMessage] {
        zip(messages, [nil] + messages.map(\.id)).map { BranchedMessage(message: $0, parent: $1, isShown: true) }
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
        let frame = try StillDecoder().decode(bytes)
        return try PicturePacker(media: services.media).store(frame, as: .fitting(frame))
    }
}
