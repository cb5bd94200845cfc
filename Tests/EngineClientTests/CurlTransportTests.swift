import Glibc
import TestSupport
import Testing

@testable import EngineClient

#if canImport(FoundationEssentials)
    import FoundationEssentials
#endif

@Suite struct CurlTransportTests {
    private func code(_ body: () async throws(TransportFailure) -> Void) async -> TransportFailure.Code? {
        do throws(TransportFailure) {
            try await body()
            return nil
        } catch {
            return error.code
        }
    }

    @Test("gets a status, headers and a body, and sends what it was given")
    func fetches() async throws {
        let engine = try ScriptedEngine { _ in .body("hello", status: 418, type: "text/plain", headers: ["X-Odd: a: b"])
        }
        defer { engine.stop() }
        let body = [UInt8]("{\"a\":\"\u{0}é\"}".utf8)

        let reply = try await CurlTransport().fetch(
            HTTPRequest(url: engine.url + "/x?y=1", headers: [("X-Key", "value")], body: body))

        #expect(reply.status == 418)
        #expect(reply.body == Array("hello".utf8))
        #expect(reply.head["x-odd"] == "a: b")
        let request = try #require(engine.requests.first)
        #expect(request.method == "POST" && request.path == "/v1/x?y=1")
        #expect(request["x-key"] == "value")
        #expect(request["Expect"] == nil)
        #expect(request.body == body)
    }

    @Test("posts megabytes")
    func largeBody() async throws {
        let engine = try ScriptedEngine { .body(String($0.body.count)) }
        defer { engine.stop() }
        let body = [UInt8](repeating: 0x61, count: 9_000_000)

        let reply = try await CurlTransport().fetch(
            HTTPRequest(url: engine.url, body: body, silenceTimeout: .seconds(20)))

        #expect(String(decoding: reply.body, as: UTF8.self) == "9000000")
    }

