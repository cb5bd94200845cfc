import Foundation
import TestSupport
import Testing

extension EndToEnd {
    @Suite("Fetching models", .timeLimit(.minutes(3)))
    struct EngineFetchTests {
        /// A model hub on a free port: HEAD tells size and checksum, GET sends 3,000,000 bytes.
        ///
        /// The file "mode" beside it chooses what is wrong: slow, damaged, huge, norange or cut.
        private static let hub = """
            import hashlib, http.server, os, sys, time
            DATA = (bytes(range(251)) * 12_000)[:3_000_000]
            HERE = os.path.dirname(os.path.abspath(__file__))
            def mode():
                try: return open(HERE + "/mode").read().strip()
                except OSError: return ""
            class Handler(http.server.BaseHTTPRequestHandler):
                protocol_version = "HTTP/1.1"
                def log_message(self, *_): pass
                def do_HEAD(self):
                    digest = "0" * 64 if mode() == "damaged" else hashlib.sha256(DATA).hexdigest()
                    self.send_response(302)
                    self.send_header("Location", "http://127.0.0.1:1/nowhere")
                    self.send_header("X-Linked-Size", str(10**15 if mode() == "huge" else len(DATA)))
                    self.send_header("X-Linked-Etag", '"%s"' % digest)
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                def do_GET(self):
                    wanted = self.headers.get("Range")
                    open(HERE + "/asked", "a").write("%s %s\\n" % (self.path, wanted or "-"))
                    start = int(wanted[6:-1]) if wanted and mode() != "norange" else 0
                    body = DATA[start:]
                    self.send_response(206 if start else 200)
                    if start: self.send_header("Content-Range", "bytes %d-%d/%d" % (start, len(DATA) - 1, len(DATA)))
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    if mode() == "slow":
                        self.wfile.write(body[:1_000_000])
                        self.wfile.flush()
                        time.sleep(100)
                    if mode() == "cut" and len(body) > 100_000: body = body[:len(body) // 3]
                    self.wfile.write(body)
                    self.close_connection = True
            server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
            print(server.server_port, flush=True)
            server.serve_forever()
            """

        private struct Hub {
            let process: TestProcess
            let folder: String
            let url: String

            init() throws {
                folder = "/tmp/scry-e2e-hub-\(getpid())-\(UInt32.random(in: 0 ..< .max))"
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                try EngineFetchTests.hub.write(toFile: folder + "/hub.py", atomically: true, encoding: .utf8)
                process = try TestProcess("python3", [folder + "/hub.py"])
                url = "http://127.0.0.1:\(try #require(process.readLine()))"
            }

            func set(_ mode: String) throws {
                try mode.write(toFile: folder + "/mode", atomically: true, encoding: .utf8)
            }

            var asked: [Substring] {
                ((try? String(contentsOfFile: folder + "/asked", encoding: .utf8)) ?? "").split(separator: "\n")
            }

            func stop() {
                process.stop()
                try? FileManager.default.removeItem(atPath: folder)
            }
        }

        private static let weights = "SmolVLM2-500M-Video-Instruct-Q8_0.gguf"

