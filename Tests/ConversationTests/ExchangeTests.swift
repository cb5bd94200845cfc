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
}
