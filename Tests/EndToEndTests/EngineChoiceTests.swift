import Foundation
import TestSupport
import Testing

extension EndToEnd {
    @Suite("Choosing engines", .timeLimit(.minutes(3)))
    struct EngineChoiceTests {
        private static func configuration(_ engines: [String: String], first: String, more: String = "") -> String {
            engines.sorted { $0.key < $1.key }.reduce("engine = \"\(first)\"\n\(more)\n") {
                $0 + "[engines.\($1.key)]\nurl = \"\($1.value)\"\n"
            }
        }

        @Test("Alt+M lists what answers and what does not, and Enter switches in the middle of a conversation")
        func menu() async throws {
            let one = try ScriptedEngine.serving(model: "first-model") { _ in .reply(answer: "From the first.") }
            let two = try ScriptedEngine.serving(model: "second-model", sees: false) { _ in
                .reply(answer: "From the second.")
            }
            defer { for engine in [one, two] { engine.stop() } }
            let program = try Program(
                engine: nil,
                configuration: Self.configuration(
                    ["one": one.url, "two": two.url, "zero": "http://127.0.0.1:9/v1"], first: "one"))
            let chat = try await Chat(program)
            defer { chat.close() }
            try await chat.wait(for: "one · first-model")
            try await chat.ask("hello")
            try await chat.wait(for: "From the first\\.")
            try await chat.press("M-m")
            // They answer in any order.
            try await chat.wait(for: "● first-model")
            try await chat.wait(for: "second-model +two +8k · cannot see(.|\n)*✗ zero: ")
            try await chat.type("second")
            try await chat.wait(for: "Engines and models: second")
            try await chat.press("Enter")
            try await chat.wait(for: "second-model on two answers from now on\\. It cannot see")
            try await chat.ask("and you?")
            try await chat.wait(for: "From the second\\.")
            #expect(ChatCall.all(two).last?.messages.map(\.text) == ["hello", "From the first.", "and you?"])
            #expect(ChatCall.all(one).count == 1)

            try await chat.ask("/engine one")
            try await chat.wait(for: "first-model on one answers from now on")
            try await chat.ask("/engine nowhere")
            try await chat.wait(for: "✗ There is no engine nowhere")
            try await chat.ask("/model second")
            try await chat.wait(for: "second-model on two answers")
        }

        @Test("What a message costs is shown when its writer pauses, and what would not fit is never sent")
        func cost() async throws {
            let engine = try ScriptedEngine.replying(.reply(answer: "Short."))
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let chat = try await Chat(program)
            defer { chat.close() }
            try await chat.wait(for: "tiny")
            try await chat.type("what will this cost?")
            try await chat.wait(for: "[0-9]+ tokens · 8,[0-9]{3} left of 8,192")
            try await chat.press("C-u")
            try await chat.paste(String(repeating: "many words ", count: 8_000))
            try await chat.wait(for: "tokens do not fit")
            try await chat.press("Enter")
            try await chat.wait(for: "✗ The message needs about")
            #expect(ChatCall.all(engine).isEmpty)
            try await chat.press("C-c")
            try await chat.ask("short")
            try await chat.wait(for: "Short\\.")
        }

        @Test("Ctrl+G ends the thinking, and Alt+C goes on with what broke off")
        func thinkingAndBreaks() async throws {
            let thoughts = (1...400).map { "thought\($0)" }.joined(separator: " ")
            let piece = #"{"choices":[{"index":0,"delta":{"content":"Half an answer"}}]}"#
            let engine = try ScriptedEngine.replying(
                .reply(reasoning: thoughts, answer: "Never.", pause: .milliseconds(20)), .reply(answer: "At once."),
                .events([piece], isDone: false, end: .reset), .reply(answer: " and the rest."))
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let chat = try await Chat(program)
            defer { chat.close() }
            try await chat.wait(for: "tiny")
            try await chat.ask("why?")
            try await chat.wait(for: "thinking [0-9]+ s · ≈ [0-9]+ tokens")
            try await chat.press("C-g")
            try await chat.wait(for: "cut at [0-9]+ tokens(.|\n)*At once\\.")
            try await eventually("the first reply is given up") { engine.abandonedCount == 1 }
            try await chat.ask("tell me")
            try await chat.wait(for: "Half an answer(.|\n)*Alt\\+C")
            try await chat.press("M-c")
            try await chat.wait(for: "Half an answer and the rest\\.")
            #expect(ChatCall.all(engine).count == 4)
        }

        @Test("The thinking budget of the configuration ends the thinking by itself")
        func budget() async throws {
            let thoughts = (1...400).map { "thought\($0)" }.joined(separator: " ")
            let engine = try ScriptedEngine.replying(
                .reply(reasoning: thoughts, answer: "Never.", pause: .milliseconds(5)), .reply(answer: "At once."))
            defer { engine.stop() }
            let program = try Program(engine: engine.url, configuration: "thinking_budget = 50\n")
            let chat = try await Chat(program)
            defer { chat.close() }
            try await chat.wait(for: "tiny")
            try await chat.ask("why?")
            try await chat.wait(for: "At once\\.(.|\n)*The thinking was cut at [0-9]+ tokens")
        }

        @Test("A chat that another Scry has open is read there and not asked in, until the other lets go")
        func twoPrograms() async throws {
            let engine = try ScriptedEngine.replying(.reply(answer: "Only once."))
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let first = try await Chat(program)
            defer { first.close() }
            try await first.wait(for: "tiny")
            try await first.ask("hello")
            try await first.wait(for: "Only once\\.")
            let second = try await Chat(program, ["--continue"], ready: "Another Scry has this chat open")
            defer { second.close() }
            try await second.wait(for: "tiny")
            try await second.ask("me too")
            try await second.wait(for: "Another Scry has this chat open(.|\n)*› me too")
            #expect(ChatCall.all(engine).count == 1)
            try await first.press("C-d")
            _ = try await first.waitForEnd()
            try await second.press("Enter")
            try await second.wait(for: "has let go of this chat")
            try await second.press("Enter")
            try await second.wait(for: "me too(.|\n)*Only once\\.")
            #expect(ChatCall.all(engine).count == 2)
        }

        @Test("Esc ends a search for an engine that does not come to an end, and /engine begins another")
        func stopsSearching() async throws {
            let silent = try ScriptedEngine { _ in .init([.stall]) }
            defer { silent.stop() }
            let program = try Program(engine: silent.url)
            let chat = try await Chat(program)
            defer { chat.close() }
            try await chat.wait(for: "looking for an engine")
            try await chat.ask("hello")
            try await chat.wait(for: "queued")
            try await chat.press("Escape")
            try await chat.wait(for: "was stopped\\. /engine looks(.|\n)*› hello")
            try await chat.press("C-c")
            try await chat.ask("/engine")
            try await chat.wait(for: "Engines and models(.|\n)*looking for an engine")
        }
    }
}
