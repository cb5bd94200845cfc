import Conversation
import FoundationEssentials

/// Reads Open WebUI's export of chats, of one or of all, with all branches of each.
struct OpenWebUIReader {
    let media: any MediaIntake

    /// Reads the chats; nil when the file is nothing of this kind.
    func read(_ data: Data) -> ChatImport.Result? {
        ForeignExport<Entry>(data)?.result(of: .openWebUI) { conversation($0, &$1) }
    }

    private func conversation(_ entry: Entry, _ result: inout ChatImport.Result) -> Conversation {
        let created = ForeignTime.date(entry.created ?? entry.chat.timestamp) ?? Date(timeIntervalSince1970: 0)
        let title = entry.title ?? entry.chat.title
        // An export of one chat has an empty id inside.
        let own = [entry.id, entry.chat.id].compactMap { $0 }.first { !$0.isEmpty }
        let id = ForeignID.conversation(own, else: "\(title?.firstLine ?? "") \(created.timeIntervalSince1970)")
        let (messages, leaf) = Self.messages(entry.chat)
        let nodes = messages.mapValues { ForeignTree.Node(parent: $0.parentId, children: $0.childrenIds) }
        let tree = ForeignTree(nodes, shown: leaf) { name in
            guard let said = messages[name] else { return .nothing }
            let message = message(said, named: ForeignID.made(of: "\(id) \(name)"), after: created, &result)
            return message.map(ForeignTree.Words.message) ?? .nothing
        }
        return result.conversation(id: id, title: title, createdAt: created, tree)
    }

    private func message(
        _ said: Said, named id: String, after start: Date, _ result: inout ChatImport.Result
    ) -> Message? {
        guard let role = Message.Role(rawValue: said.role ?? "") else { return nil }
        let time = max(start, ForeignTime.date(said.timestamp) ?? start)
        var parts = said.files.compactMap { part($0, time, &result) }
        let (thoughts, words) = role == .assistant ? Self.split(said.content ?? "") : (nil, said.content ?? "")
        if let thoughts { parts.insert(.reasoning(thoughts), at: 0) }
        if !words.isEmpty { parts.append(.text(words)) }
        guard !parts.isEmpty || said.error != nil else { return nil }
        var message = Message(id: id, role: role, parts: parts, createdAt: time)
        if role == .assistant {
            message.engine = "Open WebUI"
            message.model = said.model
            message.usage = said.usage?.usage
            message.mark = said.rating.flatMap { $0 > 0 ? Mark(.good) : $0 < 0 ? Mark(.bad) : nil }
            if let error = said.error { message.outcome = .failed(error.firstLine) }
            if said.isDone == false { message.outcome = .interrupted }
        }
        return message
    }

    /// The messages by their names, and the last of the branch that was open.
    private static func messages(_ chat: Chat) -> ([String: Said], String?) {
        if let history = chat.history, !history.messages.isEmpty {
            let messages = history.messages.compactMapValues(\.value)
            let latest = messages.max { ($0.value.timestamp ?? 0, $0.key) < ($1.value.timestamp ?? 0, $1.key) }
            return (messages, history.currentId ?? latest?.key)
        }
        // Older versions had a plain list.
        var messages: [String: Said] = [:]
        var last: String?
        for (place, said) in chat.messages.compactMap(\.value).enumerated() {
            var said = said
            (said.parentId, said.childrenIds) = (last, [])
            last = "\(place)"
            messages["\(place)"] = said
        }
        return (messages, last)
    }

    private func part(_ file: Lossy<File>, _ time: Date, _ result: inout ChatImport.Result) -> Part? {
        guard let file = file.value else { return nil }
        let name = file.name?.firstLine
        if file.type == "image" {
            return result.picture(
                Self.bytes(file.url ?? ""), label: name ?? "picture", takenAt: time, media: media)
        }
        guard file.type == "file" || file.type == "doc" || file.text != nil else { return nil }
        if let text = file.text, !text.isEmpty {
            return .attachment(Attachment(label: name ?? "file", takenAt: time, content: .text(text)))
        }
        result.missingMedia += 1
        return .text("[file: \(name ?? "without a name")]\n\n")
    }

