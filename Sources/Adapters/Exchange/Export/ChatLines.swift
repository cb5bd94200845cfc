public import Conversation
import FoundationEssentials

/// Writes everything that there is of a chat, JSON a line, with the bytes of its pictures and recordings.
///
/// It is the one export that comes back unchanged: `ChatImport` makes the same conversation of it.
public struct ChatLines {
    private let media: any MediaLibrary
    private let encoder: JSONEncoder

    /// - Parameter media: Has the bytes of pictures and recordings.
    public init(media: any MediaLibrary) {
        self.media = media
        encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    }

    /// Writes a chat.
    ///
    /// - Parameter branches: All its messages with what they follow, parents first, where there are more than are shown.
    /// - Returns: How many pictures and recordings are gone; their references are written all the same.
    public func write(
        _ conversation: Conversation, branches: [BranchedMessage] = [], to sink: inout some ByteSink
    ) throws(ExchangeFailure) -> Int {
        let chat = ChatRecord.Chat(
            id: conversation.id, title: conversation.title, created_at: conversation.createdAt.timeIntervalSince1970)
        try line(chat, to: &sink)
        var written: Set<String> = []
        var missing = 0
        let plain = conversation.messages.map { BranchedMessage(message: $0, parent: nil, isShown: true) }
        let hasBranches = branches.contains { !$0.isShown }
        for node in hasBranches ? branches : plain {
            let message = node.message
            for reference in message.attachments.flatMap(\.media) where written.insert(reference.sha256).inserted {
                guard let bytes = try? media.bytes(of: reference) else {
                    missing += 1
                    continue
                }
                let data = Data(bytes).base64EncodedString()
                try line(ChatRecord.Medium(sha256: reference.sha256, data: data), to: &sink)
            }
            var record = ChatRecord.Message(message, of: conversation.id)
            if hasBranches {
                record.parent = node.parent
                record.shown = node.isShown
            }
            try line(record, to: &sink)
        }
        return missing
    }

    private func line(_ value: some Encodable, to sink: inout some ByteSink) throws(ExchangeFailure) {
        do {
            try sink.write(Array(try encoder.encode(value)) + [UInt8(ascii: "\n")])
        } catch let failure as ExchangeFailure {
            throw failure
        } catch {
            // Numbers that JSON has no word for are all that an encoder refuses.
            throw ExchangeFailure(.notUnderstood, "A message has a number that cannot be written: \(error).")
        }
    }
}
