import Foundation
import TestSupport
import Testing

extension EndToEnd {
    @Suite("The chat without a screen", .timeLimit(.minutes(3)))
    struct PlainTests {
        @Test("Over a pipe, one question after another is asked, and it ends with the last answer")
        func pipe() async throws {
            let engine = try ScriptedEngine.replying(
                .reply(reasoning: "Let me see.\nHm.", answer: "Paris is the capital.\n\n- one\n- two"),
                .reply(answer: "A second \u{1B}]0;PWNED\u{7}answer."))
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let found = try await program.run(
                "--plain",
                input: "What is\\\nthe capital?\n/think\nand then?\n/find PARIS\n/find\n/theme paper\n/theme nonsense\n"
            )
            #expect(found.status == 0, "\(found)")
            let lines = found.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            let expected = [
                "You: What is\\", "You: the capital?", "Reasoning:", "Let me see.", "Hm.", "Answer:",
                "Paris is the capital.",
                "", "- one", "- two", "You: /think", "Thinking is off.", "You: and then?", "Answer:",
                "A second ]0;PWNEDanswer.", "You: /find PARIS", "1 line has it:", "Answer 1: Paris is the capital.",
                "You: /find", "Write /find and the words to look for.", "You: /theme paper",
                "Note: paper is the theme from now on.", "You: /theme nonsense",
            ]
            var rest = lines[...]
            for line in expected {
                let place = rest.firstIndex(of: line)
                #expect(place != nil, "\(line) in \(lines)")
                if let place { rest = rest[(place + 1)...] }
            }
            #expect(!found.output.contains("\u{1B}"))
            #expect(found.output.contains("Problem: There is no theme nonsense; there are "), "\(lines)")
            #expect(ChatCall.all(engine).first?.words == "What is\nthe capital?")
            #expect(ChatCall.all(engine).count == 2)
        }

        @Test("In a terminal it asks by lines, can be stopped, and lists by numbers", arguments: ["--plain", ""])
        func terminal(_ flag: String) async throws {
            let engine = try ScriptedEngine.replying(
                .reply(answer: "One two three."),
                .reply(answer: (1...300).map { "Word \($0) is here. " }.joined(), pause: .milliseconds(20)))
            defer { engine.stop() }
            let program = try Program(engine: engine.url, variables: flag.isEmpty ? ["ACCESSIBLE": "1"] : [:])
            let chat = try await Chat(program, flag.isEmpty ? [] : [flag], ready: "You:")
            defer { chat.close() }
            #expect(try await chat.pane("alternate_on") == "0")
            try await chat.ask("first")
            try await chat.wait(for: "You: first\nAnswer:\nOne two three.\nYou:")
            try await chat.ask("/help")
            try await chat.wait(for: "/quit: quit")
            try await chat.ask("talk")
            try await chat.wait(for: "Word 8 is here")
            try await chat.press("C-c")
            try await chat.wait(for: "Stopped\\.\nYou:")
            try await chat.ask("/new")
            try await chat.ask("/history")
            try await chat.wait(for: "1\\. first, 4 messages\nA number chooses")
            try await chat.ask("1")
            try await chat.wait(for: "Chat: first\nYou: first\nAnswer: One two three")
            try await chat.press("C-d")
            #expect(try await chat.waitForEnd() == 0)
        }

        @Test("What goes wrong is said and ends it, where nobody types")
        func noEngine() async throws {
            let program = try Program(engine: "http://127.0.0.1:9/v1")
            let found = try await program.run("--plain", input: "hello\n")
            #expect(found.output.contains("Problem: "), "\(found)")
        }

        @Test("A picture is named by its file")
        func pictures() async throws {
            let engine = try ScriptedEngine.replying(.reply(answer: "A picture."))
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let picture = program.home + "/shot.png"
            let bytes = try #require(Data(base64Encoded: Self.png))
            try bytes.write(to: URL(fileURLWithPath: picture))
            let found = try await program.run("--plain", input: "/attach \(picture)\nwhat is it?\n")
            #expect(
                found.output.contains(try Regex("Attached: picture shot.png, 1 by 1, /.*media/.*\\.png")), "\(found)")
            #expect(found.output.contains("Answer:\nA picture."))
        }

        private static let png =
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    }
}
