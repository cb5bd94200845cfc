import Foundation
import Synchronization
import Testing

@testable import EngineHost

@Suite(.timeLimit(.minutes(1)))
struct ModelFetcherTests {
    /// 3,000,000 bytes that the hub below can compute, too.
    private static let size = 3_000_000

    /// A hub on a free port.
    ///
    /// Paths: /NAME/slow never ends, /NAME/cut breaks off after a third of what is missing, /NAME/norange ignores ranges,
    /// /NAME/dead announces a size and sends nothing, /NAME/gone is not there, /NAME/linked redirects as the hub does.
    private static let hub = """
        import hashlib, http.server, sys
        DATA = (bytes(range(251)) * 12_000)[:3_000_000]
        SUM = hashlib.sha256(DATA).hexdigest()
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def log_message(self, *_): pass
            def do_HEAD(self):
                if self.path.endswith("linked"):
                    self.send_response(302)
                    self.send_header("Location", "http://127.0.0.1:1/nowhere")
                    self.send_header("X-Linked-Size", str(len(DATA)))
                    self.send_header("X-Linked-Etag", '"%s"' % SUM)
                    self.send_header("Content-Length", "0")
                else:
                    self.send_response(404 if self.path.endswith("gone") else 200)
                    self.send_header("Content-Length", str(len(DATA)))
                self.end_headers()
            def do_GET(self):
                wanted = self.headers.get("Range")
                print(self.path, wanted or "-", flush=True)
                if self.path.endswith("gone"):
                    self.send_error(404)
                    return
                start = int(wanted[6:-1]) if wanted and not self.path.endswith("norange") else 0
                if start >= len(DATA):
                    self.send_response(416)
                    self.send_header("Content-Range", "bytes */%d" % len(DATA))
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                body = DATA[start:]
                self.send_response(206 if start else 200)
                if start: self.send_header("Content-Range", "bytes %d-%d/%d" % (start, len(DATA) - 1, len(DATA)))
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.path.endswith("dead"): body = b""
                if self.path.endswith("slow"):
                    self.wfile.write(body[:1_000_000])
                    self.wfile.flush()
                    __import__("time").sleep(100)
                if self.path.endswith("cut") and len(body) > 100_000: body = body[:len(body) // 3]
                self.wfile.write(body)
                self.close_connection = True
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        print(server.server_port, SUM, flush=True)
        server.serve_forever()
        """

    /// Runs the hub while `body` runs; passes its address, the true checksum and what it was asked so far.
    private func withHub(
        _ bench: Workbench, _ body: (String, String, @Sendable () -> [String]) async throws -> Void
    ) async throws {
        try PrivateFile.write(Array(Self.hub.utf8), to: bench.path + "/hub.py")
        let said = LineCollector()
        let task = Task {
            try await GuardedChild.run(["python3", bench.path + "/hub.py"], output: .lines { said.add($0) })
        }
        defer { task.cancel() }
        try #require(await eventually { !said.lines.isEmpty })
        let facts = said.lines[0].split(separator: " ").map(String.init)
        try await body("http://127.0.0.1:\(facts[0])", facts[1]) { Array(said.lines.dropFirst()) }
        task.cancel()
        _ = await task.result
    }

    private func fetcher(_ bench: Workbench, _ report: @escaping EngineHostProgress.Report = { _ in }) throws
        -> ModelFetcher
    {
        try PrivateFile.write(PackageResources.engine_py, to: bench.path + "/engine.py")
        return ModelFetcher(
            python: try Python.system(searchPath: Workbench.searchPath).path, launcher: bench.path + "/engine.py",
            report: report, pause: 0.01)
    }

    private func offer(_ urls: [(String, String?)]) -> ModelOffer {
        var offer = ModelOffer(HubModel.all[2], hub: "http://127.0.0.1:1")
        offer.files = urls.enumerated().map { index, file in
            ModelOffer.File(url: file.0, name: "file\(index).gguf", bytes: Self.size, sha256: file.1)
        }
        offer.bytes = Self.size * urls.count
        return offer
    }

    private static let data = Data((0..<size).map { UInt8($0 % 251) })

    @Test("a download that is cut again and again goes on where it was, and arrives whole")
    func cut() async throws {
        let bench = try Workbench()
        let reports = Mutex<[EngineHostProgress]>([])
        try await withHub(bench) { url, sum, asked in
            let fetcher = try fetcher(bench) { step in reports.withLock { $0.append(step) } }
            try await fetcher.fetch(offer([(url + "/a/cut", sum), (url + "/b", sum)]), into: bench.path + "/m")
            #expect(asked().filter { $0.hasPrefix("/a/cut") }.count > 3)
            #expect(asked().contains("/a/cut bytes=1000000-"))
        }
        for name in ["file0.gguf", "file1.gguf"] {
            #expect(FileManager.default.contents(atPath: bench.path + "/m/" + name) == Self.data)
        }
        let last = reports.withLock { $0.last }
        #expect(last?.bytesDone == 2 * Self.size && last?.fraction == 1)
        let done = reports.withLock { $0.compactMap(\.bytesDone) }
        #expect(done == done.sorted() && done.count > 3)
    }

