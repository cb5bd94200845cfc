import Conversation
import FoundationEssentials

/// Reads `conversations.json` of ChatGPT's data export, with all branches of each chat.
///
/// Pictures lie beside it or one folder below, in files that begin with the name in their `asset_pointer`. What tools and
/// the system said is left out: it is no part of what was said. Pictures that a tool drew are part of the answer.
struct ChatGPTReader {
    let media: any MediaIntake
    let files: ForeignFiles

    init(media: any MediaIntake, folder: String?) {
        self.media = media
        files = ForeignFiles(folder: folder)
    }

    /// Reads the chats; nil when the file is nothing of this kind.
    func read(_ data: Data) -> ChatImport.Result? {
        ForeignExport<Chat>(data)?.result(of: .chatGPT) { conversation($0, &$1) }
    }

    private func conversation(_ chat: Chat, _ result: inout ChatImport.Result) -> Conversation {
        let created = ForeignTime.date(chat.created) ?? Date(timeIntervalSince1970: 0)
        let id = ForeignID.conversation(chat.id, else: "\(chat.title ?? "") \(chat.created ?? 0)")
        let nodes = chat.mapping.compactMapValues { lossy in
            lossy.value.map { ForeignTree.Node(parent: $0.parent, children: $0.children) }
        }
        let tree = ForeignTree(nodes, shown: chat.current) { name in
            guard let said = chat.mapping[name]?.value?.message, !said.isHidden else { return .nothing }
            return words(said, named: ForeignID.made(of: "\(id) \(name)"), after: created, &result)
        }
        return result.conversation(id: id, title: chat.title, createdAt: created, tree)
    }

    private func words(
        _ said: Said, named id: String, after start: Date, _ result: inout ChatImport.Result
    ) -> ForeignTree.Words {
        let time = max(start, ForeignTime.date(said.created) ?? start)
        var message = Message(
            id: id, role: said.role == "user" ? .user : .assistant, parts: [], createdAt: time, outcome: said.outcome)
        switch said.role {
        case "user", "assistant":
            if message.role == .assistant, let thoughts = said.content.thoughts { return .thoughts(thoughts) }
            guard message.role == .user || said.isForReader else { return .nothing }
            message.parts = said.content.pieces.compactMap { part($0, time, &result) }
            if message.role == .user { message.parts = files(of: said, time, &result) + message.parts }
        case "tool":
            message.parts = said.content.pieces.compactMap { piece in
                if case .asset(_, isDrawn: true) = piece { part(piece, time, &result) } else { nil }
            }
        default: return .nothing
        }
        guard !message.parts.isEmpty else { return .nothing }
        if message.role == .assistant { (message.engine, message.model) = ("ChatGPT", said.model) }
        return .message(message)
    }

    private func part(_ piece: Content.Piece, _ time: Date, _ result: inout ChatImport.Result) -> Part? {
        switch piece {
        case .text(let text):
            let text = text.withoutCitations
            return text.isEmpty ? nil : .text(text)
        case .asset(let pointer, _):
            return result.picture(files.bytes(of: pointer), label: "picture", takenAt: time, media: media)
        }
    }

    /// The files that went with a question, besides its pictures.
    private func files(of said: Said, _ time: Date, _ result: inout ChatImport.Result) -> [Part] {
        said.files.compactMap { file in
            guard let name = file.name?.firstLine, !file.isPicture else { return nil }
            guard let text = file.id.flatMap({ files.text(of: $0) }) else {
                result.missingMedia += 1
                return .text("[file: \(name)]\n\n")
            }
            return .attachment(Attachment(label: name, takenAt: time, content: .text(text)))
        }
    }
}

extension String {
    /// The text without the marks of sources, which mean nothing outside of where they come from.
    fileprivate var withoutCitations: String {
        guard contains("\u{E200}") else { return self }
        var text = ""
        var rest = self[...]
        while let start = rest.firstIndex(of: "\u{E200}") {
            text += rest[..<start]
            guard let end = rest[start...].firstIndex(of: "\u{E201}") else { return text }
            rest = rest[rest.index(after: end)...]
        }
        return text + rest
    }
}

// MARK: - The format

extension ChatGPTReader {
    struct Chat: Decodable {
        var id: String?
        var title: String?
        var created: Double?
        var current: String?
        var mapping: [String: Lossy<Node>]

