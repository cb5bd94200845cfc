import Conversation
import FoundationEssentials
import Testing

@Suite("Message")
struct MessageTests {
    private func streamed(_ deltas: [(ReplyDelta, Double)]) -> Message {
        var message = Message(role: .assistant, parts: [], createdAt: .distantPast, outcome: .streaming)
        for (delta, elapsed) in deltas { message.append(delta, elapsed: elapsed) }
        return message
    }

    @Test("deltas add up to reasoning, answer, usage and timing")
    func addsUp() {
        let message = streamed([
            (.prefill(done: 1, total: 2), 0.5), (.reasoning("a"), 1), (.reasoning("b"), 2), (.answer("c"), 3),
            (.answer("d"), 4), (.usage(Usage(promptTokens: 1, completionTokens: 2)), 5), (.finished(.length), 6),
        ])

        #expect(message.reasoning == Reasoning(text: "ab", seconds: 2))
        #expect(message.text == "cd")
        #expect(message.outcome == .cutByLength)
        #expect(message.timing == Timing(firstToken: 1, total: 6))
        #expect(message.usage?.completionTokens == 2)
    }

    @Test("reasoning that comes again after the answer joins the first, and the answer goes on")
    func interleaved() {
        let message = streamed([(.reasoning("a"), 1), (.answer("x"), 2), (.reasoning("b"), 3), (.answer("y"), 4)])

        #expect(message.reasoning?.text == "ab")
        #expect(message.text == "xy")
        #expect(message.parts.count == 2)
    }

    @Test("a cut in the thoughts ends the thinking")
    func cutInReasoning() {
        let message = streamed([(.reasoning("a"), 1), (.finished(.length), 4)])

        #expect(message.reasoning?.seconds == 3)
        #expect(message.text.isEmpty)
    }

    @Test("a message survives JSON")
    func codable() throws {
        let media = MediaReference(sha256: "ab", mediaType: "image/png", byteCount: 3, width: 4, height: 5)
        let recording = Recording(
            frames: [TimedPicture(time: 1.5, why: "first", picture: media)], video: media, seconds: 2)
        let message = Message(
            role: .user,
            parts: [
                .attachment(Attachment(label: "r", takenAt: .distantPast, content: .recording(recording))), .text("hm"),
            ], createdAt: .distantPast, outcome: .failed("why"))

        let back = try JSONDecoder().decode(Message.self, from: JSONEncoder().encode(message))
        #expect(back == message)
        #expect(back.attachments[0].pictures == [media])
    }

    @Test(
        "an engine is local by its address, not by its name",
        arguments: [
            ("http://127.0.0.1:8000/v1", true), ("http://localhost:1/v1", true), ("http://[::1]:8000/v1", true),
            ("https://api.z.ai/api/paas/v4", false), ("http://127.0.0.1.example.org/v1", false),
            ("http://localhost.example.org/v1", false), ("http://192.168.1.2:8000/v1", false),
        ])
    func locality(url: String, isLocal: Bool) {
        #expect(EngineProfile(name: "x", kind: .openai, url: url).isLocal == isLocal)
    }

    @Test("a title is of the first line of the first question, shortened")
    func title() {
        var conversation = Conversation(createdAt: .distantPast)
        #expect(conversation.suggestedTitle.isEmpty)
        let text = "  " + String(repeating: "wide ", count: 30) + "\nsecond line"
        conversation.messages = [Message(role: .user, parts: [.text(text)], createdAt: .distantPast)]
        #expect(conversation.suggestedTitle.count <= 60)
        #expect(conversation.suggestedTitle.hasPrefix("wide wide"))
    }
}
