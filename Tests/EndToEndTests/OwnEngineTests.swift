import TestSupport
import Testing

extension EndToEnd {
    @Suite("Scry's own engine")
    struct OwnEngineTests {
        @Test(
            "In an empty home, the shell and the chat answer with a model out of the package index",
            .timeLimit(.minutes(10)))
        func emptyHome() async throws {
            let program = try Program(engine: nil)
            let answer = try await program.run("ask", "What is the capital of France?", seconds: 400)
            #expect(answer.status == 0, "\(answer.error)")
            #expect(answer.output.contains("Paris"), "\(answer.output)")

            let chat = try await Chat(program)
            defer { chat.close() }
            // Typed at once: the message waits for the engine.
            try await chat.ask("What is the capital of France?")
            try await chat.wait(for: "Paris", seconds: 180)
            try await chat.wait(for: "smollm2")
            try await chat.press("C-d")
            #expect(try await chat.waitForEnd() == 0)
        }
    }
}