    @Test(
        "what an earlier run left is used, also by a hub that starts again from the beginning",
        arguments: ["", "/norange"])
    func resumed(path: String) async throws {
        let bench = try Workbench()
        try await withHub(bench) { url, sum, asked in
            try PrivateFile.makeDirectory(bench.path + "/m")
            try Self.data.prefix(2_000_000).write(to: URL(fileURLWithPath: bench.path + "/m/file0.gguf.part"))
            try await fetcher(bench).fetch(offer([(url + "/a" + path, sum)]), into: bench.path + "/m")
            #expect(asked() == ["/a\(path) bytes=2000000-"])
        }
        #expect(FileManager.default.contents(atPath: bench.path + "/m/file0.gguf") == Self.data)
    }

    @Test("a part that is already whole is not fetched again")
    func wholePart() async throws {
        let bench = try Workbench()
        try await withHub(bench) { url, sum, _ in
            try PrivateFile.makeDirectory(bench.path + "/m")
            try Self.data.write(to: URL(fileURLWithPath: bench.path + "/m/file0.gguf.part"))
            try await fetcher(bench).fetch(offer([(url + "/a", sum)]), into: bench.path + "/m")
        }
        #expect(FileManager.default.contents(atPath: bench.path + "/m/file0.gguf") == Self.data)
    }

    @Test("a wrong checksum, a missing file and a dead connection are said, and leave no model behind")
    func failures() async throws {
        let bench = try Workbench()
        let wrong = String(repeating: "0", count: 64)
        try await withHub(bench) { url, sum, _ in
            for (path, sum, why) in [
                ("/a", wrong, "the file is damaged: its checksum is wrong"),
                ("/a/gone", sum, "the server answered with status 404"),
                ("/a/dead", sum, "the connection kept breaking off"),
            ] {
                let failure = await #expect(throws: EngineHostFailure.self) {
                    try await fetcher(bench).fetch(offer([(url + path, sum)]), into: bench.path + "/m")
                }
                #expect(
                    failure?.kind == .fetchFailed && failure?.message.contains(why) == true,
                    "\(path): \(failure as Any)")
                #expect(failure?.message.contains(path == "/a" ? "was removed" : "is kept") == true)
                #expect(!FileManager.default.fileExists(atPath: bench.path + "/m/file0.gguf"))
            }
        }
    }

    @Test("the hub's word on sizes and checksums counts, and a silent hub is no hub")
    func confirmed() async throws {
        let bench = try Workbench()
        try await withHub(bench) { url, sum, _ in
            var asked = offer([(url + "/a/linked", nil), (url + "/b", nil)])
            asked.files[0].bytes = 5
            let confirmed = try #require(try await fetcher(bench).confirmed(asked))
            #expect(confirmed.files.map(\.sha256) == [sum, nil])
            #expect(confirmed.bytes == 2 * Self.size)
            #expect(try await fetcher(bench).confirmed(offer([(url + "/a/gone", nil)])) == nil)
        }
        #expect(try await fetcher(bench).confirmed(offer([("http://127.0.0.1:1/x", nil)])) == nil)
    }

    @Test("cancelling ends a download at once, keeps what came, and the next one goes on there")
    func cancelled() async throws {
        let bench = try Workbench()
        try await withHub(bench) { url, sum, asked in
            let arrived = AsyncStream<Void>.makeStream()
            let slow = offer([(url + "/a/slow", sum)])
            let task = Task {
                try await fetcher(bench) { if ($0.bytesDone ?? 0) > 0 { arrived.continuation.yield() } }
                    .fetch(slow, into: bench.path + "/m")
            }
            for await _ in arrived.stream { break }
            let part = bench.path + "/m/file0.gguf.part"
            try #require(await eventually { ModelStore.size(part) == 1_000_000 })
            let start = ContinuousClock.now
            task.cancel()
            let failure = await #expect(throws: EngineHostFailure.self) { try await task.value }
            #expect(failure?.kind == .stopped && failure?.message.contains("what came is kept") == true)
            #expect(ContinuousClock.now - start < .seconds(10))
            #expect(ModelStore.size(part) == 1_000_000)
            try await fetcher(bench).fetch(offer([(url + "/a", sum)]), into: bench.path + "/m")
            #expect(asked().last == "/a bytes=1000000-")
        }
        #expect(FileManager.default.contents(atPath: bench.path + "/m/file0.gguf") == Self.data)
    }

    @Test("a model that does not fit onto the disk is refused before anything is fetched")
    func room() throws {
        let bench = try Workbench()
        var offer = offer([("http://127.0.0.1:1/x", nil)])
        offer.bytes = 5_000_000_000
        let host = bench.host()
        let failure = #expect(throws: EngineHostFailure.self) { try host.checkRoom(for: offer, free: 5_100_000_000) }
        #expect(
            failure?.message.contains("5.0 GB are to come") == true && failure?.message.contains("5.1 GB left") == true)
        try host.checkRoom(for: offer, free: 6_000_000_000)
        // What is here already need not come again.
        offer.bytesHere = 4_900_000_000
        try host.checkRoom(for: offer, free: 400_000_000)
    }

    @Test("two programs do not fetch the same model at once")
    func locked() async throws {
        let bench = try Workbench()
        try PrivateFile.makeDirectory(bench.path + "/m")
        let lock = try #require(try FileLock.take(bench.path + "/m/fetch.lock"))
        let failure = await #expect(throws: EngineHostFailure.self) {
            try await fetcher(bench).fetch(offer([]), into: bench.path + "/m")
        }
        #expect(failure?.message.hasPrefix("Another Scry is fetching") == true)
        withExtendedLifetime(lock) {}
    }
}
