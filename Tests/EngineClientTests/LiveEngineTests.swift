import Conversation
import Testing

@testable import EngineClient

#if canImport(FoundationEssentials)
    import FoundationEssentials
#endif

private let liveURL = ProcessInfo.processInfo.environment["SCRY_TEST_ENGINE"]

/// Asks a real engine that serves the tiny GLM-4.1V of the fixtures: `SCRY_TEST_ENGINE=http://127.0.0.1:18080 swift test`.
@Suite(.enabled(if: liveURL != nil, "SCRY_TEST_ENGINE names a real engine"))
struct LiveEngineTests {
    private func picture(_ name: String, _ type: String) throws -> (MediaReference, [UInt8]) {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let bytes = Array(try Data(contentsOf: folder.appending(path: "Recordings/media/\(name)")))
        return (MediaReference(sha256: name, mediaType: type, byteCount: bytes.count, width: 160, height: 160), bytes)
    }

    private func ask(_ words: String, _ picture: (MediaReference, [UInt8])?, thinking: Bool) async throws -> Said {
        let transport = CurlTransport()
        let profile = try await EngineProbe(transport: transport).identify(
            url: try #require(liveURL), patience: .seconds(60))
        var library = MemoryLibrary()
        var attachments: [ChatAttachment] = []
        if let (reference, bytes) = picture {
            library.contents[reference.sha256] = bytes
            attachments = [
                ChatAttachment(label: "picture", takenAt: Date(timeIntervalSince1970: 0), content: .picture(reference))
            ]
        }
        var message = Message.user(words)
        message.parts = attachments.map { .attachment($0) } + message.parts
        let client = EngineClient(profile: profile, media: library, transport: transport)
        var said = Said()
        let request = ChatRequest(
            model: profile.models.first?.id, messages: [message], thinking: thinking, maxTokens: 400, temperature: 0)
        for try await delta in client.reply(to: request) { said.add(delta) }
        return said
    }

    @Test("names the colour of what it sees, after thinking")
    func sees() async throws {
        let circle = try await ask("Describe this image.", picture("red-circle.png", "image/png"), thinking: true)
        let square = try await ask("Describe this image.", picture("blue-square.jpg", "image/jpeg"), thinking: true)

        #expect(circle.answer.contains("red") && !circle.answer.contains("blue"))
        #expect(square.answer.contains("blue") && !square.answer.contains("red"))
        #expect(!circle.reasoning.isEmpty && circle.finish == .stop)
        #expect((circle.usage?.promptTokens ?? 0) > 36)
        #expect((circle.usage?.tokensPerSecond ?? 0) > 1)
    }

    @Test("answers without thinking when it is switched off")
    func answers() async throws {
        let said = try await ask("What is the capital of France?", nil, thinking: false)

        #expect(said.reasoning.isEmpty)
        #expect(said.answer == "The capital of France is **Paris**.")
    }
}
