import Conversation
import Exchange
import FoundationEssentials
import History
import Views

/// Writes chats out of the history, into files or to standard output.
struct ChatExport {
    let services: Services
    let format: ExportChats.Format
    var replaces = false

    /// Prints chats.
    func print(_ ids: [Conversation.ID], withMedia: Bool = true) async throws {
        var output = StandardOutput()
        var missing = 0
        for id in ids { missing += try await write(id, beside: nil, withMedia: withMedia, to: &output) }
        tell(missing: withMedia ? missing : 0)
    }

    /// Writes chats into a file, or each into one of its own in a folder.
    func write(_ ids: [Conversation.ID], to path: String, isFolder: Bool) async throws {
        var missing = 0
        var files: [String] = []
        if !isFolder || format == .jsonl {
            missing = try await writeFile(ids, to: path, media: Self.stem(path) + "-media")
            files = [path]
        } else {
            try NewFile.makeFolder(path)
            for id in ids {
                guard let chat = try await services.history.conversation(id: id) else { continue }
                let file = "\(path)/\(Self.fileName(of: chat)).\(format.suffix)"
                missing += try await writeFile([id], to: file, media: path + "/media")
                files.append(file)
            }
        }
        tell(missing: missing)
        for file in files { Standard.output(file + "\n") }
    }

    /// Writes training data into a folder.
    func writeTraining(_ ids: [Conversation.ID], to path: String, form: TrainingSet.Form) async throws {
        var set = TrainingSet(form: form, folder: path, media: services.media)
        try set.check(replaces: replaces)
        for id in ids {
            guard let chat = try await services.history.conversation(id: id) else { continue }
            try set.add(chat)
        }
        try set.write(replaces: replaces)
        let summary = set.summary
        var sentence = "\(summary.turns) answers of \(summary.examples) chats, \(summary.media) files of media"
        if summary.unfinished > 0 { sentence += "; \(summary.unfinished) unfinished ones left out" }
        if summary.missing > 0 { sentence += "; \(summary.missing) whose pictures are gone left out" }
        Standard.error("scry: \(sentence). Train with template: \(form.template), dataset: scry.\n")
        Standard.output(path + "/finetune.json\n")
    }

    /// A chat as Markdown without files beside it.
    func markdown(_ chat: Conversation) throws -> String {
        var buffer = ByteBuffer()
        var writer = ChatMarkdown(folder: nil, folderLink: "")
        _ = try writer.write(chat, to: &buffer)
        return String(decoding: buffer.bytes, as: UTF8.self)
    }

    // MARK: - One chat

    private func writeFile(_ ids: [Conversation.ID], to path: String, media: String) async throws -> Int {
        if !replaces { try NewFile.checkAbsence(path) }
        // Read before the file is begun: writing does not wait for the history.
        var chats: [(Conversation, [BranchedMessage])] = []
        for id in ids { if let chat = try await read(id) { chats.append(chat) } }
        return try NewFile.write(path, replaces: replaces) { file throws(ExchangeFailure) in
            var missing = 0
            for (chat, branches) in chats {
                missing += try write(chat, branches, beside: media, withMedia: true, to: &file)
            }
            return missing
        }
    }

    private func write(
        _ id: Conversation.ID, beside media: String?, withMedia: Bool, to sink: inout some ByteSink
    ) async throws -> Int {
        guard let (chat, branches) = try await read(id) else { return 0 }
        return try write(chat, branches, beside: media, withMedia: withMedia, to: &sink)
    }

    private func read(_ id: Conversation.ID) async throws -> (Conversation, [BranchedMessage])? {
        guard let chat = try await services.history.conversation(id: id) else { return nil }
        guard format == .jsonl else { return (chat, []) }
        return (chat, try await services.history.tree(of: id))
    }

    private func write(
        _ chat: Conversation, _ branches: [BranchedMessage], beside media: String?, withMedia: Bool,
        to sink: inout some ByteSink
    ) throws(ExchangeFailure) -> Int {
        switch format {
        case .jsonl, .training:
            let library: any MediaLibrary = withMedia ? services.media : NoMedia()
            return try ChatLines(media: library).write(chat, branches: branches, to: &sink)
        case .html:
            return try ChatPage(media: services.media, renderMarkdown: MarkdownHTML.render).write(chat, to: &sink)
        case .markdown:
            let folder = media.map { MediaFolder(path: $0, media: services.media) }
            let link = media?.split(separator: "/").last.map(String.init) ?? ""
            var writer = ChatMarkdown(folder: folder, folderLink: link)
            return try writer.write(chat, to: &sink)
        }
    }

    private func tell(missing: Int) {
        guard missing > 0 else { return }
        Standard.error("scry: \(missing) pictures or recordings are gone; the export says where.\n")
    }

    // MARK: - Names

    private static func stem(_ path: String) -> String {
        let name = path.split(separator: "/").last ?? ""
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return path }
        return String(path.dropLast(name[dot...].count))
    }

    /// The title's letters and digits, and enough of the id to be alone.
    private static func fileName(of chat: Conversation) -> String {
        var words = ""
        for character in chat.title.lowercased() {
            if character.isLetter || character.isNumber {
                words.append(character)
            } else if words.last != "-" {
                words.append("-")
            }
        }
        while words.hasPrefix("-") { words.removeFirst() }
        // File systems count bytes, and letters of some scripts take three or four.
        while words.utf8.count > 60 || words.hasSuffix("-") { words.removeLast() }
        return words.isEmpty ? String(chat.id.prefix(8)) : "\(words)-\(chat.id.prefix(8))"
    }
}

/// Has nothing, so that an export without media is one.
private struct NoMedia: MediaLibrary {
    func bytes(of media: MediaReference) throws -> [UInt8] {
        throw ReplyFailure(.attachmentUnreadable, "Media are left out.")
    }
}

/// Exports to standard output.
private struct StandardOutput: ByteSink {
    mutating func write(_ bytes: [UInt8]) throws(ExchangeFailure) { Standard.output(bytes: bytes) }
}
