import Foundation
import TestSupport
import Testing

extension EndToEnd {
    @Suite("Nothing said is lost", .timeLimit(.minutes(3)))
    struct MemoryTests {
        private static let slow = (1...400).map { "word\($0)" }.joined(separator: " ")

        @Test("kill -9 in the middle of an answer: -c shows what came, marked, and goes on")
        func killedAnswer() async throws {
            let engine = try ScriptedEngine.replying(
                .reply(answer: Self.slow, pause: .milliseconds(50)), .reply(answer: "Going on."))
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let chat = try await Chat(program)
            defer { chat.close() }
            try await chat.ask("count for me")
            try await chat.wait(for: "word20 ")
            kill(chat.processID, SIGKILL)
            #expect(try await chat.waitForEnd() == 137)

            let next = try await Chat(program, ["-c"])
            defer { next.close() }
            let screen = try await next.wait(for: "■ interrupted")
            // At most the last quarter of a second of the stream may be missing: five words; ten where the machine is slow.
            #expect(screen.contains("count for me") && screen.contains("word10 "), "\(screen)")
            try await next.wait(for: "tiny")
            try await next.ask("go on")
            try await next.wait(for: "Going on\\.")
            let messages = try #require(ChatCall.all(engine).last?.messages)
            #expect(messages.map(\.role).suffix(3) == ["user", "assistant", "user"])
            #expect(messages.suffix(3).first?.text == "count for me")
            #expect(messages.suffix(2).first?.text.hasPrefix("word1 word2 ") == true)
        }

        @Test("kill -9 while writing: the next start has the draft")
        func killedDraft() async throws {
            let engine = try ScriptedEngine.replying(.reply(answer: "Yes."))
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let chat = try await Chat(program)
            defer { chat.close() }
            try await chat.type("an unfinished thought about 鲸鱼")
            try await chat.wait(for: "鲸鱼")
            // A draft is stored a quarter of a second after the last key.
            try await Task.sleep(for: .milliseconds(1000))
            kill(chat.processID, SIGKILL)
            #expect(try await chat.waitForEnd() == 137)

            let next = try await Chat(program)
            defer { next.close() }
            try await next.wait(for: "an unfinished thought about 鲸鱼")
            try await next.wait(for: "tiny")
            try await next.press("Enter")
            try await next.wait(for: "Yes\\.")
            #expect(ChatCall.all(engine).first?.words == "an unfinished thought about 鲸鱼")
        }

        @Test("scry ask -c goes on with the last chat; thoughts are not sent back")
        func continuedQuestion() async throws {
            let engine = try ScriptedEngine.replying(
                .reply(reasoning: "Deep thoughts.", answer: "Forty-two."), .reply(answer: "As I said."))
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let first = try await program.run("ask", "--json", "what is six times seven?")
            let second = try await program.run("ask", "-c", "--json", "are you sure?")
            #expect(first.status == 0 && second.status == 0, "\(first.error)\(second.error)")
            #expect(first.json["chat"] as? String == second.json["chat"] as? String)

            let call = try #require(ChatCall.all(engine).last)
            #expect(call.messages.map(\.role) == ["user", "assistant", "user"])
            #expect(call.messages.map(\.text) == ["what is six times seven?", "Forty-two.", "are you sure?"])
            #expect(!call.body.contains("Deep thoughts"))

            // The chat finds it among the old ones.
            let chat = try await Chat(program)
            defer { chat.close() }
            try await chat.press("C-r")
            try await chat.wait(for: "what is six times seven")
            try await chat.press("Enter")
            try await chat.wait(for: "As I said\\.")
        }

        @Test("Ctrl+R finds what was said as it is typed, and an answer asked for again is a version of it")
        func searchedAndVaried() async throws {
            let engine = try ScriptedEngine.replying(
                .reply(answer: "打印机 says error 17."), .reply(answer: "Another answer."))
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let first = try await program.run("ask", "what is on my screen?")
            #expect(first.status == 0, "\(first.error)")
            let chat = try await Chat(program)
            defer { chat.close() }
            try await chat.press("C-r")
            try await chat.type("打印")
            try await chat.wait(for: "1 found")
            try await chat.press("Enter")
            try await chat.wait(for: "says error 17")
            try await chat.press("Tab", "r")
            try await chat.wait(for: "Another answer")
            try await chat.press("Tab")
            try await chat.wait(for: "version 2 of 2")
            try await chat.press("[")
            try await chat.wait(for: "version 1 of 2(.|\n)*says error 17")
            try await chat.press("+")
            try await chat.wait(for: "\\+ good")
        }

        @Test("--no-save leaves no trace")
        func unsaved() async throws {
            let engine = try ScriptedEngine.replying(.reply(answer: "Hush."))
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let answer = try await program.run("ask", "--no-save", "--json", "a secret")
            #expect(answer.status == 0 && answer.json["chat"] is NSNull, "\(answer.error)")
            #expect(!FileManager.default.fileExists(atPath: program.home + "/data/scry/history.sqlite"))
        }
    }
}
