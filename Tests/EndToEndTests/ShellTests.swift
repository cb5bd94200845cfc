import Foundation
import TestSupport
import Testing

extension EndToEnd {
    @Suite("The shell", .timeLimit(.minutes(3)))
    struct ShellTests {
        @Test("The answer alone goes to standard output, the thoughts to standard error, unless -R hides them")
        func streams() async throws {
            let engine = try ScriptedEngine.replying(.reply(reasoning: "Let me see.", answer: "Four."))
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let plain = try await program.run("ask", "two", "and", "two?")
            #expect(plain.status == 0)
            #expect(plain.output == "Four.\n")
            #expect(plain.error.contains("Let me see."))
            #expect(!plain.error.contains("\u{1B}"))
            let hidden = try await program.run("ask", "-R", "two and two?")
            #expect(hidden.status == 0 && hidden.output == "Four.\n" && hidden.error.isEmpty, "\(hidden.error)")
            #expect(ChatCall.all(engine).map(\.words) == ["two and two?", "two and two?"])
        }

        @Test("Standard input goes before the words")
        func standardInput() async throws {
            let engine = try ScriptedEngine.replying(.reply(answer: "A missing semicolon."))
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let answer = try await program.run("ask", "why does this fail?", input: "error: expected ';'\n")
            #expect(answer.status == 0)
            let words = try #require(ChatCall.all(engine).first?.words)
            #expect(words.hasPrefix("error: expected ';'\n") && words.hasSuffix("\nwhy does this fail?"), "\(words)")
        }

        @Test("--json prints one object with the keys of the contract")
        func json() async throws {
            let engine = try ScriptedEngine.replying(.reply(reasoning: "Hm.", answer: "A disc."))
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let answer = try await program.run(
                "ask", "--json", "-a", Program.fixtures + "/media/red-circle.png", "what is it?")
            #expect(answer.status == 0, "\(answer.error)")
            let json = answer.json
            #expect(
                Set(json.keys) == [
                    "answer", "reasoning", "engine", "model", "finish_reason", "usage", "timing", "attachments", "chat",
                ])
            #expect(json["answer"] as? String == "A disc.")
            #expect(json["reasoning"] as? String == "Hm.")
            #expect(json["model"] as? String == "tiny")
            #expect(json["finish_reason"] as? String == "stop")
            #expect((json["usage"] as? [String: Int])?["prompt_tokens"] == 10)
            let timing = try #require(json["timing"] as? [String: Int])
            #expect(try #require(timing["total_ms"]) >= #require(timing["first_token_ms"]))
            let attachment = try #require((json["attachments"] as? [[String: Any]])?.first)
            #expect(Set(attachment.keys) == ["kind", "bytes", "width", "height", "sha256"])
            #expect(attachment["kind"] as? String == "image")
            #expect(attachment["width"] as? Int == 160 && attachment["height"] as? Int == 160)
            #expect((attachment["sha256"] as? String)?.count == 64)
        }

        @Test("--dry-run prints the request without the bytes of media, and sends nothing")
        func dryRun() async throws {
            let engine = try ScriptedEngine.replying(.reply(answer: "Never."))
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let answer = try await program.run(
                "ask", "--dry-run", "-a", Program.fixtures + "/media/red-circle.png", "what is it?")
            #expect(answer.status == 0, "\(answer.error)")
            let messages = try #require(answer.json["messages"] as? [[String: Any]])
            let parts = try #require(messages.last?["content"] as? [[String: Any]])
            let url = (parts.first?["image_url"] as? [String: Any])?["url"] as? String
            #expect(url?.contains(/^data:image\/[a-z]+;base64,<[0-9]+ bytes>$/) == true, "\(url ?? "")")
            #expect(parts.last?["text"] as? String == "what is it?")
            #expect(ChatCall.all(engine).isEmpty)
        }

