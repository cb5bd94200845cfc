import TestSupport
import Testing

extension EndToEnd {
    /// The real llama.cpp server with a model that has eyes, if only for coloured shapes.
    @Suite("A real engine that sees", .timeLimit(.minutes(5)))
    struct SightTests {
        @Test("F2 shows the chat a red circle: it thinks, and says red; with thinking off it does not think")
        func redCircleInTheChat() async throws {
            let display = try XServer(width: 320, height: 240)
            defer { display.stop() }
            let card = try display.testCard("--fullscreen", "--color", "F5F5F5", "--circle", "E6281E")
            defer { card.stop() }
            let program = try Program(engine: nil, display: display)
            let engine = try await RealEngine(for: program)
            let chat = try await Chat(program)
            defer { chat.close() }
            try await chat.wait(for: "tiny-glm-4.1v")

            try await chat.press("F2")
            try await chat.wait(for: "screen.*320×240")
            try await chat.ask("Describe this image.")
            let thoughtful = try await chat.wait(for: "thought for(.|\n)*red")
            #expect(!thoughtful.contains("cannot see"))
            // The thoughts are there, folded; Ctrl+O unfolds them.
            try await chat.press("C-o")
            try await chat.wait(for: "▾ thought for")

            try await chat.press("C-n", "C-t")
            try await chat.wait(for: "thinking off")
            try await chat.press("F2")
            try await chat.wait(for: "screen.*320×240")
            try await chat.ask("Describe this image.")
            let quick = try await chat.wait(for: "The image shows(.|\n)*red")
            #expect(!quick.contains("thought") && !quick.contains("▸"))
            await engine.stop()
        }

        @Test("scry ask --screen describes a blue square; the thoughts go to standard error")
        func blueSquareInTheShell() async throws {
            let display = try XServer(width: 320, height: 240)
            defer { display.stop() }
            let card = try display.testCard("--fullscreen", "--color", "F5F5F5", "--square", "3643E6")
            defer { card.stop() }
            let program = try Program(engine: nil, display: display)
            let engine = try await RealEngine(for: program)

            let thoughtful = try await program.run("ask", "--screen", "Describe this image.")
            #expect(thoughtful.status == 0, "\(thoughtful.error)")
            #expect(thoughtful.output.contains("blue"), "\(thoughtful.output)")
            #expect(!thoughtful.output.contains("<think>"))
            #expect(!thoughtful.error.isEmpty)

            let quick = try await program.run("ask", "--screen", "--no-think", "--json", "Describe this image.")
            #expect(quick.status == 0, "\(quick.error)")
            #expect((quick.json["answer"] as? String)?.contains("blue") == true, "\(quick.output)")
            #expect(quick.json["reasoning"] as? String == "")
            await engine.stop()
        }
    }
}
