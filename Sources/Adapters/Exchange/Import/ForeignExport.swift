import Conversation
import FoundationEssentials

/// What the exports of other programs have in common: a list of chats, or one chat alone, and pictures that may be missing.
struct ForeignExport<Chat: Decodable> {
    private let chats: [Lossy<Chat>]

    /// Reads the chats; nil when none of the file is of this kind.
    init?(_ data: Data) {
        let decoder = JSONDecoder()
        if let list = try? decoder.decode([Lossy<Chat>].self, from: data) {
            chats = list
        } else if let one = try? decoder.decode(Chat.self, from: data) {
            chats = [Lossy(one)]
        } else {
            return nil
        }
        guard chats.contains(where: { $0.value != nil }) else { return nil }
    }

    /// Makes a conversation of each chat, and counts those that were not understood.
    func result(
        of origin: ChatImport.Origin, _ conversation: (Chat, inout ChatImport.Result) -> Conversation
    ) -> ChatImport.Result {
        var result = ChatImport.Result(origin: origin)
        for chat in chats {
            if let chat = chat.value {
                result.conversations.append(conversation(chat, &result))
            } else {
                result.skipped += 1
            }
        }
        return result
    }
}

extension ChatImport.Result {
    /// The chat that a tree of messages is; its branches are noted.
    mutating func conversation(
        id: Conversation.ID, title: String?, createdAt: Date, _ tree: ForeignTree
    ) -> Conversation {
        var chat = Conversation(id: id, title: title?.firstLine ?? "", createdAt: createdAt)
        chat.messages = tree.messages.filter(\.isShown).map(\.message)
        if chat.title.isEmpty { chat.title = chat.suggestedTitle }
        if tree.messages.contains(where: { !$0.isShown }) { branches[id] = tree.messages }
        return chat
    }

    /// The part that shows a picture, or says that it is missing.
    mutating func picture(_ bytes: Data?, label: String, takenAt: Date, media: any MediaIntake) -> Part {
        guard let bytes, let reference = try? media.store(picture: Array(bytes)) else {
            missingMedia += 1
            return .text("[a picture that is not in the export]")
        }
        return .attachment(Attachment(label: label, takenAt: takenAt, content: .picture(reference)))
    }
}
