import EngineHost
import Foundation
import TestSupport
import Testing

extension EndToEnd {
    @Suite("The engine commands", .timeLimit(.minutes(5)))
    struct EngineCommandTests {
        private static let tiny = Program.fixtures + "/tiny-glm41v/tiny-glm41v.gguf"
        private static let eyes = Program.fixtures + "/tiny-glm41v/tiny-glm41v-mmproj.gguf"

        /// A program whose own engine is installed already, where an earlier test has done that.
        private func program(variables: [String: String] = [:]) throws -> Program {
            let program = try Program(engine: nil, variables: variables)
            let files = FileManager.default
            try files.createDirectory(atPath: RealEngine.installation, withIntermediateDirectories: true)
            try files.createDirectory(atPath: program.home + "/data/scry", withIntermediateDirectories: true)
            try files.createSymbolicLink(
                atPath: program.home + "/data/scry/engine", withDestinationPath: RealEngine.installation)
            return program
        }

        @Test("start leaves an engine behind that ask finds; status describes it, stop ends it")
        func roundTrip() async throws {
            let program = try program()
            let none = try await program.run("engine", "stop")
            #expect(none.status == 0 && none.output == "Scry's own engine does not run.\n", "\(none.error)")
            let start = try await program.run(
                "engine", "start", "--model", Self.tiny, "--mmproj", Self.eyes, "--context", "2048", seconds: 200)
            #expect(start.status == 0, "\(start.error)")
            #expect(start.output.contains("tiny-glm41v, 2048 tokens, sees"), "\(start.output)")

            let status = try await program.run("engine", "status", "--json").json
            #expect(
                Set(status.keys) == [
                    "running", "ready", "kept", "pid", "owner", "model", "context", "url", "socket", "since",
                    "memory_bytes", "log", "models",
                ])
            #expect(status["running"] as? Bool == true && status["kept"] as? Bool == true)
            #expect(status["socket"] as? String == program.home + "/run/scry/engine.sock")
            #expect(try #require(status["memory_bytes"] as? Int) > 20_000_000)
            let engine = try #require(status["pid"] as? Int)

