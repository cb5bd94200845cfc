import Foundation
import TestSupport
import Testing

extension EndToEnd {
    /// What `scry ask` does about engines that think too long, hold too little, are not ready or repeat themselves.
    @Suite("Asking well", .timeLimit(.minutes(3)))
    struct AskingTests {
        private static let loading = ScriptedEngine.Response.body(
            #"{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}"#, status: 503)

        @Test("An engine that loads its model is waited for, which is said unless all is to be quiet")
        func retries() async throws {
            for isQuiet in [false, true] {
                let engine = try ScriptedEngine.replying(Self.loading, .reply(answer: "Ready."))
                defer { engine.stop() }
                let program = try Program(engine: engine.url)
                let answer = try await isQuiet ? program.run("ask", "-q", "hello") : program.run("ask", "hello")

                #expect(answer.output == "Ready.\n" && answer.status == 0, "\(answer)")
                let note = "scry: the engine is loading its model; asking again in "
                #expect(isQuiet ? answer.error.isEmpty : answer.error.hasPrefix(note), "\(answer.error)")
            }
        }

        @Test("Thinking ends with its budget of tokens or seconds, and the answer follows")
        func budget() async throws {
            let thoughts = (1...400).map { "thought\($0)" }.joined(separator: " ")
            for setting in ["thinking_budget = 20", "thinking_seconds = 1"] {
                let engine = try ScriptedEngine.replying(
                    .reply(reasoning: thoughts, answer: "Never.", pause: .milliseconds(10)), .reply(answer: "At once."))
                defer { engine.stop() }
                let program = try Program(engine: engine.url, configuration: setting + "\n")
                let answer = try await program.run("ask", "--json", "why?")

                #expect(answer.json["answer"] as? String == "At once.", "\(answer)")
                #expect((answer.json["reasoning"] as? String)?.hasPrefix("thought1 thought2") == true)
                #expect(answer.error.contains("scry: The thinking was cut at"), "\(answer.error)")
                #expect(ChatCall.all(engine).count == 2)
                try await eventually("the first reply is given up") { engine.abandonedCount == 1 }
            }
        }

        @Test(
            "A conversation that outgrows the context loses its beginning, which is said, and a question too long is not sent"
        )
        func fits() async throws {
            let engine = try ScriptedEngine.replying(.reply(answer: "Yes."))
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let long = String(repeating: "many words ", count: 1_300)
            _ = try await program.run("ask", "first", input: long)
            _ = try await program.run("ask", "-c", "second", input: long)
            let third = try await program.run("ask", "-c", "third", input: long)

            #expect(third.output == "Yes.\n", "\(third)")
            #expect(
                third.error.contains("no longer sent: the engine's context of 8,192 tokens is full."), "\(third.error)")
            #expect(ChatCall.all(engine).last?.messages.contains { $0.text.contains("first") } == false)
            let count = ChatCall.all(engine).count
            let much = try await program.run("ask", "too much", input: String(repeating: "many words ", count: 9_000))
            #expect(much.status == 1 && much.error.contains("scry: The message needs about"), "\(much)")
            #expect(ChatCall.all(engine).count == count)
        }

        @Test("An engine that counts otherwise and refuses is asked once more with less, and not a third time")
        func refits() async throws {
            let refusal = ScriptedEngine.Response.body(
                #"{"error":{"code":400,"message":"the request exceeds the available context size","#
                    + #""type":"exceed_context_size_error","n_prompt_tokens":9000,"n_ctx":8192}}"#, status: 400)
            let engine = try ScriptedEngine.replying(
                .reply(answer: "One."), refusal, .reply(answer: "Two."), refusal)
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let long = String(repeating: "many words ", count: 1_300)
            _ = try await program.run("ask", "first", input: long)
            let second = try await program.run("ask", "-c", "second", input: long)

            #expect(second.output == "Two.\n" && second.error.contains("no longer sent"), "\(second)")
            #expect(ChatCall.all(engine).map(\.messages.count) == [1, 3, 1])
            let third = try await program.run("ask", "short")
            #expect(third.status == 1 && third.error.contains("too long for the model: 9000 tokens"), "\(third)")
            #expect(ChatCall.all(engine).count == 4)
        }

        @Test("Repetition is told, and ends the answer where the configuration says so")
        func repetition() async throws {
            let loop = String(repeating: "The cat sat on the mat and looked at the dog. ", count: 120)
            for stops in [false, true] {
                let engine = try ScriptedEngine.replying(.reply(answer: loop))
                defer { engine.stop() }
                let program = try Program(engine: engine.url, configuration: "stop_repetition = \(stops)\n")
                let answer = try await program.run("ask", "--strict", "--json", "hello")

                let note = stops ? "The engine repeated itself and was stopped." : "The engine repeats itself: Ctrl+C"
                #expect(answer.error.contains("scry: " + note), "\(answer.error)")
                #expect(answer.status == (stops ? 6 : 0))
                #expect(answer.json["finish_reason"] as? String == (stops ? "repetition" : "stop"))
            }
        }
    }
}
