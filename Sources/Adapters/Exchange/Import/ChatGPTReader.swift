import Conversation
import FoundationEssentials

/// Reads `conversations.json` of ChatGPT's data export.
///
/// Pictures that a person uploaded lie beside it, in files that begin with the name in their `asset_pointer`. Tool calls and
/// system messages are left out: they are no part of what was said.
struct ChatGPTReader {
    let media: any MediaIntake
    let folder: String?

    /// Reads the chats; nil when the file is nothing of this kind.
    func read(_ data: Data) -> ChatImport.Result? {
        guard let export = ForeignExport<Chat>(data) else { return nil }
        let names = folder.flatMap { try? FileManager.default.contentsOfDirectory(atPath: $0) } ?? []
        return export.result(of: .chatGPT) { conversation($0, files: names, &$1) }
    }

    private func conversation(_ chat: Chat, files: [String], _ result: inout ChatImport.Result) -> Conversation {
        let created = ForeignTime.date(chat.created) ?? Date(timeIntervalSince1970: 0)
        var conversation = Conversation(
            id: ForeignID.conversation(chat.id, else: "\(chat.title ?? "") \(chat.created ?? 0)"),
            title: chat.title?.firstLine ?? "", createdAt: created)
        let leaf = chat.current ?? chat.mapping.first { ($0.value.value?.children ?? []).isEmpty }?.key
        let parents = chat.mapping.compactMapValues { $0.value.map(\.parent) }
        var thoughts = ""
        var time = created
        for id in MessageTree.branch(to: leaf, parents: parents) {
            guard let said = chat.mapping[id]?.value?.message, let role = Message.Role(rawValue: said.role) else {
                continue
            }
            time = max(time, ForeignTime.date(said.created) ?? time)
            if role == .assistant, let thought = said.content.thoughts {
                thoughts += (thoughts.isEmpty ? "" : "\n\n") + thought
                continue
            }
            var parts: [Part] = []
            for piece in said.content.pieces { part(piece, files, time, &result).map { parts.append($0) } }
            guard !said.isHidden, !parts.isEmpty, role == .user || said.isForReader else { continue }
            if role == .assistant, !thoughts.isEmpty {
                parts.insert(.reasoning(Reasoning(text: thoughts)), at: 0)
                thoughts = ""
            }
            if role == .assistant, let last = conversation.messages.indices.last,
                conversation.messages[last].role == .assistant
            {
                // One answer comes in pieces when tools were called in between.
                conversation.messages[last].join(parts)
                continue
            }
            conversation.messages.append(
                Message(
                    role: role, parts: parts, createdAt: time, outcome: said.isWhole ? .complete : .stopped,
                    engine: role == .assistant ? "ChatGPT" : nil, model: role == .assistant ? said.model : nil))
        }
        if conversation.title.isEmpty { conversation.title = conversation.suggestedTitle }
        return conversation
    }

    private func part(
        _ piece: Content.Piece, _ files: [String], _ time: Date, _ result: inout ChatImport.Result
    ) -> Part? {
        switch piece {
        case .text(let text): return text.isEmpty ? nil : .text(text)
        case .asset(let pointer):
            return result.picture(bytes(pointer, files), label: "picture", takenAt: time, media: media)
        }
    }

    private func bytes(_ pointer: String, _ files: [String]) -> Data? {
        let name = String(pointer.split(separator: "/").last ?? "")
        // Ids are letters, digits and hyphens; anything else is nobody's file name.
        guard let folder, name.count >= 8, name.allSatisfy({ $0.isLetter || $0.isNumber || "-_".contains($0) }),
            let file = files.first(where: { $0.hasPrefix(name) })
        else { return nil }
        return try? Data(contentsOf: URL(filePath: folder + "/" + file))
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
        struct Metadata: Decodable {
            var model_slug: String?
            var is_visually_hidden_from_conversation: Bool?
        }

        var role: String
        var created: Double?
        var content: Content
        var model: String?
        var isHidden: Bool
        /// Whether it is said to the person and not to a tool.
        var isForReader: Bool
        var isWhole: Bool

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
            model = metadata?.model_slug
            isHidden = metadata?.is_visually_hidden_from_conversation ?? false
            isForReader = (values.lossy(String.self, .recipient) ?? "all") == "all"
            isWhole = (values.lossy(String.self, .status) ?? "") != "in_progress"
        }
    }

    struct Content: Decodable {
        enum Piece {
            case text(String)
            case asset(String)
        }
        struct Thought: Decodable {
            var content: String?
        }
        private struct Part: Decodable {
            var piece: Piece?

            private enum CodingKeys: String, CodingKey {
                case asset_pointer
                case text
            }

            init(from decoder: any Decoder) throws {
                if let text = try? decoder.singleValueContainer().decode(String.self) {
                    piece = .text(text)
                } else if let values = try? decoder.container(keyedBy: CodingKeys.self) {
                    piece =
                        values.lossy(String.self, .asset_pointer).map(Piece.asset)
                        ?? values.lossy(String.self, .text).map(Piece.text)
                }
            }
        }

        var pieces: [Piece]
        var thoughts: String?

        private enum CodingKeys: String, CodingKey {
            case content_type
            case parts
            case text
            case thoughts
        }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            let type = values.lossy(String.self, .content_type) ?? "text"
            pieces = (values.lossy([Part].self, .parts) ?? []).compactMap(\.piece)
            if pieces.isEmpty, type == "text", let text = values.lossy(String.self, .text) { pieces = [.text(text)] }
            let list = values.lossy([Lossy<Thought>].self, .thoughts) ?? []
            let words = list.compactMap { $0.value?.content }.filter { !$0.isEmpty }
            thoughts = type == "thoughts" ? words.joined(separator: "\n\n") : nil
        }
    }
}
