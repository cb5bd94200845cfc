import Foundation
import TestSupport
import Testing

extension EndToEnd {
    @Suite("Thinking mode", .timeLimit(.minutes(3)))
    struct ThinkingModeTests {
        /// A family of engines, a model of it whose thinking can be switched, and what a request then holds.
        struct Family: Sendable, CustomTestStringConvertible {
            var kind: String
            var model = "glm-4.6v"
            var on: String
            var off: String
            var testDescription: String { kind }
        }

        static let families = [
            Family(
                kind: "vllm", on: #""chat_template_kwargs":{"enable_thinking":true}"#,
                off: #""chat_template_kwargs":{"enable_thinking":false}"#),
            Family(
                kind: "sglang", on: #""chat_template_kwargs":{"enable_thinking":true}"#,
                off: #""chat_template_kwargs":{"enable_thinking":false}"#),
            Family(
                kind: "llama-server", on: #""chat_template_kwargs":{"enable_thinking":true}"#,
                off: #""chat_template_kwargs":{"enable_thinking":false}"#),
            Family(
                kind: "transformers", on: #""chat_template_kwargs":{"enable_thinking":true}"#,
                off: #""chat_template_kwargs":{"enable_thinking":false}"#),
            Family(
                kind: "ollama", model: "qwen3:8b", on: #""reasoning_effort":"medium""#,
                off: #""reasoning_effort":"none""#),
            Family(kind: "zai", on: #""thinking":{"type":"enabled"}"#, off: #""thinking":{"type":"disabled"}"#),
            Family(kind: "lmstudio", on: #""reasoning_effort":"medium""#, off: #""reasoning_effort":"low""#),
            Family(kind: "openai", on: #""reasoning_effort":"medium""#, off: #""reasoning_effort":"low""#),
        ]

        @Test("Ctrl+T changes what the next request asks for", arguments: families)
        func toggled(_ family: Family) async throws {
            let engine = try ScriptedEngine { request in
                switch request.path {
                case "/v1/models": .body(#"{"object":"list","data":[{"id":"\#(family.model)"}]}"#)
                case "/api/show": .body(#"{"capabilities":["completion","vision","thinking"]}"#)
                case "/v1/chat/completions": .reply(answer: "Here I am.", model: family.model)
                default: .body(#"{"error":{"message":"Not Found"}}"#, status: 404)
                }
            }
            defer { engine.stop() }
            let program = try Program(
                engine: nil,
                configuration: """
                    engine = "lab"
                    [engines.lab]
                    url = "\(engine.url)"
                    kind = "\(family.kind)"
                    model = "\(family.model)"
                    """)
            let chat = try await Chat(program)
            defer { chat.close() }
            try await chat.wait(for: "thinking on")
            try await chat.ask("first")
            try await chat.wait(for: "Here I am")
            try await chat.press("C-t")
            try await chat.wait(for: "thinking off")
            try await chat.ask("second")
            try await eventually("the second request") { Self.bodies(engine).count == 2 }
            try await eventually("its answer") {
                try await chat.screen.matches(of: /Here I am/).count == 2
            }
            try await chat.press("C-t")
            try await chat.wait(for: "thinking on")
            try await chat.ask("third")
            try await eventually("the third request") { Self.bodies(engine).count == 3 }

            let bodies = Self.bodies(engine)
            for (body, expected) in zip(bodies, [family.on, family.off, family.on]) {
                #expect(body.contains(expected), "\(body)")
            }
            for (body, unexpected) in zip(bodies, [family.off, family.on, family.off]) {
                #expect(!body.contains(unexpected), "\(body)")
            }
        }

        private static func bodies(_ engine: ScriptedEngine) -> [String] {
            engine.requests.filter { $0.path == "/v1/chat/completions" }.map(\.text)
        }
    }
}
