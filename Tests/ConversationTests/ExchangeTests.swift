import Conversation
import FoundationEssentials
import Testing

@Suite("What an engine is told of a conversation")
struct ExchangeTests {
    @Test("questions without an answer are left out, so that the roles take turns")
    func turns() {
        func message(_ role: Message.Role, _ text: String, _ outcome: Message.Outcome = .complete) -> Message {
            Message(role: role, parts: text.isEmpty ? [] : [.text(text)], createdAt: .distantPast, outcome: outcome)
        }
        let last = message(.user, "now")
        let conversation = Conversation(
            createdAt: .distantPast,
            messages: [
                message(.user, "one"), message(.assistant, "1"),
                message(.user, "two"), message(.assistant, "", .failed("The engine broke.")),
                message(.user, "three", .interrupted), message(.user, "four", .queued),
                last, message(.assistant, "", .streaming),
            ])
        #expect(conversation.exchange(upTo: last.id).map(\.text) == ["one", "1", "now"])
    }

    @Test("pictures of an answer, which come from elsewhere, stay here")
    func drawn() {
        let picture = Attachment(
            label: "disc", takenAt: .distantPast,
            content: .picture(
                MediaReference(sha256: "a", mediaType: "image/png", byteCount: 1, width: 1, height: 1)))
        let question = Message(role: .user, parts: [.attachment(picture), .text("like this")], createdAt: .distantPast)
        let answer = Message(role: .assistant, parts: [.text("Drawn."), .attachment(picture)], createdAt: .distantPast)
        let last = Message(role: .user, parts: [.text("again")], createdAt: .distantPast)
        let conversation = Conversation(createdAt: .distantPast, messages: [question, answer, last])
        let exchange = conversation.exchange(upTo: last.id)
        #expect(exchange.map(\.attachments.count) == [1, 0, 0])
        #expect(exchange.map(\.text) == ["like this", "Drawn.", "again"])
    }
}
