import Conversation
import Synchronization
import TestSupport
import Testing

@testable import EngineClient

#if canImport(FoundationEssentials)
    import FoundationEssentials
#endif

@Suite struct RetryTests {
    private let quick = RetryPolicy(limit: 3, firstPause: .milliseconds(20), loadingTime: .seconds(20))

    /// An engine that gives some answers in turn, and the last one for ever.
    private func engine(_ responses: ScriptedEngine.Response...) throws -> ScriptedEngine {
        let turn = Mutex(0)
        return try ScriptedEngine { _ in
            let index = turn.withLock { turn in
                defer { turn += 1 }
                return turn
            }
            return responses[min(index, responses.count - 1)]
        }
    }

    @Test(
        "asks again what was refused before a word was said",
        arguments: [
            (429, "{}", "the engine has too many requests"), (502, "", "the engine is not ready (HTTP 502)"),
            (503, "", "the engine is not ready (HTTP 503)"), (504, "", "the engine is not ready (HTTP 504)"),
            (503, #"{"error":{"message":"Loading model"}}"#, "the engine is loading its model"),
        ])
    func asksAgain(status: Int, body: String, reason: String) async throws {
        let refusal = ScriptedEngine.Response.body(body, status: status)
        let engine = try engine(refusal, refusal, .reply(answer: "Paris."))
        defer { engine.stop() }
        let limits = ReplyLimits()

        let (said, deltas, failure) = await Faults.ask(
            Faults.client(url: engine.url, limits: limits, retries: quick))

        #expect(failure == nil)
        #expect(said.answer == "Paris.")
        #expect(engine.requests.count == 3)
        #expect(
            Array(deltas.prefix(2)) == [
                .retrying(attempt: 1, after: 0.02, because: reason),
                .retrying(attempt: 2, after: 0.04, because: reason),
            ])
    }

    @Test("waits for an engine that is being restarted") func restarted() async throws {
        let path = "/tmp/scry-test-\(UUID().uuidString.prefix(8)).sock"
        let client = Faults.client(
            url: "http://localhost/v1", socket: path, limits: ReplyLimits(),
            retries: RetryPolicy(limit: 50, firstPause: .milliseconds(20), longestPause: .milliseconds(50)))
        var started: ScriptedEngine?
        var answer = ""
        for try await delta in client.reply(to: Faults.request) {
            switch delta {
            case .retrying(_, _, let reason):
                #expect(reason == "nothing answers at the socket \(path)")
                if started == nil { started = try ScriptedEngine(socket: path) { _ in .reply(answer: "Back.") } }
            case .answer(let text): answer += text
            default: break
            }
        }
        started?.stop()

        #expect(answer == "Back.")
    }

    @Test(
        "asks once where asking again cannot help, or a word was said",
        arguments: [
            .body("", status: 400), .body("", status: 401), .body("", status: 404), .body("", status: 422),
            .body("", status: 500), .init([.reset]), .events([Faults.delta("Par")], isDone: false),
            .events([#"{"error":{"message":"Loading model"}}"#]), .init([.send(ScriptedEngine.Response.streamHead)]),
        ] as [ScriptedEngine.Response])
    func asksOnce(response: ScriptedEngine.Response) async throws {
        let engine = try engine(response)
        defer { engine.stop() }

        let (said, _, failure) = await Faults.ask(Faults.client(url: engine.url, retries: quick))

        #expect(failure != nil && said.retries == 0)
        #expect(engine.requests.count == 1)
    }

    @Test("gives up after a number of times, with the engine's last refusal") func givesUp() async throws {
        let engine = try engine(.body("", status: 503))
        defer { engine.stop() }

        let (said, _, failure) = await Faults.ask(Faults.client(url: engine.url, retries: quick))

        #expect(said.retries == 3)
        #expect(engine.requests.count == 4)
        #expect(failure?.kind == .engineError)
    }

    @Test("does not wait for an engine that wants to be left alone for an hour") func longWait() async throws {
        let engine = try engine(.body("", status: 429, headers: ["Retry-After: 3600"]))
        defer { engine.stop() }

        let (said, _, failure) = await Faults.ask(Faults.client(url: engine.url, retries: quick))

        #expect(said.retries == 0)
        #expect(failure?.message == "The engine has too many requests; try again in 3600 seconds.")
    }

    @Test("ends at once when it is cancelled in a pause") func cancelled() async throws {
        let engine = try engine(.body("", status: 503))
        defer { engine.stop() }
        let client = Faults.client(
            url: engine.url, retries: RetryPolicy(firstPause: .seconds(30), longestPause: .seconds(30)))
        let (signal, continuation) = AsyncStream.makeStream(of: Void.self)
        let begun = ContinuousClock.now
        let task = Task {
            for try await _ in client.reply(to: Faults.request) { continuation.yield() }
        }
        for await _ in signal { break }

        task.cancel()
        try await task.value

        #expect(ContinuousClock.now - begun < .seconds(28))
        #expect(engine.requests.count == 1)
    }

    // MARK: - The count

    @Test("doubles its pauses up to the longest, within the limits") func pauses() {
        let start = ContinuousClock.now
        var retries = Retries(policy: RetryPolicy(), at: start)
        let soon = RetryChance.soon(because: "")
        let all = (0..<6).map { _ in retries.pause(for: soon, at: start) }
        #expect(all == [.milliseconds(500), .seconds(1), .seconds(2), .seconds(4), .seconds(8), nil])

        var late = Retries(policy: RetryPolicy(), at: start)
        #expect(late.pause(for: soon, at: start + .seconds(60)) == nil)
        #expect(late.pause(for: .after(.seconds(7), because: ""), at: start) == .seconds(7))
        #expect(late.pause(for: .after(.zero, because: ""), at: start) == .seconds(1))
        #expect(late.pause(for: .after(.seconds(61), because: ""), at: start) == nil)

        var loading = Retries(policy: RetryPolicy(), at: start)
        for _ in 0..<70 { #expect(loading.pause(for: .loading(because: ""), at: start + .seconds(300)) != nil) }
        #expect(loading.pause(for: .loading(because: ""), at: start + .seconds(599)) == nil)
    }

    @Test(
        "reads when to come back",
        arguments: [
            ("5", nil, 5), (" 0 ", nil, 0), ("-1", nil, nil), ("99999999999999999999", nil, nil), ("soon", nil, nil),
            ("Wed, 01 Mar 2028 00:00:00 GMT", "Tue, 29 Feb 2028 23:59:00 GMT", 60),
            ("Sat, 01 Jan 2028 00:00:05 GMT", "Fri, 31 Dec 2027 23:59:59 GMT", 6),
            ("Sat, 01 Jan 2028 00:00:05 GMT", nil, nil),
            ("Fri, 31 Dec 2027 00:00:00 GMT", "Sat, 01 Jan 2028 00:00:05 GMT", nil),
        ] as [(String, String?, Int?)])
    func retryAfter(value: String, date: String?, seconds: Int?) {
        #expect(RetryAfter.duration(value, date: date) == seconds.map { .seconds($0) })
    }
}