    private static func bytes(_ url: String) -> Data? {
        guard url.hasPrefix("data:image/"), let comma = url.firstIndex(of: ","), url[..<comma].hasSuffix(";base64")
        else { return nil }
        return Data(base64Encoded: String(url[url.index(after: comma)...]))
    }

    /// Thoughts stand in `<details type="reasoning">` before the answer or in the middle of it, quoted and escaped; calls of
    /// tools in elements of the same kind, which are left out.
    static func split(_ content: String) -> (Reasoning?, String) {
        var (words, rest) = ("", content[...])
        var thoughts: [String] = []
        var seconds: Double?
        while let start = rest.firstRange(of: "<details type=\"") {
            let kind = rest[start.upperBound...].prefix { $0 != "\"" }
            guard kind == "reasoning" || kind == "tool_calls", let open = rest[start.upperBound...].firstIndex(of: ">"),
                let end = rest[open...].firstRange(of: "</details>")
            else {
                words += rest[..<start.upperBound]
                rest = rest[start.upperBound...]
                continue
            }
            words += rest[..<start.lowerBound]
            if kind == "reasoning" {
                thoughts.append(self.thoughts(in: rest[rest.index(after: open)..<end.lowerBound]))
                let duration = rest[start.upperBound..<open].firstRange(of: "duration=\"").flatMap { range in
                    Double(rest[range.upperBound...].prefix { $0 != "\"" })
                }
                seconds = duration.map { (seconds ?? 0) + $0 } ?? seconds
            }
            rest = rest[end.upperBound...]
            // What parted the element from the words.
            rest = rest.drop(while: \.isNewline)
        }
        words += rest
        guard !thoughts.isEmpty else { return (nil, words) }
        return (Reasoning(text: thoughts.joined(separator: "\n\n"), seconds: seconds), words.trimmed)
    }

    private static func thoughts(in element: Substring) -> String {
        var body = element
        if let summary = body.firstRange(of: "</summary>") { body = body[summary.upperBound...] }
        let lines = body.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.hasPrefix("> ") ? line.dropFirst(2) : line.hasPrefix(">") ? line.dropFirst() : line
        }
        var thoughts = lines.joined(separator: "\n").trimmed
        for (entity, sign) in [("&gt;", ">"), ("&lt;", "<"), ("&quot;", "\""), ("&#x27;", "'"), ("&amp;", "&")] {
            thoughts = thoughts.replacing(entity, with: sign)
        }
        return thoughts
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
        struct Annotation: Decodable {
            var rating: Double?
        }
        struct Tokens: Decodable {
            var prompt_tokens: Int?
            var completion_tokens: Int?

            var usage: Usage? {
                guard let prompt_tokens, let completion_tokens else { return nil }
                return Usage(promptTokens: prompt_tokens, completionTokens: completion_tokens)
            }
        }

        var role: String?
        var content: String?
        var timestamp: Double?
        var parentId: String?
        var childrenIds: [String]
        var model: String?
        var usage: Tokens?
        /// What the person thought of it: 1 or -1.
        var rating: Double?
        var files: [Lossy<File>]
        var error: String?
        var isDone: Bool?

        private enum CodingKeys: String, CodingKey {
            case role
            case content
            case timestamp
            case parentId
            case childrenIds
            case usage
            case annotation
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
            childrenIds = values.lossy([String].self, .childrenIds) ?? []
            usage = values.lossy(Tokens.self, .usage)
            rating = values.lossy(Annotation.self, .annotation)?.rating
            model = values.lossy(String.self, .model) ?? values.lossy(String.self, .modelName)
            files = values.lossy([Lossy<File>].self, .files) ?? []
            error = values.lossy(Failure.self, .error)?.content
            isDone = values.lossy(Bool.self, .done)
        }
    }

    struct File: Decodable {
        struct Stored: Decodable {
            struct Words: Decodable {
                var content: String?
            }
            var data: Words?
            var filename: String?
        }

        var type: String?
        var url: String?
        var name: String?
        /// What was read out of a document.
        var text: String?

        private enum CodingKeys: String, CodingKey {
            case type
            case url
            case name
            case file
        }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            let stored = values.lossy(Stored.self, .file)
            type = values.lossy(String.self, .type)
            url = values.lossy(String.self, .url)
            name = values.lossy(String.self, .name) ?? stored?.filename
            text = stored?.data?.content
        }
    }
}
