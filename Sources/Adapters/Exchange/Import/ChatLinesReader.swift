import Conversation
import FoundationEssentials

/// Reads Scry's own format.
struct ChatLinesReader {
    let media: any MediaIntake

    /// Reads the chats; nil when the first line is not of this format.
    func read(_ data: Data) -> ChatImport.Result? {
        let decoder = JSONDecoder()
        let lines = data.split(separator: UInt8(ascii: "\n"))
        guard let first = lines.first, let chat = try? decoder.decode(ChatRecord.Chat.self, from: first),
            chat.type == "chat", chat.format == ChatRecord.format
        else { return nil }
        var result = ChatImport.Result(origin: .scry)
        var places: [String: Int] = [:]
        var bytes: [String: Data] = [:]
        var stored: [String: MediaReference] = [:]
        var nodes: [[BranchedMessage]] = []
        var names: Set<String> = []
        for line in lines {
            switch (try? decoder.decode(ChatRecord.Kind.self, from: line))?.type {
            case "chat":
                guard let chat = try? decoder.decode(ChatRecord.Chat.self, from: line), chat.created_at.isFinite,
                    chat.version <= ChatRecord.version, !chat.id.isEmpty, chat.id.utf8.count <= 64
                else {
                    result.skipped += 1
                    continue
                }
                // Two chats of one name are two chats all the same.
                let id =
                    places[chat.id] == nil ? chat.id : ForeignID.made(of: "\(chat.id) \(places.count) \(nodes.count)")
                places[chat.id] = result.conversations.count
                nodes.append([])
                result.conversations.append(
                    Conversation(
                        id: id, title: chat.title, createdAt: Date(timeIntervalSince1970: chat.created_at)))
            case "media":
                guard let medium = try? decoder.decode(ChatRecord.Medium.self, from: line),
                    let data = Data(base64Encoded: medium.data)
                else {
                    result.skipped += 1
                    continue
                }
                bytes[medium.sha256] = data
            case "message":
                guard let record = try? decoder.decode(ChatRecord.Message.self, from: line),
                    let place = places[record.chat],
                    var message = record.message(finding: { find($0, &bytes, &stored, &result.missingMedia) })
                else {
                    result.skipped += 1
                    continue
                }
                if !names.insert("\(place) \(message.id)").inserted {
                    message = message.named(ForeignID.made(of: "\(message.id) \(nodes[place].count)"))
                }
                if record.shown != false { result.conversations[place].messages.append(message) }
                nodes[place].append(
                    BranchedMessage(message: message, parent: record.parent, isShown: record.shown != false))
            default:
                // A later version may have lines of other kinds.
                result.skipped += 1
            }
        }
        for (chat, nodes) in zip(result.conversations, nodes) where nodes.contains(where: { !$0.isShown }) {
            result.branches[chat.id] = nodes
        }
        return result
    }

    private func find(
        _ record: ChatRecord.Reference, _ bytes: inout [String: Data], _ stored: inout [String: MediaReference],
        _ missing: inout Int
    ) -> MediaReference {
        if let reference = stored[record.sha256] { return reference }
        var reference = MediaReference(
            sha256: record.sha256, mediaType: record.media_type, byteCount: record.bytes, width: record.width,
            height: record.height)
        if !reference.isSound || !Self.types.contains(reference.mediaType) {
            // Without a file it shows as gone, and names none.
            reference.sha256 = String(repeating: "0", count: 64)
            missing += 1
        } else if let data = bytes.removeValue(forKey: record.sha256),
            let known = try? media.store(Array(data), as: reference)
        {
            reference = known
        } else {
            missing += 1
        }
        stored[record.sha256] = reference
        return reference
    }

    private static let types: Set<String> = [
        "image/png", "image/jpeg", "image/webp", "image/gif", "video/x-matroska", "video/matroska", "video/webm",
        "video/mp4", "application/pdf",
    ]
}