        private enum CodingKeys: String, CodingKey {
            case id
            case conversation_id
            case title
            case create_time
            case current_node
            case mapping
        }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            id = values.lossy(String.self, .conversation_id) ?? values.lossy(String.self, .id)
            title = values.lossy(String.self, .title)
            created = values.lossy(Double.self, .create_time)
            current = values.lossy(String.self, .current_node)
            mapping = try values.decode([String: Lossy<Node>].self, forKey: .mapping)
        }
    }

    struct Node: Decodable {
        var parent: String?
        var children: [String]
        var message: Said?

        private enum CodingKeys: String, CodingKey {
            case parent
            case children
            case message
        }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            parent = values.lossy(String.self, .parent)
            children = values.lossy([String].self, .children) ?? []
            message = values.lossy(Said.self, .message)
        }
    }

    struct Said: Decodable {
        struct Author: Decodable {
            var role: String
        }
        struct File: Decodable {
            var id: String?
            var name: String?
            var mimeType: String?
            var mime_type: String?

            var isPicture: Bool { (mimeType ?? mime_type ?? "").hasPrefix("image/") }
        }
        struct Ending: Decodable {
            var type: String?
        }
        private struct Metadata: Decodable {
            var model: String?
            var isHidden: Bool?
            var ending: String?
            var files: [File]

            private enum CodingKeys: String, CodingKey {
                case model_slug
                case is_visually_hidden_from_conversation
                case finish_details
                case attachments
            }

            init(from decoder: any Decoder) throws {
                let values = try decoder.container(keyedBy: CodingKeys.self)
                model = values.lossy(String.self, .model_slug)
                isHidden = values.lossy(Bool.self, .is_visually_hidden_from_conversation)
                ending = values.lossy(Ending.self, .finish_details)?.type
                files = (values.lossy([Lossy<File>].self, .attachments) ?? []).compactMap(\.value)
            }
        }

        var role: String
        var created: Double?
        var content: Content
        var model: String?
        var isHidden: Bool
        /// Whether it is said to the person and not to a tool.
        var isForReader: Bool
        var outcome: Message.Outcome
        var files: [File]

        private enum CodingKeys: String, CodingKey {
            case author
            case create_time
            case content
            case metadata
            case recipient
            case status
        }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            role = try values.decode(Author.self, forKey: .author).role
            created = values.lossy(Double.self, .create_time)
            content = try values.decode(Content.self, forKey: .content)
            let metadata = values.lossy(Metadata.self, .metadata)
            model = metadata?.model
            isHidden = metadata?.isHidden ?? false
            files = metadata?.files ?? []
            isForReader = (values.lossy(String.self, .recipient) ?? "all") == "all"
            switch (values.lossy(String.self, .status), metadata?.ending) {
            case (_, "max_tokens"): outcome = .cutByLength
            case ("in_progress", _), ("finished_partial_completion", _), (_, "interrupted"): outcome = .stopped
            default: outcome = .complete
            }
        }
    }

    struct Content: Decodable {
        enum Piece {
            case text(String)
            /// A picture; whether a tool drew it.
            case asset(String, isDrawn: Bool)
        }
        struct Thought: Decodable {
            var content: String?
        }
        private struct Part: Decodable {
            struct Origin: Decodable {
                var isDrawn: Bool

                private enum CodingKeys: String, CodingKey {
                    case dalle
                    case generation
                }

                init(from decoder: any Decoder) throws {
                    let values = try decoder.container(keyedBy: CodingKeys.self)
                    isDrawn = [CodingKeys.dalle, .generation].contains { key in
                        values.contains(key) && (try? values.decodeNil(forKey: key)) == false
                    }
                }
            }

            var piece: Piece?

            private enum CodingKeys: String, CodingKey {
                case content_type
                case asset_pointer
                case metadata
                case text
            }

            init(from decoder: any Decoder) throws {
                if let text = try? decoder.singleValueContainer().decode(String.self) {
                    piece = .text(text)
                } else if let values = try? decoder.container(keyedBy: CodingKeys.self) {
                    let type = values.lossy(String.self, .content_type) ?? "image"
                    if let pointer = values.lossy(String.self, .asset_pointer) {
                        let isDrawn = values.lossy(Origin.self, .metadata)?.isDrawn ?? false
                        // What was spoken is there as text, too.
                        piece = type.hasPrefix("image") ? .asset(pointer, isDrawn: isDrawn) : nil
                    } else {
                        piece = values.lossy(String.self, .text).map(Piece.text)
                    }
                }
            }
        }

        var pieces: [Piece]
        var thoughts: String?

        private enum CodingKeys: String, CodingKey {
            case content_type
            case parts
            case text
            case language
            case thoughts
        }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            let type = values.lossy(String.self, .content_type) ?? "text"
            pieces = (values.lossy([Part].self, .parts) ?? []).compactMap(\.piece)
            if pieces.isEmpty, let text = values.lossy(String.self, .text) {
                if type == "text" { pieces = [.text(text)] }
                let language = values.lossy(String.self, .language) ?? ""
                let word = language.allSatisfy { $0.isLetter && $0.isASCII } && language != "unknown" ? language : ""
                if type == "code", !text.isEmpty { pieces = [.text("```\(word)\n\(text)\n```")] }
            }
            let list = values.lossy([Lossy<Thought>].self, .thoughts) ?? []
            let words = list.compactMap { $0.value?.content }.filter { !$0.isEmpty }
            thoughts = type == "thoughts" ? words.joined(separator: "\n\n") : nil
        }
    }
}