        private func size(_ program: Program, _ file: String) -> Int {
            let path = program.home + "/data/scry/models/smolvlm2-500m/" + file
            return ((try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int) ?? 0
        }

        @Test("What there is, is listed with size, licence and what it needs; nothing is fetched without consent")
        func listing() async throws {
            let hub = try Hub()
            defer { hub.stop() }
            let program = try Program(engine: nil, variables: ["HF_ENDPOINT": hub.url])
            for arguments in [["engine", "fetch"], ["engine", "fetch", "glm", "--list"]] {
                let list = try await program.shell(#""$scry" "# + arguments.joined(separator: " "))
                #expect(list.status == 0 && list.error.isEmpty)
                #expect(list.output.contains("glm-4.6v-flash  ("))
                #expect(list.output.contains("7.1 GB, licence MIT, needs 17.2 GB of free memory"), "\(list.output)")
            }
            let silent = try await program.run("engine", "fetch", "smolvlm2-500m")
            #expect(silent.status == 64 && silent.output.isEmpty)
            #expect(silent.error.contains("licence  Apache-2.0") && silent.error.contains("--yes"), "\(silent.error)")
            #expect(hub.asked.isEmpty)
            let unknown = try await program.run("engine", "fetch", "--yes", "llava")
            #expect(unknown.status == 3 && unknown.error.contains("Scry has no model llava"), "\(unknown.error)")
            let nowhere = try await program.run(
                "engine", "fetch", "--yes", "smolvlm2-500m", variables: ["HF_ENDPOINT": "http://127.0.0.1:9"])
            #expect(nowhere.status == 1 && nowhere.error.contains("does not answer"), "\(nowhere.error)")
        }

        @Test("Ctrl-C keeps what came and exits with 130; the next time goes on there")
        func interrupted() async throws {
            let hub = try Hub()
            defer { hub.stop() }
            let program = try Program(engine: nil, variables: ["HF_ENDPOINT": hub.url])
            try hub.set("slow")
            // Standard output says nothing meanwhile: the part on the disk tells when to interrupt.
            async let run = program.shell(
                #"""
                set -m
                "$scry" engine fetch --yes smolvlm2-500m & fetch=$!
                part="$XDG_DATA_HOME/scry/models/smolvlm2-500m/SmolVLM2-500M-Video-Instruct-Q8_0.gguf.part"
                for _ in $(seq 600); do [ "$(stat -c %s "$part" 2>/dev/null)" = 1000000 ] && break; sleep 0.05; done
                kill -INT $fetch; wait $fetch
                """#)
            let interrupted = try await run
            #expect(interrupted.status == 130, "\(interrupted.error)")
            #expect(size(program, Self.weights + ".part") == 1_000_000 && size(program, Self.weights) == 0)
            let status = try await program.run("engine", "status")
            #expect(status.output.contains("not whole yet"), "\(status.output)")

            try hub.set("")
            let whole = try await program.run("engine", "fetch", "--yes", "smolvlm2-500m")
            #expect(whole.status == 0, "\(whole.error)")
            #expect(whole.output == "smolvlm2-500m is here; run it with: scry engine start --model smolvlm2-500m\n")
            #expect(
                hub.asked.contains(
                    "/ggml-org/SmolVLM2-500M-Video-Instruct-GGUF/resolve/main/\(Self.weights) bytes=1000000-"))
            #expect(size(program, Self.weights) == 3_000_000 && size(program, Self.weights + ".part") == 0)
            let again = try await program.run("engine", "fetch", "smolvlm2-500m")
            #expect(again.status == 0 && again.output == "smolvlm2-500m is here already.\n")
        }

        @Test("A damaged file is removed, a file too large for the disk never begun")
        func failures() async throws {
            let hub = try Hub()
            defer { hub.stop() }
            let program = try Program(engine: nil, variables: ["HF_ENDPOINT": hub.url])
            try hub.set("huge")
            let huge = try await program.run("engine", "fetch", "--yes", "smolvlm2-500m")
            #expect(huge.status == 1 && huge.error.contains("There is no room") && hub.asked.isEmpty, "\(huge.error)")
            try hub.set("damaged")
            let damaged = try await program.run("engine", "fetch", "--yes", "smolvlm2-500m")
            #expect(damaged.status == 1 && damaged.error.contains("its checksum is wrong"), "\(damaged.error)")
            #expect(size(program, Self.weights) == 0 && size(program, Self.weights + ".part") == 0)
        }

        @Test("A hub that cuts, or that knows no ranges, is put up with", arguments: ["cut", "norange"])
        func stubborn(mode: String) async throws {
            let hub = try Hub()
            defer { hub.stop() }
            let program = try Program(engine: nil, variables: ["HF_ENDPOINT": hub.url])
            try hub.set(mode)
            let run = try await program.run("engine", "fetch", "--yes", "smolvlm2-500m", seconds: 120)
            #expect(run.status == 0, "\(run.error)")
            #expect(size(program, Self.weights) == 3_000_000)
        }
    }
}
