import Foundation
import Glibc
import Synchronization
import Testing

@testable import EngineHost

/// A stand-in for vLLM on the search path: what Scry does around an engine does not depend on its weights.
@Suite(.timeLimit(.minutes(1)))
struct ServedEngineTests {
    private static let server = """
        import http.server, sys, time
        print("loading", *sys.argv[1:], flush=True)
        port = int(sys.argv[sys.argv.index("--port") + 1])
        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *_): pass
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()
        http.server.HTTPServer(("127.0.0.1", port), Handler).serve_forever()
        """

    private func engine(_ bench: Workbench) throws -> (engine: ServedEngine, port: UInt16) {
        let port = try #require(try EngineEndpoint.freePort().port)
        let command = try ClusterCommand(ClusterCommand.Wish(kind: .vllm, model: "/models/tiny", port: port), on: nil)
        return (try #require(ServedEngine(command, kind: .vllm, directories: bench.directories)), port)
    }

    @Test("an engine is watched until it answers, its words are kept, and cancelling ends it")
    func ready() async throws {
        let bench = try Workbench()
        try PrivateFile.write(Array(Self.server.utf8), to: bench.path + "/server.py")
        let directory = try bench.program("vllm", "exec python3 \(bench.path)/server.py \"$@\"")
        let (engine, port) = try engine(bench)
        let events = AsyncStream<ServedEngine.Event>.makeStream()
        let task = Task {
            defer { events.continuation.finish() }
            try await engine.run(searchPath: directory + ":" + Workbench.searchPath) { events.continuation.yield($0) }
        }
        var process: Int32 = 0
        for await event in events.stream {
            if case .launched(let identifier) = event { process = identifier }
            if event == .ready { break }
        }
        #expect(isAlive(process))
        let said = try String(contentsOfFile: engine.log, encoding: .utf8)
        #expect(said.hasPrefix("loading serve /models/tiny --served-model-name tiny"))
        // Its port is taken now, and that is said before a second one is launched.
        let second = await #expect(throws: EngineHostFailure.self) {
            try await engine.run(searchPath: directory) { _ in }
        }
        #expect(second?.message.contains("port \(port)") == true)
        task.cancel()
        await #expect(throws: EngineHostFailure.self) { try await task.value }
        #expect(await eventually { !isAlive(process) })
    }

    @Test("an engine that gives up says why, and one that is missing what to do")
    func failures() async throws {
        let bench = try Workbench()
        let directory = try bench.program("vllm", "echo 'ValueError: no such model'; exit 3")
        let (engine, _) = try engine(bench)
        let failure = await #expect(throws: EngineHostFailure.self) {
            try await engine.run(searchPath: directory + ":" + Workbench.searchPath) { _ in }
        }
        #expect(failure?.message.contains("status 3") == true && failure?.message.contains("no such model") == true)
        let missing = await #expect(throws: EngineHostFailure.self) {
            try await engine.run(searchPath: bench.path) { _ in }
        }
        #expect(missing?.message.hasPrefix("vLLM is not on your PATH") == true)
    }
}
