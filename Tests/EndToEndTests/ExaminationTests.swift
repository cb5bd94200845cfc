import Foundation
import TestSupport
import Testing

extension EndToEnd {
    @Suite("Trying out engines", .timeLimit(.minutes(3)))
    struct ExaminationTests {
        /// What a question shows: the colour of the picture or the video, and whether there is one.
        private static func colour(in request: ScriptedEngine.Request) -> String? {
            guard let start = request.text.firstRange(of: ";base64,") else { return nil }
            let type = request.text[..<start.lowerBound].suffix(24)
            // What is compressed is blue in every sample.
            guard type.hasSuffix("image/png") else { return "blue" }
            let data = request.text[start.upperBound...].prefix { $0 != "\"" }
            // Uncompressed: the pixels are there as they are.
            let bytes = [UInt8](Data(base64Encoded: String(data)) ?? Data())
            let colours: [(String, [UInt8])] = [
                ("red", [0xE0, 0x10, 0x10]), ("green", [0x10, 0xA0, 0x20]), ("blue", [0x10, 0x30, 0xE0]),
            ]
            return colours.first { !bytes.ranges(of: $0.1 + $0.1).isEmpty }?.0
        }

        private static func isThinking(_ request: ScriptedEngine.Request) -> Bool {
            request.text.contains(#""enable_thinking":true"#)
        }

        private static func answer(_ request: ScriptedEngine.Request, _ words: String) -> ScriptedEngine.Response {
            .reply(reasoning: isThinking(request) ? "Let me see." : nil, answer: words)
        }

        /// An engine that presents itself as vLLM.
        private static func vllm(
            _ reply: @escaping @Sendable (ScriptedEngine.Request) -> ScriptedEngine.Response
        ) throws -> ScriptedEngine {
            try ScriptedEngine { request in
                switch (request.method, request.path) {
                case ("GET", "/v1/models"):
                    .body(#"{"object":"list","data":[{"id":"glm-4.5v","owned_by":"vllm","max_model_len":65536}]}"#)
                case ("GET", "/version"): .body(#"{"version":"0.32.0"}"#)
                case ("POST", "/v1/chat/completions"): reply(request)
                default: .body(#"{"detail":"Not Found"}"#, status: 404)
                }
            }
        }

        @Test("An engine that sees and thinks passes, line by line")
        func sees() async throws {
            let engine = try Self.vllm { request in
                guard let colour = Self.colour(in: request) else {
                    return Self.answer(request, "The capital of France is Paris.")
                }
                return Self.answer(request, "It is <|begin_of_box|>\(colour)<|end_of_box|>.")
            }
            defer { engine.stop() }
            let program = try Program(engine: nil, configuration: "[engines.lab]\nurl = \"\(engine.url)\"\n")
            let run = try await program.run("doctor", "--engine", "lab")
            let lines = run.output.split(separator: "\n").map(String.init)
            #expect(run.status == 0, "\(run.output)\(run.error)")
            #expect(lines.first == "✓ models: vllm 0.32.0 at \(engine.url) serves glm-4.5v; glm-4.5v is asked")
            for line in [
                "✓ thinking: the switch works: reasoning comes with it on, and none with it off",
                "✓ reasoning: it comes in reasoning_content", "✓ picture: it names the colours that it is shown",
                "✓ JPEG: it is taken and seen", "✓ video: it is taken and seen",
                "✓ box tokens: the marks around short answers and places reach Scry",
                "– usage: 10 tokens in, 6 out; what is taken from the cache is not said → "
                    + "vLLM says it with --enable-prompt-tokens-details",
            ] { #expect(lines.contains(line), "\(run.output)") }
            #expect(lines.contains { $0.hasPrefix("✓ streaming: a reply comes in 6 events, the first word after ") })
            // The video goes as the one that recordings are.
            #expect(ChatCall.all(engine).contains { $0.body.contains("data:video/x-matroska;base64,") })
        }

        @Test("An engine that refuses pictures as vLLM does fails, with what helps")
        func refuses() async throws {
            let engine = try Self.vllm { request in
                Self.colour(in: request) == nil
                    ? Self.answer(request, "Paris.")
                    : .body(
                        #"{"error":{"message":"glm-4.5v is not a multimodal model","type":"BadRequestError","code":400}}"#,
                        status: 400)
            }
            defer { engine.stop() }
            let run = try await Program(engine: engine.url).run("doctor", "--engine")
            #expect(run.status == 1)
            let line = try #require(run.output.split(separator: "\n").first { $0.contains("picture") })
            #expect(line.hasPrefix("✗ picture: it refuses pictures: "), "\(line)")
            #expect(line.hasSuffix("→ serve a model that sees, as zai-org/GLM-4.5V, without --language-model-only"))
            #expect(!run.output.contains("JPEG") && run.output.contains("✓ thinking"))
        }

        @Test("An engine that drops pictures, thinks whatever it is told and does not stream is found out")
        func drops() async throws {
            let engine = try ScriptedEngine.serving { _ in
                .body(
                    #"{"choices":[{"index":0,"message":{"role":"assistant","reasoning_content":"Hm.","content":"#
                        + #""I would love to help."},"finish_reason":"stop"}]}"#)
            }
            defer { engine.stop() }
            let run = try await Program(engine: engine.url).run("doctor", "--engine", "-m", "tiny")
            #expect(run.status == 1)
            for line in [
                "✗ streaming: the whole reply comes at once, as one JSON text → set a proxy in between to pass events on "
                    + "unbuffered, or ask the engine directly",
                "✗ thinking: it cannot be switched off → start llama-server with --jinja and the model's own chat template",
                "✗ picture: pictures are dropped without a word: no colour was named right → start llama-server with the "
                    + "model's projector: --mmproj FILE",
                "✗ usage: no tokens are counted → update the engine; Scry estimates until then",
            ] { #expect(run.output.contains(line + "\n"), "\(run.output)") }
        }

        @Test("An engine that is not there, and one that fails, are said in one line")
        func absent() async throws {
            let run = try await Program().run("doctor", "--engine")
            #expect(run.status == 1 && run.output.hasPrefix("✗ engine: Nothing answers at http://127.0.0.1:9."))
            let none = try await Program(engine: nil).run("doctor", "--engine")
            #expect(none.status == 1 && none.output.hasPrefix("✗ engine: none answers"), "\(none.output)\(none.error)")
            let engine = try ScriptedEngine.serving { _ in .body("{}", status: 500) }
            defer { engine.stop() }
            let broken = try await Program(engine: engine.url).run("doctor", "--engine")
            #expect(broken.status == 1 && broken.output.split(separator: "\n").count == 2, "\(broken.output)")
            #expect(broken.output.contains("\n✗ words: "))
        }

        @Test("scry models lists what all engines serve, and what each can do")
        func models() async throws {
            let one = try ScriptedEngine.serving(model: "seer") { _ in .reply(answer: "Never.") }
            let two = try Self.vllm { _ in .reply(answer: "Never.") }
            defer { for engine in [one, two] { engine.stop() } }
            let program = try Program(
                engine: nil,
                configuration: "[engines.one]\nurl = \"\(one.url)\"\n[engines.two]\nurl = \"\(two.url)\"\n"
                    + "[engines.zero]\nurl = \"http://127.0.0.1:9/v1\"\n")
            let run = try await program.run("models")
            #expect(run.status == 0, "\(run.error)")
            let lines = run.output.split(separator: "\n")
            #expect(lines.count == 2, "\(run.output)")
            #expect(lines.contains("seer      one  8192 tokens   sees, no video, thinking, tools?"), "\(run.output)")
            #expect(lines.contains("glm-4.5v  two  65536 tokens  sees, video, thinking, tools?"), "\(run.output)")
            let json = try await program.run("models", "--json")
            let list = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]]
            let seer = try #require(list?.first { $0["id"] as? String == "seer" })
            #expect(
                Set(seer.keys)
                    == ["id", "engine", "kind", "url", "context", "vision", "video", "thinking", "tools"])
            #expect(seer["engine"] as? String == "one" && seer["context"] as? Int == 8192)
            #expect(seer["vision"] as? Bool == true && seer["tools"] is NSNull)
        }
    }
}
