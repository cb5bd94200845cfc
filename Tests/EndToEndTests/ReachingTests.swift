import Foundation
import TestSupport
import Testing

extension EndToEnd {
    @Suite("Reaching engines", .timeLimit(.minutes(3)))
    struct ReachingTests {
        @Test("An engine on a unix socket is found by its address, in the configuration and among the places looked at")
        func socket() async throws {
            let path = "/tmp/scry-reach-\(UInt32.random(in: 0 ..< .max)).sock"
            let engine = try ScriptedEngine.serving(socket: path) { _ in .reply(answer: "Through a socket.") }
            defer { engine.stop() }
            let encoded = "http+unix://" + path.replacing("/", with: "%2F") + "/v1"
            let configuration = "[engines.near]\nurl = \"\(encoded)\"\n"

            for choice in ["unix:\(path)", "near"] {
                let program = try Program(engine: choice, configuration: configuration)
                let answer = try await program.run("ask", "hello")
                #expect(answer.output == "Through a socket.\n" && answer.status == 0, "\(answer)")
            }
            let program = try Program(engine: nil, variables: ["SCRY_PROBE": "unix:\(path)"])
            let found = try await program.run("engines")
            #expect(found.output.contains("tiny: 8192 tokens, sees"), "\(found)")
            #expect(try await program.run("ask", "hello").output == "Through a socket.\n")
        }

        @Test("The engine that is chosen by its address is listed and looked at, whether it answers or not")
        func chosenByAddress() async throws {
            let engine = try ScriptedEngine.replying(.reply(answer: "Here."))
            defer { engine.stop() }
            let here = try Program(engine: engine.url)
            #expect(try await here.run("engines").output.contains("\(engine.url)  ready"))
            #expect(try await here.run("doctor").output.contains("at \(engine.url): tiny"))
            let gone = try Program(engine: "http://127.0.0.1:9/v1")
            #expect(try await gone.run("engines").output.contains("Nothing answers at http://127.0.0.1:9"))
            let doctor = try await gone.run("doctor")
            #expect(doctor.output.contains("✗ engine http://127.0.0.1:9/v1: Nothing answers"), "\(doctor)")
            #expect(!doctor.output.contains("starts its own"))
        }

        @Test("A key is read from a file that nobody else can read, and a file that others can read is refused")
        func keyFile() async throws {
            let engine = try Self.locked("sk-file-1")
            defer { engine.stop() }
            let program = try Program(
                engine: "lab",
                configuration: "[engines.lab]\nurl = \"\(engine.url)\"\napi_key_file = \"~/lab.key\"\n")
            let file = program.home + "/lab.key"

            let missing = try await program.run("ask", "hello")
            #expect(missing.error.contains("wants an API key; set the key in ~/lab.key"), "\(missing)")
            try "sk-file-1\n".write(toFile: file, atomically: false, encoding: .utf8)
            chmod(file, 0o644)
            let open = try await program.run("ask", "hello")
            #expect(open.status == 1 && open.error.contains("run: chmod 600 \(file)"), "\(open)")
            chmod(file, 0o600)
            #expect(try await program.run("ask", "hello").output == "Unlocked.\n")
            try "sk-wrong\n".write(toFile: file, atomically: false, encoding: .utf8)
            let wrong = try await program.run("ask", "hello")
            #expect(wrong.error.contains("refuses the API key (HTTP 401); check ~/lab.key."), "\(wrong)")
            #expect(!wrong.error.contains("sk-wrong"))
        }

        @Test("The keyring is asked for a key when the configuration says so, and never otherwise")
        func keyring() async throws {
            let engine = try Self.locked("sk-ring-1")
            defer { engine.stop() }
            for asks in [true, false] {
                let program = try Program(
                    engine: "lab",
                    configuration: "[engines.lab]\nurl = \"\(engine.url)\"\napi_key_keyring = \(asks)\n")
                let (tool, mark) = (program.home + "/secret-tool", program.home + "/asked")
                try "#!/bin/sh\necho \"$*\" >> \(mark)\nprintf sk-ring-1\n"
                    .write(toFile: tool, atomically: false, encoding: .utf8)
                chmod(tool, 0o700)
                let path = program.home + ":" + (program.environment["PATH"] ?? "")
                let answer = try await program.run("ask", "hello", variables: ["PATH": path])
                let asked = try? String(contentsOfFile: mark, encoding: .utf8)

                #expect(answer.output == (asks ? "Unlocked.\n" : ""), "\(answer)")
                #expect(asked == (asks ? "lookup service scry engine lab\n" : nil))
            }
        }

