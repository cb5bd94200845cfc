import Foundation
import TestSupport
import Testing

extension EndToEnd {
    @Suite("Trouble", .timeLimit(.minutes(3)))
    struct TroubleTests {
        /// A refusal, and the sentence that people see.
        struct Refusal: Sendable, CustomTestStringConvertible {
            var status: Int
            var body: String
            var sentence: String
            var testDescription: String { "\(status)" }
        }

        static let refusals = [
            Refusal(
                status: 400,
                body: #"{"error":{"code":400,"message":"the moon is full","type":"invalid_request_error"}}"#,
                sentence: "refused the request \\(HTTP 400\\): the moon is full"),
            Refusal(status: 401, body: #"{"error":"Unauthorized"}"#, sentence: "wants an API key; set SCRY_API_KEY"),
            Refusal(
                status: 404,
                body: #"{"error":{"message":"The model `tiny` does not exist.","type":"NotFoundError","code":404}}"#,
                sentence: "has no model \"tiny\""),
            Refusal(
                status: 500, body: #"{"error":{"message":"out of memory","type":"server_error"}}"#,
                sentence: "failed \\(HTTP 500\\): out of memory; try again"),
            Refusal(
                status: 400,
                body: #"{"error":{"code":400,"message":"the request exceeds the available context size","#
                    + #""type":"exceed_context_size_error","n_prompt_tokens":9000,"n_ctx":8192}}"#,
                sentence: "too long for the model: 9000 tokens where 8192 fit"),
        ]

        @Test(
            "A refusal is told in a sentence, the question is back in the composer, and the chat goes on",
            arguments: refusals)
        func refused(_ refusal: Refusal) async throws {
            let engine = try ScriptedEngine.replying(
                .body(refusal.body, status: refusal.status), .reply(answer: "Now it works."))
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let chat = try await Chat(program)
            defer { chat.close() }
            try await chat.wait(for: "tiny")
            try await chat.ask("precious words")
            let spaced = refusal.sentence.replacing(" ", with: "\\s+")
            try await chat.wait(for: "✗ (.|\n)*" + spaced)
            try await chat.wait(for: "precious words")
            try await chat.press("Enter")
            try await chat.wait(for: "Now it works\\.")
            #expect(ChatCall.all(engine).map(\.words) == ["precious words", "precious words"])
        }

        @Test("An engine with too much to do is asked again, visibly, and the question is asked once")
        func busy() async throws {
            let engine = try ScriptedEngine.replying(
                .body(#"{"error":{"message":"slow down"}}"#, status: 429), .reply(answer: "Now it works."))
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let chat = try await Chat(program)
            defer { chat.close() }
            try await chat.wait(for: "tiny")
            try await chat.ask("precious words")
            try await chat.wait(for: "Now it works\\.")
            #expect(ChatCall.all(engine).map(\.words) == ["precious words", "precious words"])
            #expect(try await chat.screen.matches(of: /precious words/).count == 1)
        }

        @Test("An answer that breaks off is kept and marked, and the next message works")
        func brokenOff() async throws {
            let piece = #"{"choices":[{"index":0,"delta":{"content":"half an answer"}}]}"#
            let engine = try ScriptedEngine.replying(
                .events([piece], isDone: false, end: .reset), .reply(answer: "Whole."))
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let chat = try await Chat(program)
            defer { chat.close() }
            try await chat.ask("tell me")
            try await chat.wait(for: "half an answer(.|\n)*⚠ (.|\n)*broke\\s+off")
            try await chat.ask("again")
            try await chat.wait(for: "Whole\\.")
        }

        @Test("Garbage between the events does no harm")
        func garbage() async throws {
            let head = String(decoding: ScriptedEngine.Response.streamHead, as: UTF8.self)
            let body = """
                \(head): comment

                event: nonsense
                data: {"choices":[{"delta":{"content":"All "}}]}

                data: {"choices":

                data: null

                data: [1,2,3]

                \u{0}\u{1}\u{FFFD} stray bytes
                data: {"choices":[{"delta":{"content":"is well."}}]}

                data: {"choices":[{"delta":{},"finish_reason":"stop"}]}

                data: [DONE]


                """
            let engine = try ScriptedEngine.replying(.recording(Array(body.utf8)), .reply(answer: "Sound."))
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let chat = try await Chat(program)
            defer { chat.close() }
            try await chat.ask("tell me")
            try await chat.wait(for: "All is well\\.|not the OpenAI-compatible")
            try await eventually("the end of the reply") {
                try await !chat.screen.contains("Esc stops")
            }
            try await chat.press("C-n")
            try await chat.ask("again")
            try await chat.wait(for: "Sound\\.")
        }

        @Test("Esc stops an engine that stalls, keeps what came and lets go of the connection")
        func stalled() async throws {
            let piece = #"{"choices":[{"index":0,"delta":{"content":"so far"}}]}"#
            let engine = try ScriptedEngine.replying(
                .events([piece], isDone: false, end: .stall), .reply(answer: "Quick."))
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let chat = try await Chat(program)
            defer { chat.close() }
            try await chat.ask("tell me")
            try await chat.wait(for: "so far")
            try await chat.press("Escape")
            try await chat.wait(for: "■ stopped")
            try await eventually("the closed connection") { engine.abandonedCount == 1 }
            try await chat.ask("again")
            try await chat.wait(for: "Quick\\.")
        }

        @Test("Without a display, F2 and F5 say so and the chat goes on")
        func noDisplay() async throws {
            let engine = try ScriptedEngine.replying(.reply(answer: "Blind but well."))
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let chat = try await Chat(program)
            defer { chat.close() }
            try await chat.wait(for: "tiny")
            for key in ["F2", "F5"] {
                try await chat.press(key)
                try await chat.wait(for: "✗ .*DISPLAY")
                try await chat.press("Escape")
                try await eventually("the sentence's end") { try await !chat.screen.contains("✗") }
            }
            try await chat.ask("are you there?")
            try await chat.wait(for: "Blind but well\\.")
            #expect(ChatCall.all(engine).first?.parts == [.text("are you there?")])
        }

        @Test("An X server that goes away while it is recorded does not take the chat with it")
        func lostDisplay() async throws {
            let display = try XServer(width: 320, height: 240)
            defer { display.stop() }
            let card = try display.testCard("--clock", "--geometry", "320x240+0+0", "--fps", "5")
            defer { card.stop() }
            let engine = try ScriptedEngine.replying(.reply(answer: "Still here."))
            defer { engine.stop() }
            let program = try Program(engine: engine.url, display: display)
            let chat = try await Chat(program)
            defer { chat.close() }
            try await chat.wait(for: "tiny")
            try await chat.press("F5")
            try await chat.wait(for: "REC 0*:0?[1-9]")
            kill(display.processID, SIGKILL)
            display.waitUntilExit()
            try await chat.wait(for: "✗|◉")
            try await chat.press("F2")
            try await chat.wait(for: "✗")
            try await chat.ask("are you there?")
            try await chat.wait(for: "Still here\\.")
        }

        @Test("A wrong line in config.toml is reported with its number, and the rest counts")
        func wrongConfiguration() async throws {
            let engine = try ScriptedEngine.replying(.reply(answer: "Configured."))
            defer { engine.stop() }
            let program = try Program(
                engine: nil,
                configuration: """
                    engine = "lab"
                    thinking = "sometimes"
                    [engines.lab]
                    url = "\(engine.url)"
                    """)
            let chat = try await Chat(program)
            defer { chat.close() }
            try await chat.wait(for: "config\\.toml:2")
            try await chat.ask("hello")
            try await chat.wait(for: "Configured\\.")
            let answer = try await program.run("ask", "hello")
            #expect(answer.status == 0 && answer.output == "Configured.\n")
            #expect(answer.error.contains("config.toml:2"), "\(answer.error)")
        }

        @Test("An engine that is not there is named; what was asked comes back into the composer")
        func absentEngine() async throws {
            // A port that was free a moment ago.
            let gone = try ScriptedEngine.replying(.reply(answer: "Never."))
            let url = gone.url
            gone.stop()
            let program = try Program(engine: url)
            let chat = try await Chat(program)
            defer { chat.close() }
            let place = url.dropFirst("http://".count).prefix { $0 != "/" }
            try await chat.wait(for: "Nothing answers at \\S*\(place)")
            try await chat.ask("hello?")
            try await chat.wait(for: "✗ (.|\n)*› hello\\?")
            // The draft is stored a quarter of a second after the last change.
            try await Task.sleep(for: .seconds(1))
            kill(chat.processID, SIGKILL)
            #expect(try await chat.waitForEnd() == 137)

            let engine = try ScriptedEngine.replying(.reply(answer: "Here now."))
            defer { engine.stop() }
            let next = try await Chat(program, ["-e", engine.url])
            defer { next.close() }
            try await next.wait(for: "› hello\\?")
            try await next.press("Enter")
            try await next.wait(for: "hello\\?(.|\n)*Here now\\.")
            #expect(ChatCall.all(engine).map(\.words) == ["hello?"])
        }

        @Test("With no engine and no network, chat and shell say so, and the words are not lost")
        func noNetwork() async throws {
            let program = try Program(
                engine: nil,
                variables: [
                    "PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_FIND_LINKS": "", "PIP_RETRIES": "0",
                    "PIP_CONFIG_FILE": "/dev/null",
                ])
            let asked = try await program.run("ask", "hello")
            #expect(asked.status == 3 && asked.output.isEmpty)
            #expect(asked.error.split(separator: "\n").last?.hasPrefix("scry: ") == true, "\(asked.error)")
            let chat = try await Chat(program)
            defer { chat.close() }
            try await chat.ask("are you there?")
            try await chat.wait(for: "no engine", seconds: 60)
            try await chat.wait(for: "✗ (.|\n)*network")
            try await chat.wait(for: "› are you there\\?")
        }
    }
}