            let picture = Program.fixtures + "/media/red-circle.png"
            let answer = try await program.run(
                "ask", "-e", "own", "--no-think", "--temperature", "0", "-a", picture, "What color is it?")
            #expect(answer.status == 0 && answer.output.contains("red"), "\(answer.output)\(answer.error)")
            let again = try await program.run("engine", "start")
            #expect(again.status == 0 && again.output.contains("process  \(engine)"), "\(again.output)\(again.error)")
            for arguments in [["ask", "-e", "own", "-m", "smollm2", "hello"], ["engine", "start", "-m", "smollm2"]] {
                let other = try await program.shell(#""$scry" "# + arguments.joined(separator: " "))
                #expect(other.status == 3 && other.output.isEmpty)
                #expect(other.error.contains("runs with tiny-glm41v already"), "\(other.error)")
            }

            let stop = try await program.run("engine", "stop")
            #expect(stop.status == 0 && stop.output.contains("(process \(engine)) was stopped"), "\(stop.error)")
            #expect(kill(Int32(engine), 0) != 0)
            let owner = Int32(try #require(status["owner"] as? Int))
            try await eventually("the keeper's end") { kill(owner, 0) != 0 }
            #expect(try await program.run("engine", "status").output.contains("does not run"))
        }

        @Test("-m is honoured by Scry's own engine, and a model that is not here says how to get it")
        func model() async throws {
            let program = try program()
            let answer = try await program.run(
                "ask", "-e", "own", "-m", Self.tiny, "--no-think", "--temperature", "0", "--json", "Hello", seconds: 200
            )
            #expect(answer.status == 0, "\(answer.error)")
            #expect(answer.json["model"] as? String == "tiny-glm41v")
            let absent = try await program.run("ask", "-e", "own", "-m", "glm-4.6v-flash", "Hello")
            #expect(absent.status == 3 && absent.error.contains("scry engine fetch glm-4.6v-flash"), "\(absent.error)")
            let unreadable = try await program.run("engine", "start", "-m", "/no/such.gguf", seconds: 200)
            #expect(unreadable.status == 3 && unreadable.error.contains("/no/such.gguf cannot be read"))
            #expect(try await program.run("engine", "status", "--json").json["running"] as? Bool == false)
        }

        @Test("in the foreground the engine ends with Ctrl-C")
        func foreground() async throws {
            let program = try program()
            let run = try await program.run(
                "engine", "start", "--foreground", "-m", Self.tiny, interruptedAfter: "Ctrl-C ends it.", seconds: 200)
            #expect(run.status == 0 && run.output.contains("tiny-glm41v"), "\(run.error)")
            #expect(try await program.run("engine", "status", "--json").json["running"] as? Bool == false)
        }

        @Test("command lines are printed with their reasons, or it is said that the machine is too small")
        func printed() async throws {
            let program = try Program(engine: nil)
            let vllm = try await program.run(
                "engine", "start", "--kind", "vllm", "--model", "glm-4.6v", "--gpus", "4", "--gpu-memory", "80",
                "--print")
            #expect(vllm.status == 0 && vllm.output.contains("vllm serve zai-org/GLM-4.6V-FP8 \\\n"), "\(vllm.error)")
            #expect(vllm.output.contains("# --tensor-parallel-size 4 "))
            let own = try await program.run("engine", "start", "--print", "-m", "smollm2")
            #expect(own.status == 0 && own.output.contains("llama-server \\\n"), "\(own.error)")
            let small = try await program.run(
                "engine", "start", "--kind", "sglang", "--model", "glm-4.5v", "--gpus", "1", "--gpu-memory", "24",
                "--print")
            #expect(small.status == 3 && small.error.contains("glm-4.5v does not fit"), "\(small.error)")
            for odd in [["--gpus", "2"], ["--kind", "vllm", "--nodes", "2"], ["--port", "0"], ["--kind", "ollama"]] {
                let run = try await program.shell(#""$scry" engine start "# + odd.joined(separator: " "))
                #expect(run.status == 64, "\(odd): \(run.error)")
            }
        }

        @Test("vLLM is run and watched until it answers, and Ctrl-C stops it")
        func served() async throws {
            let port = try freePort()
            let program = try Program(engine: nil)
            let folder = program.home + "/bin"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            // It answers /health as vLLM does: with nothing, and not before it is ready.
            let script = """
                #!/usr/bin/env python3
                import http.server, sys
                print("INFO loading", sys.argv[2], flush=True)
                class Handler(http.server.BaseHTTPRequestHandler):
                    def log_message(self, *_): pass
                    def do_GET(self):
                        self.send_response(200)
                        self.send_header("Content-Length", "0")
                        self.end_headers()
                http.server.HTTPServer(("127.0.0.1", int(sys.argv[sys.argv.index("--port") + 1])), Handler).serve_forever()
                """
            try script.write(toFile: folder + "/vllm", atomically: true, encoding: .utf8)
            #expect(chmod(folder + "/vllm", 0o755) == 0)
            let run = try await program.run(
                "engine", "start", "--kind", "vllm", "--model", "zai-org/tiny", "--port", "\(port)",
                variables: ["PATH": folder + ":" + (program.environment["PATH"] ?? "")], interruptedAfter: "ready: tiny"
            )
            #expect(run.status == 0, "\(run.error)")
            #expect(run.output.contains("http://127.0.0.1:\(port)/v1") && run.error.contains("vLLM was stopped"))
            let log = try String(contentsOfFile: program.home + "/state/scry/vllm.log", encoding: .utf8)
            #expect(log.hasPrefix("INFO loading zai-org/tiny"))
            // Nobody listens there any more.
            let probe = try await program.run("ask", "-e", "http://127.0.0.1:\(port)/v1", "hello")
            #expect(probe.status == 3, "\(probe.error)")
        }

        private func freePort() throws -> Int {
            let engine = try ScriptedEngine.replying(.reply(answer: ""))
            defer { engine.stop() }
            return try #require(URL(string: engine.url)?.port)
        }
    }
}