        @Test("A reader that goes away ends the program quietly, and the engine's work")
        func closedPipe() async throws {
            let lines = (1...2000).map { "line \($0)\n" }.joined()
            let engine = try ScriptedEngine.replying(.reply(answer: lines, pause: .milliseconds(20)))
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let answer = try await program.shell(#""$scry" ask count | head -1"#)
            #expect(answer.output == "line 1\n")
            #expect(answer.error.isEmpty, "\(answer.error)")
            try await eventually("the closed connection") { engine.abandonedCount == 1 }
        }

        // MARK: - Exit statuses

        @Test("1: the engine failed after it began")
        func engineFailed() async throws {
            let piece = #"{"choices":[{"index":0,"delta":{"content":"half"}}]}"#
            let engine = try ScriptedEngine.replying(
                .body(#"{"error":{"message":"out of memory"}}"#, status: 500),
                .events([piece], isDone: false, end: .reset))
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let refused = try await program.run("ask", "hello")
            #expect(refused.status == 1 && refused.output.isEmpty)
            Self.expectOneSentence(refused.error, about: "out of memory")
            let broken = try await program.run("ask", "hello")
            #expect(broken.status == 1 && broken.output == "half\n")
            Self.expectOneSentence(broken.error, about: "broke off")
        }

        @Test("3: no engine answers, or it has no such model")
        func noEngine() async throws {
            let engine = try ScriptedEngine.replying(.reply(answer: "Never."))
            defer { engine.stop() }
            let program = try Program(engine: "http://127.0.0.1:9/v1")
            let absent = try await program.run("ask", "hello")
            #expect(absent.status == 3 && absent.output.isEmpty)
            Self.expectOneSentence(absent.error, about: "127.0.0.1:9")
            let named = try await program.run("ask", "-e", "nowhere", "hello")
            #expect(named.status == 3)
            Self.expectOneSentence(named.error, about: "no engine nowhere")
        }

        @Test("4: the screen cannot be looked at")
        func noScreen() async throws {
            let engine = try ScriptedEngine.replying(.reply(answer: "Never."))
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let asked = try await program.run("ask", "--screen", "hello")
            #expect(asked.status == 4 && asked.output.isEmpty)
            Self.expectOneSentence(asked.error, about: "DISPLAY")
            #expect(ChatCall.all(engine).isEmpty)
            for arguments in [["shot"], ["record", "--seconds", "1"], ["displays"]] {
                let run = try await program.shell(#""$scry" "# + arguments.joined(separator: " "))
                #expect(run.status == 4, "\(arguments)")
                Self.expectOneSentence(run.error, about: "DISPLAY")
            }
            let display = try XServer(width: 320, height: 240)
            defer { display.stop() }
            let sighted = try Program(engine: engine.url, display: display)
            let missing = try await sighted.run("shot", "--monitor", "NOWHERE-1")
            #expect(missing.status == 4)
            Self.expectOneSentence(missing.error, about: "NOWHERE-1")
        }

        @Test("5: an attachment is missing, or is nothing that can be read")
        func unreadableAttachment() async throws {
            let engine = try ScriptedEngine.replying(.reply(answer: "Never."))
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let missing = try await program.run("ask", "-a", "/nowhere/picture.png", "what is it?")
            #expect(missing.status == 5)
            Self.expectOneSentence(missing.error, about: "/nowhere/picture.png")
            let broken = program.home + "/broken.png"
            let bytes = try Data(contentsOf: URL(filePath: Program.fixtures + "/media/red-circle.png"))
            try bytes.prefix(60).write(to: URL(filePath: broken))
            let damaged = try await program.run("ask", "-a", broken, "what is it?")
            #expect(damaged.status == 5)
            Self.expectOneSentence(damaged.error, about: "broken.png")
            #expect(ChatCall.all(engine).isEmpty)
        }

        @Test("6: the token limit cut the answer, under --strict only")
        func cut() async throws {
            let engine = try ScriptedEngine.replying(.reply(answer: "To be cont", finish: "length"))
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let strict = try await program.run("ask", "--strict", "tell me")
            #expect(strict.status == 6 && strict.output == "To be cont\n")
            Self.expectOneSentence(strict.error, about: "token limit")
            #expect(try await program.run("ask", "tell me").status == 0)
        }

        @Test("64: the command line makes no sense")
        func usage() async throws {
            let program = try Program()
            for arguments in [
                ["ask", "--frobnicate"], ["ask", "--timeout", "soon", "hello"], ["shot", "--window", "?"],
            ] {
                let run = try await program.shell(#""$scry" "# + arguments.map { "'\($0)'" }.joined(separator: " "))
                #expect(run.status == 64 && run.output.isEmpty && !run.error.isEmpty, "\(arguments)")
            }
            #expect(try await program.run("ask").status == 64)
        }

        @Test("124: no whole answer came within --timeout")
        func timedOut() async throws {
            let piece = #"{"choices":[{"index":0,"delta":{"content":"so far"}}]}"#
            let engine = try ScriptedEngine.replying(.events([piece], isDone: false, end: .stall))
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let run = try await program.run("ask", "--timeout", "2", "hello")
            #expect(run.status == 124 && run.output == "so far\n")
            Self.expectOneSentence(run.error, about: "2")
            try await eventually("the closed connection") { engine.abandonedCount == 1 }
            let json = try await program.run("ask", "--timeout", "2", "--json", "hello")
            #expect(json.status == 124)
            #expect(
                json.output.contains(#""answer":"so far""#) && json.output.contains(#""finish_reason":"cancelled""#))
            let lines = try await program.run("ask", "--timeout", "2", "--jsonl", "hello")
            #expect(lines.output.split(separator: "\n").last == #"{"event":"end","finish_reason":"cancelled"}"#)
        }

        @Test("130: Ctrl-C keeps what came, on standard output and in the history")
        func interrupted() async throws {
            let engine = try ScriptedEngine.replying(
                .reply(answer: (1...400).map { "word\($0)" }.joined(separator: " "), pause: .milliseconds(30)),
                .reply(answer: "Onwards."))
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let run = try await program.run("ask", "count", interruptedAfter: "word10 ")
            #expect(run.status == 130)
            #expect(run.output.hasPrefix("word1 word2 ") && run.output.hasSuffix("\n"))
            Self.expectOneSentence(run.error, about: "Cancelled")
            try await eventually("the closed connection") { engine.abandonedCount == 1 }
            #expect(try await program.run("ask", "-c", "go on").status == 0)
            let messages = try #require(ChatCall.all(engine).last?.messages)
            #expect(messages.count == 3 && messages[1].text.hasPrefix("word1 word2 "), "\(messages)")
        }

        @Test("engines and doctor tell what is there")
        func surveys() async throws {
            let engine = try ScriptedEngine.replying(.reply(answer: "Never."))
            defer { engine.stop() }
            let display = try XServer(width: 320, height: 240)
            defer { display.stop() }
            let program = try Program(
                engine: nil, display: display,
                configuration: "[engines.lab]\nurl = \"\(engine.url)\"\nkind = \"llama-server\"\n")
            let engines = try await program.run("engines", "--json")
            #expect(engines.status == 0, "\(engines.error)")
            let list = try JSONSerialization.jsonObject(with: Data(engines.output.utf8)) as? [[String: Any]]
            let lab = try #require(list?.first { $0["name"] as? String == "lab" })
            #expect(lab["kind"] as? String == "llama-server")
            let model = try #require((lab["models"] as? [[String: Any]])?.first)
            #expect(model["id"] as? String == "tiny" && model["vision"] as? Bool == true)
            let displays = try await program.run("displays", "--json")
            #expect(displays.json["session"] as? String == "x11")
            #expect((displays.json["displays"] as? [[String: Any]])?.first?["width"] as? Int == 320)
            let doctor = try await program.run("doctor")
            #expect(doctor.output.contains("lab"), "\(doctor.output)")
        }

        private static func expectOneSentence(
            _ error: String, about words: String, _ location: SourceLocation = #_sourceLocation
        ) {
            let lines = error.split(separator: "\n")
            #expect(lines.count == 1, "\(error)", sourceLocation: location)
            #expect(error.hasPrefix("scry: ") && error.contains(words), "\(error)", sourceLocation: location)
            #expect(error.hasSuffix(".\n") || error.hasSuffix("?\n"), "\(error)", sourceLocation: location)
        }
    }
}