    @Test("goes through a unix socket")
    func unixSocket() async throws {
        let path = "/tmp/scry-test-\(UUID().uuidString.prefix(8)).sock"
        let engine = try ScriptedEngine(socket: path) { _ in .body("through the socket") }
        defer { engine.stop() }

        let reply = try await CurlTransport().get("http://localhost/v1/models", socket: path)

        #expect(String(decoding: reply.body, as: UTF8.self) == "through the socket")
        #expect(engine.requests.first?.path == "/v1/models")
        #expect(
            await code { () throws(TransportFailure) in
                _ = try await CurlTransport().get("http://localhost/", socket: "/tmp/scry-none.sock")
            } == .refused)
    }

    @Test("says what went wrong with a connection")
    func failures() async throws {
        let silent = try ScriptedEngine { _ in .init([.stall]) }
        let gone = try ScriptedEngine { _ in .init([.reset]) }
        let cut = try ScriptedEngine { _ in
            .init([.send(Array("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc".utf8))])
        }
        let other = try ScriptedEngine { _ in .init([.send(Array("SSH-2.0-OpenSSH\r\n".utf8))]) }
        let large = try ScriptedEngine { _ in .body(String(repeating: "x", count: 2000)) }
        let stopped = try ScriptedEngine { _ in .body("") }
        stopped.stop()
        defer { for engine in [silent, gone, cut, other, large] { engine.stop() } }
        let transport = CurlTransport()

        func failure(of request: HTTPRequest) async -> TransportFailure.Code? {
            await code { () throws(TransportFailure) in _ = try await transport.fetch(request, limit: 1000) }
        }

        #expect(await failure(of: HTTPRequest(url: stopped.url)) == .refused)
        #expect(await failure(of: HTTPRequest(url: silent.url, silenceTimeout: .milliseconds(60))) == .silent)
        #expect(await failure(of: HTTPRequest(url: silent.url, totalTimeout: .milliseconds(60))) == .silent)
        #expect(await failure(of: HTTPRequest(url: gone.url)) == .brokenOff)
        #expect(await failure(of: HTTPRequest(url: cut.url)) == .brokenOff)
        #expect(await failure(of: HTTPRequest(url: other.url)) == .notHTTP)
        #expect(await failure(of: HTTPRequest(url: large.url)) == .tooLarge)
        #expect(await failure(of: HTTPRequest(url: "gopher://127.0.0.1/")) == .badAddress)
        #expect(await failure(of: HTTPRequest(url: "http://[::1/")) == .badAddress)
        #expect(await failure(of: HTTPRequest(url: "http://no-such-host.invalid/")) == .unknownHost)
        #expect(await failure(of: HTTPRequest(url: stopped.url.replacing("http", with: "https"))) == .refused)
        #expect(await failure(of: HTTPRequest(url: large.url.replacing("http", with: "https"))) == .insecure)
    }

    @Test("a stream that keeps moving is not silent")
    func patience() async throws {
        let engine = try ScriptedEngine { _ in
            .events((0..<12).map { "\($0)" }, pause: .milliseconds(40), isDone: false)
        }
        defer { engine.stop() }

        let reply = try await CurlTransport().fetch(HTTPRequest(url: engine.url, silenceTimeout: .milliseconds(300)))

        #expect(reply.body.count > 100)
    }

    @Test("does not follow a redirect, so that the key stays where it was sent")
    func redirect() async throws {
        let elsewhere = try ScriptedEngine { _ in .body("caught") }
        let target = elsewhere.url
        let engine = try ScriptedEngine { _ in .body("", status: 307, headers: ["Location: \(target)"]) }
        defer {
            engine.stop()
            elsewhere.stop()
        }

        let reply = try await CurlTransport().fetch(
            HTTPRequest(url: engine.url, headers: [("Authorization", "Bearer k")], body: [1]))

        #expect(reply.status == 307)
        #expect(elsewhere.requests.isEmpty)
    }

    @Test("holds the sender back while nobody reads")
    func backPressure() async throws {
        let megabyte = [UInt8](repeating: 0x61, count: 1 << 20)
        let engine = try ScriptedEngine { _ in
            .init([.send(ScriptedEngine.Response.streamHead)] + (0..<64).map { _ in .send(megabyte) })
        }
        defer { engine.stop() }
        let exchange = try await CurlTransport().open(HTTPRequest(url: engine.url, silenceTimeout: .milliseconds(200)))

        // The sender comes to a standstill once the sockets' own buffers are full, far before the end.
        var before = -1
        var samples = 0
        #expect(
            await eventually {
                samples += 1
                guard samples % 50 == 0 else { return false }
                defer { before = engine.sentByteCount }
                return before > 0 && before == engine.sentByteCount
            })
        #expect(engine.sentByteCount < 24 << 20)

        // Standing still is no silence, and nothing is lost.
        var count = 0
        while let bytes = try await exchange.next() {
            count += bytes.count
            #expect(bytes.count <= CurlTransfer.highWater + 32 * 1024)
        }
        #expect(count == 64 << 20)
    }

    @Test("closes the connection when its task is cancelled, before and after the head")
    func cancellation() async throws {
        let engine = try ScriptedEngine { request in
            request.path.hasSuffix("/head")
                ? .init([.stall]) : .init([.send(ScriptedEngine.Response.streamHead), .stall])
        }
        defer { engine.stop() }
        let transport = CurlTransport()
        for (index, path) in ["/head", "/body"].enumerated() {
            let task = Task { () -> TransportFailure.Code? in
                await code { () throws(TransportFailure) in
                    _ = try await transport.fetch(HTTPRequest(url: engine.url + path))
                }
            }
            #expect(await eventually { engine.requests.count == index + 1 })

            task.cancel()

            #expect(await task.value == .cancelled)
            #expect(await eventually { engine.abandonedCount == index + 1 })
        }
    }

    @Test("closes the connection when the exchange is let go of")
    func dropping() async throws {
        let engine = try ScriptedEngine { _ in .init([.send(ScriptedEngine.Response.streamHead), .stall]) }
        defer { engine.stop() }
        let transport = CurlTransport()
        var exchange: HTTPExchange? = try await transport.open(HTTPRequest(url: engine.url))
        #expect(exchange?.head.status == 200)

        exchange = nil

        #expect(await eventually { engine.abandonedCount == 1 })
    }

    @Test("runs many transfers at once on its one thread")
    func concurrency() async throws {
        let engine = try ScriptedEngine { request in .events([request.path], pause: .milliseconds(20)) }
        defer { engine.stop() }
        let transport = CurlTransport()

        let bodies = try await withThrowingTaskGroup(of: String.self) { group in
            for index in 0..<40 {
                group.addTask {
                    let reply = try await transport.get(engine.url + "/\(index)")
                    return String(decoding: reply.body, as: UTF8.self)
                }
            }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }

        #expect(bodies == Set((0..<40).map { "data: /v1/\($0)\n\ndata: [DONE]\n\n" }))
    }

    private static func thread() -> UInt { UInt(pthread_self()) }

    /// The threads on which bytes were awaited and taken.
    private static func threads(_ transport: CurlTransport, _ url: String) async throws -> (Set<UInt>, String) {
        var threads = [thread()] as Set
        let exchange = try await transport.open(HTTPRequest(url: url))
        var body: [UInt8] = []
        while let bytes = try await exchange.next() {
            threads.insert(thread())
            body += bytes
        }
        return (threads, String(decoding: body, as: UTF8.self))
    }

    @Test("tasks that read run on the thread that moves the bytes, many at once")
    func executor() async throws {
        let engine = try ScriptedEngine { request in
            .events((0..<10).map { "\(request.path) \($0)" }, pause: .milliseconds(3))
        }
        defer { engine.stop() }
        let transport = CurlTransport()

        let found = try await withThrowingTaskGroup(of: (Set<UInt>, String).self) { group in
            for index in 0..<8 {
                group.addTask(executorPreference: transport.executor) {
                    try await Self.threads(transport, engine.url + "/\(index)")
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }

        #expect(found.reduce(into: Set<UInt>()) { $0.formUnion($1.0) }.count == 1, "one thread for all")
        #expect(Set(found.map(\.1)).count == 8)
        #expect(found.allSatisfy { $0.1.hasSuffix("9\n\ndata: [DONE]\n\n") })
    }

    @Test("what is cancelled on that thread lets go of its connection")
    func executorCancels() async throws {
        let engine = try ScriptedEngine { _ in .events(["one"], isDone: false, end: .stall) }
        defer { engine.stop() }
        let transport = CurlTransport()
        let task = Task(executorPreference: transport.executor) { try await Self.threads(transport, engine.url) }
        #expect(await eventually { engine.requests.count == 1 })

        task.cancel()

        #expect(
            await code { () throws(TransportFailure) in
                do { _ = try await task.value } catch { throw error as? TransportFailure ?? TransportFailure(.other) }
            } == .cancelled)
        #expect(await eventually { engine.abandonedCount == 1 })
    }

    @Test("tasks run elsewhere when the transport is gone")
    func executorOutlives() async {
        let executor = CurlTransport().executor
        let sum = await withTaskExecutorPreference(executor) { await Self.sum(3) }
        #expect(sum == 6)
    }

    private static func sum(_ count: Int) async -> Int {
        await Task.yield()
        return count == 0 ? 0 : count + (await sum(count - 1))
    }
}