        /// An engine that answers to a key, and to nobody else.
        private static func locked(_ key: String) throws -> ScriptedEngine {
            try ScriptedEngine { request in
                guard request["Authorization"] == "Bearer \(key)" else {
                    return .body(#"{"error":"Unauthorized"}"#, status: 401)
                }
                guard request.method == "POST" else {
                    return .body(#"{"data":[{"id":"tiny","owned_by":"vllm"}]}"#)
                }
                return .reply(answer: "Unlocked.")
            }
        }

        // MARK: - Sight

        /// An engine that does not say whether it sees; the reply tells of the pictures.
        private static func unsaid(_ reply: @escaping @Sendable (ChatCall) -> ScriptedEngine.Response) throws
            -> ScriptedEngine
        {
            try ScriptedEngine { request in
                guard request.method == "POST" else {
                    return request.path == "/v1/models"
                        ? .body(#"{"data":[{"id":"tiny","owned_by":"vllm","max_model_len":8192}]}"#)
                        : .body("{}", status: 404)
                }
                guard request.path == "/v1/chat/completions",
                    let json = try? JSONSerialization.jsonObject(with: Data(request.body)) as? [String: Any]
                else { return .body("{}", status: 404) }
                return reply(ChatCall(json: json, body: request.text))
            }
        }

        private static func colour(in picture: Data) -> String? {
            let pixels: [(String, [UInt8])] = [
                ("red", [0xE0, 0x10, 0x10]), ("green", [0x10, 0xA0, 0x20]), ("blue", [0x10, 0x30, 0xE0]),
            ]
            return pixels.first { picture.firstRange(of: Data($0.1 + $0.1 + $0.1)) != nil }?.0
        }

        @Test(
            "Whether an engine sees is found out at the first picture, remembered in a private file, and not asked again"
        )
        func provesSight() async throws {
            let engine = try Self.unsaid { call in
                .reply(answer: call.pictures.first.flatMap(Self.colour).map { "It is \($0)." } ?? "Nice picture.")
            }
            defer { engine.stop() }
            let program = try Program(engine: engine.url)
            let picture = Program.fixtures + "/media/red-circle.png"

            let answer = try await program.run("ask", "-a", picture, "what is this?")
            #expect(answer.output == "Nice picture.\n", "\(answer)")
            #expect(ChatCall.all(engine).count == 3)
            let memory = program.home + "/cache/scry/engines.json"
            let attributes = try FileManager.default.attributesOfItem(atPath: memory)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            _ = try await program.run("ask", "-a", picture, "and now?")
            #expect(ChatCall.all(engine).count == 4)
            let engines = try await program.run("engines", variables: ["SCRY_PROBE": engine.url])
            #expect(engines.output.contains("tiny: 8192 tokens, sees"), "\(engines)")
        }

        @Test("An engine that sees nothing is found out, and gets the text")
        func provesBlindness() async throws {
            let engine = try Self.unsaid { _ in .reply(answer: "I cannot tell.") }
            defer { engine.stop() }
            let program = try Program(engine: engine.url, configuration: "[engines.lab]\nurl = \"\(engine.url)\"\n")

            let answer = try await program.run("ask", "-a", Program.fixtures + "/media/red-circle.png", "what is this?")
            #expect(answer.error.contains("tiny cannot see: the text of the pictures was read"), "\(answer)")
            #expect(ChatCall.all(engine).count == 3)
            #expect(ChatCall.all(engine).last?.pictures.isEmpty == true)
        }

        @Test("The chat finds out as well, and goes on with the text of the pictures")
        func sightInTheChat() async throws {
            let engine = try Self.unsaid { _ in .reply(answer: "I cannot tell.") }
            defer { engine.stop() }
            let chat = try await Chat(try Program(engine: engine.url))
            defer { chat.close() }
            try await chat.wait(for: "tiny")
            try await chat.ask("/attach \(Program.fixtures)/media/red-circle.png")
            try await chat.wait(for: "red-circle.png [0-9]+×[0-9]+")
            try await chat.ask("what is this?")
            try await chat.wait(for: "I cannot tell\\.(.|\n)*tiny cannot see")
            #expect(ChatCall.all(engine).count == 3)
            #expect(ChatCall.all(engine).last?.pictures.isEmpty == true)
        }
    }
}
