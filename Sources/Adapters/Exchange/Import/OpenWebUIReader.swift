import Conversation
import FoundationEssentials

/// Reads Open WebUI's export of chats, of one or of all.
struct OpenWebUIReader {
    let media: any MediaIntake

    /// Reads the chats; nil when the file is nothing of this kind.
    func read(_ data: Data) -> ChatImport.Result? {
        ForeignExport<Entry>(data)?.result(of: .openWebUI) { conversation($0, &$1) }
    }

    private func conversation(_ entry: Entry, _ result: inout ChatImport.Result) -> Conversation {
        let created = ForeignTime.date(entry.created ?? entry.chat.timestamp) ?? Date(timeIntervalSince1970: 0)
        let title = (entry.title ?? entry.chat.title)?.firstLine ?? ""
        var conversation = Conversation(
            id: ForeignID.conversation(entry.id ?? entry.chat.id, else: "\(title) \(created.timeIntervalSince1970)"),
            title: title, createdAt: created)
        var time = created
        for said in messages(entry.chat) {
            guard let role = Message.Role(rawValue: said.role ?? "") else { continue }
            time = max(time, ForeignTime.date(said.timestamp) ?? time)
            var parts: [Part] = []
            for file in said.files { part(file, time, &result).map { parts.append($0) } }
            let (thoughts, words) = role == .assistant ? Self.split(said.content ?? "") : (nil, said.content ?? "")
            if let thoughts { parts.insert(.reasoning(thoughts), at: 0) }
            if !words.isEmpty { parts.append(.text(words)) }
            guard !parts.isEmpty || said.error != nil else { continue }
            var message = Message(role: role, parts: parts, createdAt: time)
            if role == .assistant {
                message.engine = "Open WebUI"
                message.model = said.model
                if let error = said.error { message.outcome = .failed(error.firstLine) }
                if said.isDone == false { message.outcome = .interrupted }
            }
            conversation.messages.append(message)
        }
        if conversation.title.isEmpty { conversation.title = conversation.suggestedTitle }
        return conversation
    }

    /// The branch that was open, or the plain list of older versions.
    private func messages(_ chat: Chat) -> [Said] {
        guard let history = chat.history, !history.messages.isEmpty else {
            return chat.messages.compactMap(\.value)
        }
        let messages = history.messages.compactMapValues(\.value)
        let leaf = history.currentId ?? messages.max { ($0.value.timestamp ?? 0) < ($1.value.timestamp ?? 0) }?.key
        return MessageTree.branch(to: leaf, parents: messages.mapValues(\.parentId)).compactMap { messages[$0] }
    }

    private func part(_ file: Lossy<File>, _ time: Date, _ result: inout ChatImport.Result) -> Part? {
        guard let file = file.value, file.type == "image" else { return nil }
        return result.picture(
            Self.bytes(file.url ?? ""), label: file.name?.firstLine ?? "picture", takenAt: time, media: media)
    }

    private static func bytes(_ url: String) -> Data? {
        guard url.hasPrefix("data:image/"), let comma = url.firstIndex(of: ","), url[..<comma].hasSuffix(";base64")
        else { return nil }
        return Data(base64Encoded: String(url[url.index(after: comma)...]))
    }

    /// Thoughts stand at the beginning of an answer, in `<details type="reasoning">`, quoted and escaped.
    static func split(_ content: String) -> (Reasoning?, String) {
        guard content.hasPrefix("<details type=\"reasoning\""), let open = content.firstIndex(of: ">"),
            let end = content.firstRange(of: "</details>")
        else { return (nil, content) }
        let tag = content[..<open]
        var body = content[content.index(after: open)..<end.lowerBound]
        if let summary = body.firstRange(of: "</summary>") { body = body[summary.upperBound...] }
        let lines = body.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.hasPrefix("> ") ? line.dropFirst(2) : line.hasPrefix(">") ? line.dropFirst() : line
        }
        var thoughts = lines.joined(separator: "\n").trimmed
        for (entity, sign) in [("&gt;", ">"), ("&lt;", "<"), ("&quot;", "\""), ("&#x27;", "'"), ("&amp;", "&")] {
            thoughts = thoughts.replacing(entity, with: sign)
        }
        let seconds = tag.firstRange(of: "duration=\"").flatMap { range in
            Double(tag[range.upperBound...].prefix { $0 != "\"" })
        }
        return (Reasoning(text: thoughts, seconds: seconds), String(content[end.upperBound...]).trimmed)
    }
}

// MARK: - The format

extension OpenWebUIReader {
    struct Entry: Decodable {
        var id: String?
        var title: String?
        var created: Double?
        var chat: Chat

        private enum CodingKeys: String, CodingKey {
            case id
            case title
            case created_at
            case chat
        }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            id = values.lossy(String.self, .id)
            title = values.lossy(String.self, .title)
            created = values.lossy(Double.self, .created_at)
            chat = try values.decode(Chat.self, forKey: .chat)
        }
    }

    struct Chat: Decodable {
        struct History: Decodable {
            var messages: [String: Lossy<Said>]
            var currentId: String?
        }

        var id: String?
        var title: String?
        var timestamp: Double?
        var history: History?
        var messages: [Lossy<Said>]

        private enum CodingKeys: String, CodingKey {
            case id
            case title
            case timestamp
            case history
            case messages
        }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            id = values.lossy(String.self, .id)
            title = values.lossy(String.self, .title)
            timestamp = values.lossy(Double.self, .timestamp)
            history = values.lossy(History.self, .history)
            messages = values.lossy([Lossy<Said>].self, .messages) ?? []
            guard history != nil || !messages.isEmpty else {
                throw DecodingError.dataCorruptedError(forKey: .messages, in: values, debugDescription: "no messages")
            }
        }
    }

    struct Said: Decodable {
        struct Failure: Decodable {
            var content: String?
        }

        var role: String?
        var content: String?
        var timestamp: Double?
        var parentId: String?
        var model: String?
        var files: [Lossy<File>]
        var error: String?
        var isDone: Bool?

        private enum CodingKeys: String, CodingKey {
            case role
            case content
            case timestamp
            case parentId
            case model
            case modelName
            case files
            case error
            case done
        }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            role = values.lossy(String.self, .role)
            content = values.lossy(String.self, .content)
            timestamp = values.lossy(Double.self, .timestamp)
            parentId = values.lossy(String.self, .parentId)
            model = values.lossy(String.self, .model) ?? values.lossy(String.self, .modelName)
            files = values.lossy([Lossy<File>].self, .files) ?? []
            error = values.lossy(Failure.self, .error)?.content
            isDone = values.lossy(Bool.self, .done)
        }
    }

    struct File: Decodable {
        var type: String?
        var url: String?
        var name: String?
    }
}
